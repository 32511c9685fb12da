"""Promise: a request can be told as it happened, and nothing else is taken."""

from typing import Any

import pytest

from app.kernel.errors import InvalidError
from app.legislation.domain import (
    AmendLegislativeRequest,
    Course,
    LegislativeRequest,
    State,
    WithdrawAction,
    WithdrawLegislativeRequest,
    decide,
    read_record,
    request_record,
)
from app.legislation.errors import (
    ActionNotFoundError,
    AlreadyWithdrawnError,
    IllegalTransitionError,
    LegislativeRequestNotFoundError,
    VersionMovedError,
)
from tests.legislation.build import TODAY, action, after, change, line, recorded, recording


def amend(request: LegislativeRequest, **changes: Any) -> LegislativeRequest:
    command = AmendLegislativeRequest(request_id=request.id, changes=changes, reason="so it was")
    return change(request, command)


def withdraw(request: LegislativeRequest, index: int) -> LegislativeRequest:
    command = WithdrawAction(
        request_id=request.id, action_id=request.actions[index].id, reason="wrong bill"
    )
    return change(request, command)


def findings(refused: pytest.ExceptionInfo[InvalidError]) -> list[tuple[str, str]]:
    return [(finding.pointer, finding.code) for finding in refused.value.findings]


def test_a_request_with_a_date_is_submitted_on_it() -> None:
    [opening] = recorded().actions
    assert (opening.state, opening.on.first.isoformat()) == (State.SUBMITTED, "2023-10-20")


def test_a_request_that_was_only_announced_is_announced() -> None:
    [opening] = recorded(requested_on=None, announced_on="2023-08-07").actions
    assert (opening.state, opening.on.first.isoformat()) == (State.ANNOUNCED, "2023-08-07")


def test_a_request_may_be_recorded_in_any_state_with_its_date() -> None:
    request = recorded(requested_on=None, state="enacted", state_on="2022-11-17")
    assert Course(request).state is State.ENACTED
    assert not request.actions[0].opening


def test_a_request_may_be_recorded_with_its_whole_past() -> None:
    request = recorded(actions=[action("2023-10-20", "submitted"), action("2024-04-24", "enacted")])
    assert [one.state for one in request.actions] == [State.SUBMITTED, State.ENACTED]


def test_a_request_without_any_date_is_refused() -> None:
    with pytest.raises(InvalidError) as refused:
        recorded(requested_on=None)
    assert findings(refused) == [("/requested_on", "date-required")]


