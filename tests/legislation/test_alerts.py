"""Promise: an alert stands for one cause, from a day to a day, and nothing ahead of the day asked for has a say."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.legislation.domain import (
    Dossier,
    LegislativeRequest,
    RecordDependency,
    RecordEnactment,
    RecordVehicle,
    State,
    Vehicle,
    age,
    decide,
    decide_vehicle,
)
from app.legislation.domain.alerts import (
    SEVERITY,
    Alert,
    AlertQuery,
    Ceased,
    Rule,
    Severity,
    alerts,
    page,
)
from tests.legislation.build import TODAY, action, after, change, line, new_uuid, recorded
from tests.legislation.seed import read_seed, to_command
from tests.legislation.test_properties import DATES, STEPS, tell

SET = {"name": "text_replaced", "change": "set"}
CLEARED = {"name": "text_replaced", "change": "cleared"}


def day(text: str) -> date:
    return date.fromisoformat(text)


def found(
    request: LegislativeRequest, rule: Rule, on: str = "2026-11-22", *vehicles: Vehicle
) -> list[Alert]:
    """The alerts of one rule, the oldest first."""
    dossier = Dossier(request, {one.id: one for one in vehicles})
    return [one for one in reversed(alerts([dossier], day(on))) if one.rule is rule]


def days(told: list[Alert]) -> list[tuple[str, str | None]]:
    return [(str(one.began), str(one.ceased) if one.ceased else None) for one in told]


def riding(session_ends_on: str, *actions: Any, **link: Any) -> tuple[LegislativeRequest, Vehicle]:
    """A request of 20 October 2023 that rides on a bill from the same day on."""
    recording = RecordVehicle(
        vehicle_id=new_uuid(),
        jurisdiction="US",
        session="118",
        identifier="H.R. 815",
        session_ends_on=session_ends_on,
        actions=list(actions),
    )
    vehicle = decide_vehicle(None, recording, TODAY).vehicle
    name = {"jurisdiction": "US", "session": "118", "identifier": "H.R. 815"}
    links = [{**name, "vehicle_id": vehicle.id, "became_vehicle_on": "2023-10-20", **link}]
    return recorded(vehicles=links), vehicle


def waiting(request: LegislativeRequest, **fields: Any) -> LegislativeRequest:
    command = RecordDependency(
        request_id=request.id, dependency_id=new_uuid(), pledge_id=UUID(int=7), **fields
    )
    return change(request, command)


# Worked out by hand from the dates of the published history. A state may be silent for 30 days when submitted,
# passed by one body or reconciled, 14 on the floor, 10 when passed, 90 when enacted in part; the alert stands
# from the day after, until the next action of substance.
SILENCES = {
    "US-2022-03": [],
    "US-2022-04": [],
    "US-2022-09": [],
    "US-2022-11": [("2022-12-16", "2022-12-22")],
    "US-2023-08": [("2023-09-10", "2023-09-28")],
    "US-2023-10": [
        ("2023-11-24", "2023-12-06"),
        ("2023-12-21", "2024-02-05"),
        ("2024-03-15", "2024-04-17"),
    ],
    "KR-2023-08": [("2023-09-29", "2023-12-21")],
    "NL-2025-12": [("2026-03-09", None)],
    "DK-2023-03": [],
    "SE-2022-11": [],
}


def test_the_real_histories_were_silent_when_the_calendar_says_so() -> None:
    requests = {raw["id"]: decide(None, to_command(raw), TODAY).request for raw in read_seed()}
    told = {name: days(found(requests[name], Rule.NO_ACTION)) for name in SILENCES}
    assert told == SILENCES


def test_the_text_of_the_real_bill_was_replaced_until_it_became_law() -> None:
    [raw] = [one for one in read_seed() if one["id"] == "US-2023-10"]
    request = decide(None, to_command(raw), TODAY).request
    [replaced] = found(request, Rule.TEXT_REPLACED)
    assert days([replaced]) == [("2024-02-12", "2024-04-24")]
    assert replaced.sentence == "The text of H.R. 815 was replaced on 2024-02-12."
    assert found(request, Rule.TEXT_REPLACED, "2024-02-11") == []


def test_a_silence_is_told_on_the_day_after_it_is_too_long_and_not_before() -> None:
    request = recorded()  # submitted on 20 October: 30 days later it is 19 November
    assert found(request, Rule.NO_ACTION, "2023-11-19") == []
    [alert] = found(request, Rule.NO_ACTION, "2023-11-20")
    assert (str(alert.began), alert.ceased, alert.state) == ("2023-11-20", None, State.SUBMITTED)
    assert alert.severity is Severity.WARNING
    assert alert.sentence == (
        "No substantive action for more than 30 days while it is submitted; the last was on 2023-10-20."
    )


def test_what_only_files_a_paper_ends_no_silence_and_a_step_ahead_neither() -> None:
    request = recorded()
    [before] = found(request, Rule.NO_ACTION, "2023-12-15")
    request = after(request, action("2023-12-01", substantive=False, text="A co-sponsor"))
    request = after(request, action("2026-12-24", text="Hearing"))
    assert found(request, Rule.NO_ACTION, "2023-12-15") == [
        Alert(
            id=before.id,
            rule=before.rule,
            request=request,
            cause=before.cause,
            state=before.state,
            sentence=before.sentence,
            began=before.began,
            ceased=None,
        )
    ]


def test_a_second_silence_is_another_cause() -> None:
    request = after(recorded(), action("2023-12-01", "in_committee"))
    first, second = found(request, Rule.NO_ACTION, "2024-06-01")
    assert days([first, second]) == [("2023-11-20", "2023-12-01"), ("2024-01-16", None)]
    assert first.id != second.id


def test_a_request_that_is_only_announced_or_over_is_not_watched() -> None:
    announced = recorded(requested_on=None, announced_on="2023-03-15", period="2023")
    over = after(recorded(), action("2023-10-25", "enacted"))
    assert alerts([Dossier(announced), Dossier(over)], TODAY) == []


def test_a_period_is_told_thirty_days_before_it_ends_until_something_is_decided() -> None:
    request = recorded(period="2023-10-01/2023-12-31")
    assert found(request, Rule.PERIOD_ENDS, "2023-11-30") == []
    request = after(request, action("2024-01-10", "enacted"))
    [alert] = found(request, Rule.PERIOD_ENDS)
    assert days([alert]) == [("2023-12-01", "2024-01-10")]
    assert (
        alert.sentence == "The period that is asked for ends on 2023-12-31, and nothing is decided."
    )


def test_a_period_that_is_nearly_over_when_the_request_is_made_is_told_at_once() -> None:
    assert days(found(recorded(period="2023-10"), Rule.PERIOD_ENDS)) == [("2023-10-20", None)]


def test_a_session_is_told_for_as_long_as_its_vehicle_carries_the_request() -> None:
    request, vehicle = riding("2025-01-03")
    [alert] = found(request, Rule.SESSION_ENDS, "2025-02-01", vehicle)
    # 3 January less thirty days.
    assert (days([alert]), alert.severity) == ([("2024-12-04", None)], Severity.URGENT)
    assert alert.sentence == (
        "The session of US/118/H.R. 815 ends on 2025-01-03, and nothing is decided."
    )
    lapsing = action("2025-01-03", "lapsed")
    request, vehicle = riding("2025-01-03", lapsing)
    [alert] = found(request, Rule.SESSION_ENDS, "2025-02-01", vehicle)
    assert days([alert]) == [("2024-12-04", "2025-01-03")]
    request, vehicle = riding("2025-01-03", ceased_on="2024-06-01")
    assert found(request, Rule.SESSION_ENDS, "2025-02-01", vehicle) == []


CLAIMS: list[tuple[str, str, bool]] = [
    ("102.00", "exact", False),  # two per cent, and not over it
    ("102.01", "exact", True),
    ("97.99", "about", True),
    ("40.00", "at_least", False),  # true of 100
    ("103.00", "at_least", True),
    ("150.00", "up_to", False),
    ("90.00", "up_to", True),
]


@pytest.mark.parametrize(("amount", "bound", "differs"), CLAIMS)
def test_sources_that_differ_by_over_two_per_cent_are_told(
    amount: str, bound: str, differs: bool
) -> None:
    claims = [
        {"amount": "100.00", "preferred": True, "reason": "The letter."},
        {"amount": amount, "bound": bound, "preferred": False, "reason": "The press."},
    ]
    request = recorded(lines=[{**line(None), "amount": None, "label": "Arms", "claims": claims}])
    told = found(request, Rule.CLAIMS_DIFFER)
    assert days(told) == ([("2023-10-20", None)] if differs else [])
    if differs:
        assert told[0].sentence == f"Sources give USD {amount} for Arms; USD 100.00 is counted."


def test_parts_over_their_envelope_are_told_and_not_refused() -> None:
    def asking(*parts: str) -> LegislativeRequest:
        whole = line("75.00", key="frame", amount_kind="envelope", label="Frame")
        return recorded(lines=[whole, *(line(one, parent="frame") for one in parts)])

    assert found(asking("50.00", "25.00"), Rule.ENVELOPE_OVERRUN) == []
    [alert] = found(asking("50.00", "25.01"), Rule.ENVELOPE_OVERRUN)
    assert alert.sentence == "The parts of Frame come to USD 75.01; USD 75.00 is asked for."


def test_a_text_that_is_replaced_again_is_told_again() -> None:
    request = after(
        recorded(),
        action("2023-11-01", flag=SET),
        action("2023-11-10", flag=SET),
        action("2023-11-20", flag=CLEARED),
    )
    told = found(request, Rule.TEXT_REPLACED)
    assert days(told) == [("2023-11-01", "2023-11-10"), ("2023-11-10", "2023-11-20")]
    assert len({one.id for one in told}) == 2


def test_a_pledge_that_is_due_first_is_told_until_its_line_is_decided() -> None:
    request = recorded(lines=[line(key="arms"), line("50.00", key="food")])
    whole, arms = (
        waiting(request, due_on="2024-02-15"),
        waiting(request, line="arms", due_on="2024-02"),
    )
    # Thirty days before 15 and 29 February.
    assert days(found(whole, Rule.DEPENDENT_DUE)) == [("2024-01-16", None)]
    assert days(found(arms, Rule.DEPENDENT_DUE)) == [("2024-01-30", None)]
    law = RecordEnactment(
        request_id=arms.id,
        enactment_id=new_uuid(),
        action_id=new_uuid(),
        on="2024-02-10",
        lines=[{"line": "arms", "amount": "100.00", "component": "military"}],
        closes=False,
    )
    arms = change(arms, law)
    [alert] = found(arms, Rule.DEPENDENT_DUE)
    assert (days([alert]), alert.state) == ([("2024-01-30", "2024-02-10")], State.PARTLY_ENACTED)
    assert alert.cause["pledge_id"] == str(UUID(int=7))


def test_what_the_public_did_not_know_is_not_told() -> None:
    request = recorded(published_on="2024-01-01")
    known = [alerts([Dossier(request)], TODAY, day(one)) for one in ("2023-12-31", "2024-01-01")]
    assert [len(told) for told in known] == [0, 1]


def test_every_rule_has_a_severity() -> None:
    assert set(SEVERITY) == set(Rule)


def test_alerts_are_chosen_and_paged() -> None:
    one = after(recorded(), action("2023-12-01", "in_committee"))
    told = alerts([Dossier(one)], TODAY)
    assert [alert.began for alert in told] == sorted((one.began for one in told), reverse=True)

    def chosen(**fields: Any) -> int:
        query = AlertQuery(on=TODAY, known_on=None, **fields)
        return sum(map(query.admits, told))

    assert [chosen(ceased=one) for one in Ceased] == [1, 1, 2]
    assert chosen(ceased=Ceased.ANY, rules=(Rule.PERIOD_ENDS,)) == 0
    assert chosen(ceased=Ceased.ANY, states=(State.IN_COMMITTEE,)) == 2
    first, behind = page(told, (), 1)
    assert behind is not None
    assert (first, page(told, behind, 1)) == (told[:1], (told[1:], None))


FLAGS = st.sampled_from([None, SET, CLEARED])
WATCHED = st.tuples(STEPS, st.none() | DATES, st.none() | DATES, FLAGS)
DAYS = st.integers(0, 700).map(lambda number: date(2023, 9, 1) + timedelta(days=number))


def build(watched: tuple[Any, ...]) -> Dossier:
    """A request with whatever happened to it, a period, and a pledge that waits for it."""
    steps, period, due, flag = watched
    request = tell(steps, period=period)
    if flag:
        request = after(request, action("2023-12-01", flag=flag))
    return Dossier(waiting(request, due_on=due))


@given(WATCHED, DAYS)
def test_no_alert_concerns_a_day_later_than_the_one_asked_for(
    watched: tuple[Any, ...], on: date
) -> None:
    dossier = build(watched)
    told = alerts([dossier], on)
    for alert in told:
        assert alert.began <= on
        assert alert.ceased is None or alert.began < alert.ceased <= on
    # Nor does it depend on one: without the actions that lie ahead it is the same.
    kept = [one.action.id for one in dossier.course().steps if one.day <= on]
    ids = {alert.cause.get("action_id") for alert in told} - {None}
    assert ids <= set(map(str, kept))


@given(WATCHED, DAYS)
def test_asking_twice_gives_the_same_alerts_and_no_id_twice(
    watched: tuple[Any, ...], on: date
) -> None:
    dossier = build(watched)
    told = alerts([dossier], on)
    assert alerts([dossier], on) == told
    assert len({alert.id for alert in told}) == len(told)


@given(WATCHED, DAYS, st.integers(0, 400))
def test_an_alert_keeps_its_id_and_its_first_day_from_day_to_day(
    watched: tuple[Any, ...], on: date, more: int
) -> None:
    dossier, later = build(watched), on + timedelta(days=more)
    then = {alert.id: alert for alert in alerts([dossier], later)}
    for alert in alerts([dossier], on):
        same = then[alert.id]
        assert (same.rule, same.cause, same.sentence) == (alert.rule, alert.cause, alert.sentence)
        assert same.began == alert.began
        assert same.ceased == alert.ceased or (alert.ceased is None and (same.ceased or later) > on)


@given(STEPS, DAYS)
def test_a_request_is_dormant_exactly_while_its_silence_is_told(
    steps: list[tuple[str, State | None]], on: date
) -> None:
    dossier = Dossier(tell(steps))
    told = [one for one in alerts([dossier], on) if one.rule is Rule.NO_ACTION]
    assert age(dossier.course(), on).dormant == any(one.ceased is None for one in told)
