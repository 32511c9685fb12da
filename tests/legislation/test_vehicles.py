"""Promise: a request goes as far as its vehicles carry it, and no vehicle can end it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.errors import AppError, InvalidError
from app.legislation.domain import (
    TRANSITIONS,
    AmendVehicle,
    Course,
    Dossier,
    Flag,
    LegislativeRequest,
    RawAction,
    RecordVehicle,
    RecordVehicleActions,
    State,
    Vehicle,
    WithdrawVehicleAction,
    apply_to_vehicle,
    course_of_vehicle,
    decide_vehicle,
    pending,
)
from app.legislation.errors import (
    ActionNotFoundError,
    AlreadyWithdrawnError,
    IllegalTransitionError,
    VehicleNotFoundError,
    VersionMovedError,
)
from tests.legislation.build import TODAY, action, after, new_uuid, recorded

FIRST = date(2023, 10, 1)


def vehicle(*actions: RawAction, **fields: Any) -> Vehicle:
    """A bill of the 118th Congress after these actions."""
    values = {"vehicle_id": new_uuid(), "jurisdiction": "US", "session": "118", **fields}
    command = RecordVehicle(identifier="H.R. 815", actions=list(actions), **values)
    return decide_vehicle(None, command, TODAY).vehicle


def then(bill: Vehicle, *actions: RawAction) -> Vehicle:
    """The bill after further actions."""
    command = RecordVehicleActions(vehicle_id=bill.id, actions=list(actions))
    return decide_vehicle(bill, command, TODAY).vehicle


def link(bill: Vehicle, became: str | None = None, **fields: Any) -> dict[str, Any]:
    """The link of a request to a bill; each has an identifier of its own."""
    name = {"jurisdiction": "US", "session": "118", "identifier": f"H.R. {bill.id.int}"}
    return {**name, "vehicle_id": str(bill.id), "became_vehicle_on": became, **fields}


def course(request: LegislativeRequest, *bills: Vehicle, known_on: date | None = None) -> Course:
    return Course(request, {bill.id: bill for bill in bills}, known_on=known_on)


def state_on(request: LegislativeRequest, day: str, *bills: Vehicle) -> State | None:
    return course(request, *bills).state_on(date.fromisoformat(day))


def refusals(given: pytest.ExceptionInfo[InvalidError]) -> list[tuple[str, str]]:
    return [(finding.pointer, finding.code) for finding in given.value.findings]


# --------------------------------------------------------------------------------- the bill itself


def test_an_action_before_the_vehicle_existed_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidError) as caught:
        vehicle(
            action("2023-02-02", "floor"),
            action("2023-02-01", "in_committee"),
            introduced_on="2023-02-02",
        )
    assert refusals(caught) == [("/actions/1/on", "date-order")]


def test_a_vehicle_is_not_introduced_after_what_happened_to_it() -> None:
    bill = vehicle(action("2023-02-02", "floor"))
    command = AmendVehicle(vehicle_id=bill.id, changes={"introduced_on": "2023-02-03"}, reason="so")
    with pytest.raises(InvalidError) as caught:
        decide_vehicle(bill, command, TODAY)
    assert refusals(caught) == [("/introduced_on", "contradicts-action")]


def test_an_illegal_step_of_a_vehicle_is_refused_and_names_its_action() -> None:
    bill = vehicle(action("2023-02-02", "rejected"))
    late = action("2023-03-01", "floor")
    with pytest.raises(IllegalTransitionError) as caught:
        then(bill, late)
    facts = caught.value.facts
    assert (facts["from"], facts["to"], facts["allowed"]) == ("rejected", "floor", [])
    assert (facts["action"], facts["on"]) == (str(late.action_id), "2023-03-01")


def test_a_vehicle_dies_by_mistake_and_comes_back_when_that_is_withdrawn() -> None:
    bill = vehicle(action("2023-02-02", "floor"), action("2023-03-01", "rejected"))
    command = WithdrawVehicleAction(
        vehicle_id=bill.id, action_id=bill.actions[1].id, reason="It was tabled."
    )
    alive = decide_vehicle(bill, command, TODAY).vehicle
    assert (course_of_vehicle(bill)[0], course_of_vehicle(alive)[0]) == (
        State.REJECTED,
        State.FLOOR,
    )
    with pytest.raises(AlreadyWithdrawnError):
        decide_vehicle(alive, command, TODAY)


def test_what_is_not_there_cannot_be_changed() -> None:
    bill = vehicle()
    unknown = WithdrawVehicleAction(vehicle_id=bill.id, action_id=new_uuid(), reason="so")
    with pytest.raises(ActionNotFoundError):
        decide_vehicle(bill, unknown, TODAY)
    with pytest.raises(VehicleNotFoundError):
        decide_vehicle(None, unknown, TODAY)
    moved = RecordVehicleActions(vehicle_id=bill.id, expected_version=7, actions=[])
    with pytest.raises(VersionMovedError):
        decide_vehicle(bill, moved, TODAY)


# ------------------------------------------------------------------------- what it does to requests


@pytest.mark.parametrize("end", [one for one in State if one.is_terminal and one != "enacted"])
def test_a_vehicle_that_dies_never_kills_the_request(end: State) -> None:
    bill = vehicle(action("2023-11-02", "floor"), action("2023-12-06", end.value))
    request = recorded(vehicles=[link(bill)])
    assert state_on(request, "2023-12-05", bill) is State.FLOOR
    assert state_on(request, "2023-12-06", bill) is State.SUBMITTED
    assert [row.minor for row in pending([Dossier(request, {bill.id: bill})], TODAY)] == [10_000]


def test_an_older_bill_counts_only_from_the_day_on_which_it_became_the_vehicle() -> None:
    # As H.R. 2471, a bill on Haiti that had passed both chambers in January when Ukraine was not asked for yet.
    bill = vehicle(
        action("2023-06-29", "passed_one"),
        action("2023-09-13", "reconciling"),
        action("2024-03-10", "passed"),
        introduced_on="2023-04-13",
    )
    request = recorded(vehicles=[link(bill, "2024-03-09")])
    assert state_on(request, "2023-10-20", bill) is State.SUBMITTED
    assert state_on(request, "2024-03-09", bill) is State.SUBMITTED
    assert state_on(request, "2024-03-10", bill) is State.PASSED


def test_a_step_on_the_very_day_of_the_request_is_of_the_old_text() -> None:
    # As H.R. 2617, which passed the Senate in its old text on the day of the request of November 2022.
    bill = vehicle(action("2023-10-20", "passed_one"), action("2023-12-22", "reconciling"))
    request = recorded(vehicles=[link(bill, "2023-12-19")])
    assert state_on(request, "2023-10-20", bill) is State.SUBMITTED
    assert state_on(request, "2023-12-22", bill) is State.RECONCILING


def test_a_vehicle_that_was_folded_leaves_the_request_with_the_other_one() -> None:
    # As H.R. 8035, whose text went into H.R. 815 on 20 April 2024.
    folded = vehicle(action("2024-04-20", "passed_one"), action("2024-04-20", "folded"))
    host = vehicle(action("2024-02-13", "reconciling"), action("2024-04-24", "enacted"))
    request = recorded(vehicles=[link(folded, "2024-04-17"), link(host, "2023-12-05")])
    assert course_of_vehicle(folded)[0] is State.FOLDED
    assert state_on(request, "2024-04-23", folded, host) is State.RECONCILING
    assert state_on(request, "2024-04-24", folded, host) is State.ENACTED
    assert course(request, folded, host).days_pending(None) == 187


def test_a_bill_counts_no_more_from_the_day_on_which_the_request_left_it() -> None:
    bill = vehicle(action("2023-11-02", "floor"))
    request = recorded(vehicles=[link(bill, ceased_on="2023-11-10")])
    assert state_on(request, "2023-11-09", bill) is State.FLOOR
    assert state_on(request, "2023-11-10", bill) is State.SUBMITTED
    assert course(request, bill).state is State.SUBMITTED


@pytest.mark.parametrize(
    ("role", "state"),
    [
        ("primary", State.ENACTED),
        ("alternate", State.ENACTED),
        ("host", State.ENACTED),
        ("companion", State.SUBMITTED),
        ("partial", State.SUBMITTED),
    ],
)
def test_a_law_settles_the_request_where_it_is_more_than_a_part_of_it(
    role: str, state: State
) -> None:
    bill = vehicle(action("2023-11-02", "enacted"))
    assert state_on(recorded(vehicles=[link(bill, role=role)]), "2023-11-02", bill) is state


def test_one_vehicle_carries_two_requests() -> None:
    bill = vehicle(action("2023-11-02", "passed"))
    one = recorded(vehicles=[link(bill)])
    other = recorded(requested_on="2023-11-01", vehicles=[link(bill, "2023-11-03")])
    assert state_on(one, "2023-11-05", bill) is State.PASSED
    assert state_on(other, "2023-11-05", bill) is State.SUBMITTED


def test_what_ended_the_request_by_name_stands_above_its_vehicles() -> None:
    bill = vehicle(action("2023-11-02", "floor"), action("2023-12-02", "enacted"))
    request = after(recorded(vehicles=[link(bill)]), action("2023-11-20", "withdrawn"))
    assert state_on(request, "2023-12-02", bill) is State.WITHDRAWN


def test_cloture_that_failed_and_was_then_invoked_clears_the_block() -> None:
    failed = {"name": "blocked", "change": "set"}
    invoked = {"name": "blocked", "change": "cleared"}
    bill = vehicle(
        action("2023-12-06", "floor", flag=failed, vote={"yes": 49, "no": 51}),
        action("2024-02-07", "floor", flag=failed, vote={"yes": 49, "no": 50}),
        action("2024-02-08", "floor", flag=invoked, vote={"yes": 67, "no": 32}),
    )
    told = course(recorded(vehicles=[link(bill, "2023-12-05")]), bill)
    assert told.flags_on(date(2023, 12, 31)) == (Flag.BLOCKED,)
    assert told.flags_on(date(2024, 2, 7)) == (Flag.BLOCKED,)
    assert (told.flags_on(date(2024, 2, 8)), told.state) == ((), State.FLOOR)


def test_a_confidential_decision_is_there_once_it_is_published() -> None:
    # As a Danish aktstykke that was agreed on 18 August 2023 and published on the 21st.
    bill = vehicle(action("2023-08-18", "enacted", known_on="2023-08-21"))
    request = recorded(requested_on="2023-08-17", published_on="2023-08-21", vehicles=[link(bill)])
    dossier = Dossier(request, {bill.id: bill})
    day = date(2023, 8, 19)
    assert dossier.state_on(day, day) is None
    assert dossier.state_on(day, date(2023, 8, 21)) is State.ENACTED
    assert dossier.state_on(day) is State.ENACTED


# ------------------------------------------------------------------------------------- a naive replay

DAYS = st.integers(0, 400).map(lambda number: FIRST + timedelta(days=number))


@dataclass(frozen=True)
class Told:
    """What a test says of a vehicle: role, first and last day, and steps of day, state and day of publication."""

    role: str
    became: date
    ceased: date | None
    steps: list[tuple[date, State, date | None]]


STEPS = st.lists(st.tuples(DAYS, st.sampled_from(State), st.none() | DAYS), max_size=6)
VEHICLES = st.lists(
    st.builds(
        lambda role, became, length, steps: Told(
            role, became, None if length is None else became + timedelta(days=length), steps
        ),
        st.sampled_from(["primary", "alternate", "companion", "partial", "host"]),
        DAYS,
        st.none() | st.integers(0, 200),
        STEPS,
    ),
    max_size=3,
)


def taken(steps: list[tuple[date, State, date | None]]) -> list[tuple[date, State, date | None]]:
    """Those of the steps that follow one another in time and by the published table."""
    told: list[tuple[date, State, date | None]] = []
    for day, state, known in steps:
        before = told[-1] if told else None
        legal = before is None or (
            before[0] < day
            and (state in TRANSITIONS[before[1]] or (state is before[1] and TRANSITIONS[state]))
        )
        if legal:
            told.append((day, state, known))
    return told


def build(
    told: list[Told], own: list[tuple[date, State, date | None]]
) -> tuple[Any, list[Vehicle]]:
    """The request and its vehicles."""
    bills = [
        vehicle(
            *(
                action(day.isoformat(), state.value, known_on=known and known.isoformat())
                for day, state, known in one.steps
            )
        )
        for one in told
    ]
    links = [
        link(
            bill,
            one.became.isoformat(),
            role=one.role,
            ceased_on=one.ceased and one.ceased.isoformat(),
        )
        for bill, one in zip(bills, told, strict=True)
    ]
    actions = [
        action(day.isoformat(), state.value, known_on=known and known.isoformat())
        for day, state, known in own
    ]
    return recorded(requested_on="2023-10-01", vehicles=links, actions=actions, state=None), bills


def last_state(
    steps: list[tuple[date, State, date | None]], first: date, day: date, known: date | None
) -> State | None:
    """The state that the last of the steps said that counts by a day and was known by another."""
    states = [
        state
        for when, state, public in steps
        if first <= when <= day and (known is None or public is None or public <= known)
    ]
    return states[-1] if states else None


def naive_state(
    told: list[Told],
    own: list[tuple[date, State, date | None]],
    day: date,
    known: date | None,
) -> State | None:
    """The derivation once more, as the notes on the research have it."""
    own_state = last_state(own, FIRST, day, known)
    # First: what was done to the request by name; second: what of it is law.
    if own_state is not None and (not TRANSITIONS[own_state] or own_state is State.PARTLY_ENACTED):
        return own_state
    live: list[State] = [] if own_state is None else [own_state]
    for one in told:
        over = one.ceased is not None and one.ceased <= day
        until = one.ceased - timedelta(days=1) if over and one.ceased else day
        state = last_state(one.steps, one.became, min(day, until), known)
        if state is State.ENACTED and one.role not in {"companion", "partial"}:
            return State.ENACTED
        # Third: the furthest of those that live; one that died says nothing.
        if state is not None and TRANSITIONS[state] and not over:
            live.append(state)
    return max(live, key=list(State).index, default=None)


@settings(deadline=None)
@given(VEHICLES, STEPS, DAYS, st.none() | DAYS)
def test_the_state_at_a_day_and_as_known_at_a_day_equals_a_naive_replay(
    told: list[Told],
    own: list[tuple[date, State, date | None]],
    day: date,
    known: date | None,
) -> None:
    told = [Told(one.role, one.became, one.ceased, taken(one.steps)) for one in told]
    own = taken([(FIRST, State.SUBMITTED, None), *own])
    request, bills = build(told, own)
    expected = naive_state(told, own, day, known)
    assert course(request, *bills, known_on=known).state_on(day) is expected


@settings(deadline=None)
@given(VEHICLES, DAYS)
def test_no_vehicle_ends_a_request_but_by_becoming_law(told: list[Told], day: date) -> None:
    told = [Told(one.role, one.became, one.ceased, taken(one.steps)) for one in told]
    request, bills = build(told, [(FIRST, State.SUBMITTED, None)])
    state = course(request, *bills).state_on(day)
    assert state is State.ENACTED or (state is not None and state.is_active)


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("act"), STEPS),
        st.tuples(st.just("withdraw"), st.integers(0, 12)),
        st.tuples(st.just("amend"), st.text("abc", max_size=3)),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(CHANGES)
def test_replaying_all_entries_gives_the_current_vehicle(changes: list[tuple[str, Any]]) -> None:
    command = RecordVehicle(vehicle_id=new_uuid(), jurisdiction="US", identifier="H.R. 815")
    change = decide_vehicle(None, command, TODAY)
    entries = [change]
    for what, given_ in changes:
        with suppress(AppError):
            change = decide_vehicle(change.vehicle, _command(change.vehicle, what, given_), TODAY)
            entries.append(change)
    replayed: Vehicle | None = None
    for entry in entries:
        replayed = apply_to_vehicle(replayed, entry.kind, entry.data)
    assert replayed == change.vehicle
    assert change.vehicle.version == len(entries)


def _command(bill: Vehicle, what: str, given_: Any) -> Any:
    match what:
        case "act":
            actions = [action(day.isoformat(), state.value) for day, state, _ in given_]
            return RecordVehicleActions(vehicle_id=bill.id, actions=actions)
        case "withdraw":
            ids = [one.id for one in bill.actions] or [new_uuid()]
            which = ids[given_ % len(ids)]
            return WithdrawVehicleAction(vehicle_id=bill.id, action_id=which, reason="so")
        case _:
            changes: Mapping[str, Any] = {"title": given_}
            return AmendVehicle(vehicle_id=bill.id, changes=changes, reason="so")