def test_what_is_wrong_is_named_all_at_once_with_its_place() -> None:
    with pytest.raises(InvalidError) as refused:
        recorded(
            donor="UA",
            title=" ",
            kind="bill",
            reference="pending",
            requested_on="2023-13",
            state="dead",
            lines=[line("1.234"), line("0", component="arms")],
            vehicles=[{"identifier": " "}],
            actions=[action("2023-10-20", "lost", vote={"yes": -1})],
        )
    assert set(findings(refused)) == {
        ("/donor", "donor-is-recipient"),
        ("/title", "blank"),
        ("/kind", "unknown-value"),
        ("/reference", "invalid-reference"),
        ("/requested_on", "invalid-date"),
        ("/state", "unknown-value"),
        ("/lines/0/amount", "too-many-decimals"),
        ("/lines/1/amount", "zero-amount"),
        ("/lines/1/component", "unknown-value"),
        ("/vehicles/0/identifier", "blank"),
        ("/actions/0/state", "unknown-value"),
        ("/actions/0/vote/yes", "out-of-range"),
    }


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"requested_on": "2026-11-24"}, "/requested_on", "date-in-future"),
        ({"published_on": "2026-12"}, "/published_on", "date-in-future"),
        ({"lines": [line(enacted_on="2026-11-24")]}, "/lines/0/enacted_on", "date-in-future"),
        ({"announced_on": "2023-11-01"}, "/requested_on", "date-order"),
        ({"state": "floor", "state_on": "2023-10-19"}, "/state_on", "date-order"),
        ({"actions": [action("2023-10-19", "submitted")]}, "/actions/0/on", "date-order"),
        ({"actions": [action("2023-10-20", text=None)]}, "/actions/0", "empty-action"),
        (
            {"actions": [action("2023-10-20", "floor")], "state_on": "2023-10-20"},
            "/state_on",
            "state-required",
        ),
        ({"currency": "usd"}, "/currency", "unknown-currency"),
        ({"lines": [line()] * 201}, "/lines", "too-many"),
    ],
)
def test_a_request_that_cannot_be_so_is_refused(
    fields: dict[str, Any], pointer: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        recorded(**fields)
    assert (pointer, code) in findings(refused)


def test_an_action_more_than_a_day_ahead_is_refused() -> None:
    with pytest.raises(InvalidError) as refused:
        after(recorded(), action("2026-11-24", "floor"))
    assert findings(refused) == [("/on", "date-in-future")]
    assert Course(after(recorded(), action("2026-11-23", "floor"))).state is State.FLOOR


def test_a_step_before_the_request_is_refused_and_a_mere_event_is_not() -> None:
    with pytest.raises(InvalidError) as refused:
        after(recorded(), action("2023-10-19", "floor"))
    assert findings(refused) == [("/on", "date-order")]
    assert len(after(recorded(), action("2023-10-19")).actions) == 2


def test_an_announcement_may_lie_before_the_request_but_nothing_before_the_announcement() -> None:
    request = after(recorded(), action("2023-10-01", "announced"))
    assert Course(request).state is State.SUBMITTED
    with pytest.raises(InvalidError):
        after(recorded(announced_on="2023-10-02"), action("2023-10-01", "announced"))


def test_an_illegal_step_is_refused_with_what_would_be_legal() -> None:
    request = after(recorded(), action("2024-04-23", "passed"))
    step = action("2024-05-01", "in_committee")
    with pytest.raises(IllegalTransitionError) as refused:
        after(request, step)
    assert refused.value.facts == {
        "action": str(step.action_id),
        "on": "2024-05-01",
        "from": "passed",
        "to": "in_committee",
        "allowed": ["reconciling", "vetoed", "enacted", "partly_enacted", "rejected", "lapsed"],
    }


def test_a_final_state_is_left_only_by_withdrawing_what_caused_it() -> None:
    request = after(recorded(), action("2024-04-24", "enacted"))
    with pytest.raises(IllegalTransitionError):
        after(request, action("2024-05-01", "vetoed"))
    freed = withdraw(request, 1)
    assert Course(freed).state is State.SUBMITTED
    assert Course(after(freed, action("2024-05-01", "floor"))).state is State.FLOOR


def test_an_earlier_step_is_refused_where_a_later_one_could_not_follow_it() -> None:
    request = after(recorded(), action("2024-04-23", "passed"))
    with pytest.raises(IllegalTransitionError) as refused:
        after(request, action("2024-01-01", "rejected"))
    assert refused.value.facts["from"] == "rejected"


def test_a_step_that_a_later_one_needs_is_not_withdrawn() -> None:
    request = after(recorded(), action("2024-04-23", "passed"), action("2024-04-25", "vetoed"))
    with pytest.raises(IllegalTransitionError):
        withdraw(request, 1)
    again = after(request, action("2024-04-24", "passed"))
    assert Course(withdraw(again, 1)).state is State.VETOED


def test_a_withdrawn_action_stays_on_record_and_cannot_be_withdrawn_again() -> None:
    request = withdraw(after(recorded(), action("2023-11-09", "floor")), 1)
    assert [one.withdrawn for one in request.actions] == [False, True]
    with pytest.raises(AlreadyWithdrawnError):
        withdraw(request, 1)


def test_a_withdrawn_request_changes_no_more() -> None:
    request = recorded()
    gone = change(
        request, WithdrawLegislativeRequest(request_id=request.id, reason="recorded twice")
    )
    assert gone.withdrawn
    with pytest.raises(AlreadyWithdrawnError):
        amend(gone, title="Another")


def test_a_request_that_does_not_exist_cannot_be_changed() -> None:
    request = recorded()
    command = WithdrawLegislativeRequest(request_id=request.id, reason="so")
    with pytest.raises(LegislativeRequestNotFoundError):
        decide(None, command, TODAY)
    with pytest.raises(ActionNotFoundError):
        decide(
            request,
            WithdrawAction(request_id=request.id, action_id=request.id, reason="so"),
            TODAY,
        )


def test_a_change_based_on_an_old_version_is_refused() -> None:
    request = amend(recorded(), title="Second")
    command = AmendLegislativeRequest(
        request_id=request.id, changes={"title": "Third"}, reason="so", expected_version=1
    )
    with pytest.raises(VersionMovedError):
        decide(request, command, TODAY)


def test_amending_needs_a_reason_and_a_change() -> None:
    request = recorded()
    with pytest.raises(InvalidError) as refused:
        amend(request, title=request.title)
    assert findings(refused) == [("", "nothing-changed")]
    with pytest.raises(InvalidError) as refused:
        decide(
            request,
            AmendLegislativeRequest(request_id=request.id, changes={"title": "T"}, reason=" "),
            TODAY,
        )
    assert findings(refused) == [("/reason", "blank")]


def test_lines_are_replaced_as_a_whole() -> None:
    request = amend(recorded(), lines=[line("61.40"), line(None)])
    assert [one.amount for one in request.lines] == [6140, None]


def test_the_opening_follows_an_amended_date_of_request() -> None:
    request = amend(recorded(), requested_on="2023-10-21")
    assert request.actions[0].on == request.requested


def test_a_date_of_request_behind_its_own_actions_is_refused() -> None:
    request = after(recorded(), action("2023-11-09", "floor"))
    with pytest.raises(InvalidError) as refused:
        amend(request, requested_on="2023-11-10")
    assert findings(refused) == [("/requested_on", "contradicts-action")]


def test_a_record_reads_back_as_it_was_written() -> None:
    request = after(
        recorded(
            lines=[line("1.00", enacted_on="2023-11", label="Line")],
            vehicles=[{"identifier": "H.R. 815", "became_vehicle_on": "2023-11-09"}],
            sources=[{"url": "https://www.congress.gov/a", "kind": "official"}],
            published_on="2023-10-21",
        ),
        action(
            "2023-12-06",
            "floor",
            flag={"name": "blocked", "change": "set"},
            vote={"yes": 49, "no": 51, "roll": 332},
        ),
    )
    assert read_record(request_record(request)) == request


def test_a_new_request_gets_no_reference_by_itself() -> None:
    with pytest.raises(InvalidError) as refused:
        decide(None, recording(reference=None), TODAY)
    assert findings(refused) == [("/reference", "invalid-reference")]
