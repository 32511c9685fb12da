"""Promise: a pledge is conditional until all that it waits for is law, and never by what is only hoped for."""

from typing import Any
from uuid import UUID

import pytest

from app.legislation.domain import (
    AmendEnactedLine,
    Condition,
    Dossier,
    LegislativeRequest,
    Outcome,
    RecordDependency,
    RecordEnactment,
    RecordRelation,
    State,
    WithdrawDependency,
    WithdrawLegislativeRequest,
    conditions,
    endings,
)
from tests.legislation.build import action, after, change, line, new_uuid, recorded

PLEDGE = new_uuid()
A, B = line("60.00", key="a"), line("40.00", key="b")


def awaited(lines: list[dict[str, Any]] | None = None, **fields: Any) -> LegislativeRequest:
    """A request of two lines that the pledge waits for, or for what ``fields`` name of it."""
    return depend(recorded(lines=lines or [A, B]), **fields)


def depend(request: LegislativeRequest, **fields: Any) -> LegislativeRequest:
    command = RecordDependency(
        request_id=request.id, dependency_id=new_uuid(), pledge_id=PLEDGE, **fields
    )
    return change(request, command)


def enact(request: LegislativeRequest, *lines: dict[str, Any], **fields: Any) -> LegislativeRequest:
    command = RecordEnactment(
        request_id=request.id,
        enactment_id=new_uuid(),
        action_id=new_uuid(),
        on="2024-04-24",
        lines=list(lines),
        **fields,
    )
    return change(request, command)


def told(*requests: LegislativeRequest) -> list[Condition]:
    """The conditions of the first request."""
    dossiers = {one.id: Dossier(one) for one in requests}
    return conditions([requests[0].id], dossiers)


def outcome(*requests: LegislativeRequest) -> Outcome:
    [one] = told(*requests)
    return one.outcome


@pytest.mark.parametrize("state", [State.FLOOR, State.PASSED, State.PARTLY_ENACTED])
def test_it_waits_for_the_whole_request_until_that_is_law(state: State) -> None:
    assert outcome(after(awaited(), action("2023-11-09", state.value))) is Outcome.WAITING


def test_it_waits_while_the_request_is_only_announced() -> None:
    request = depend(recorded(requested_on=None, announced_on="2023-08-07"))
    assert outcome(request) is Outcome.WAITING


@pytest.mark.parametrize("on", ["2024-04-24", "2024-04", "2024"])
def test_a_request_that_is_law_meets_it_however_vague_the_date(on: str) -> None:
    [one] = told(after(awaited(), action(on, "enacted")))
    assert (one.outcome, one.state, one.keeps_from_firm) == (Outcome.MET, State.ENACTED, False)


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "lapsed", "closed_moot"])
def test_a_request_that_ends_otherwise_fails_it_and_the_pledge_stays_conditional(
    state: str,
) -> None:
    [one] = told(after(awaited(line="a"), action("2024-01-03", state)))
    assert (one.outcome, one.keeps_from_firm) == (Outcome.FAILED, True)


def test_a_line_that_is_law_meets_it_while_others_still_pend() -> None:
    only_a = {"line": "a", "amount": "55.00"}
    assert outcome(enact(awaited(line="a"), only_a, closes=False)) is Outcome.MET
    assert outcome(enact(awaited(line="b"), only_a, closes=False)) is Outcome.WAITING
    assert outcome(enact(awaited(), only_a, closes=False)) is Outcome.WAITING


def test_a_line_that_is_denied_or_not_named_fails_it() -> None:
    denied = {"line": "b", "amount": "0.00"}
    request = awaited(line="b")
    assert outcome(enact(request, {"line": "a"}, denied)) is Outcome.FAILED
    assert outcome(enact(request, {"line": "a"})) is Outcome.FAILED


def test_a_line_of_which_a_rest_pends_is_waited_for() -> None:
    part = {"line": "a", "amount": "10.00", "rest_pends": True}
    assert outcome(enact(awaited(line="a"), part, closes=False)) is Outcome.WAITING


def test_lines_without_an_amount_are_law_or_not_all_the_same() -> None:
    unknown = [line(None, key="a"), line(None, key="b")]
    assert outcome(enact(awaited(unknown, line="a"), {"line": "a"})) is Outcome.MET
    assert outcome(enact(awaited(unknown, line="b"), {"line": "a"})) is Outcome.FAILED
    assert outcome(after(awaited(unknown, line="b"), action("2024", "enacted"))) is Outcome.MET


def test_what_is_annulled_is_waited_for_no_longer_and_was_not_given() -> None:
    request = enact(awaited(line="a"), {"line": "a", "key": "law-a"})
    assert outcome(request) is Outcome.MET
    annulled = AmendEnactedLine(
        request_id=request.id,
        key="law-a",
        changes={"annulled_on": "2024-06-01"},
        reason="The court struck it down.",
    )
    assert outcome(change(request, annulled)) is Outcome.FAILED


def test_a_pledge_that_is_only_paid_by_a_request_is_never_conditional() -> None:
    [one] = told(awaited(kind="funded_by"))
    assert (one.outcome, one.keeps_from_firm) == (Outcome.WAITING, False)


def test_nothing_waits_for_what_was_recorded_in_error() -> None:
    request = awaited()
    [dependency] = request.dependencies
    withdrawal = WithdrawDependency(
        request_id=request.id, dependency_id=dependency.id, reason="Another one."
    )
    assert told(change(request, withdrawal)) == []
    no_request = WithdrawLegislativeRequest(request_id=request.id, reason="Recorded twice.")
    assert told(change(request, no_request)) == []


def supersede(
    old: LegislativeRequest, *, kind: str = "supersedes", lines: list[dict[str, Any]] | None = None
) -> tuple[LegislativeRequest, LegislativeRequest]:
    """Both requests once the older one has ended because of the newer one of lines x and y."""
    new = recorded(requested_on="2023-12-01", lines=[line("60.00", key="x"), line("9.00", key="y")])
    own, other = (new, old) if kind == "supersedes" else (old, new)
    command = RecordRelation(
        request_id=own.id,
        relation_id=new_uuid(),
        kind=kind,
        other_id=other.id,
        other=other.reference,
        effective_on="2023-12-01",
        lines=[*(lines or [])],
    )
    states = {own.id: change(own, command), other.id: other}
    for ending in endings(command, states):
        states[ending.request_id] = change(states[ending.request_id], ending)
    return states[old.id], states[new.id]


def move(own: str, other: str) -> dict[str, Any]:
    return {"own": own, "other": other, "amount": None}


def test_who_waits_for_a_whole_request_waits_for_the_one_that_carries_it_on() -> None:
    for kind in ("supersedes", "folded_into", "duplicates"):
        old, new = supersede(awaited(), kind=kind)
        [one] = told(old, new)
        assert one.request.id == old.id
        assert (one.awaited.request.id, one.outcome) == (new.id, Outcome.WAITING)
        assert outcome(old, after(new, action("2024-04-24", "enacted"))) is Outcome.MET
        assert outcome(old, after(new, action("2024-04-24", "rejected"))) is Outcome.FAILED


def test_who_waits_for_a_line_waits_for_the_one_that_carries_it_on() -> None:
    old, new = supersede(awaited(line="a"), lines=[move("x", "a")])
    assert told(old, new)[0].line == "x"
    assert outcome(old, enact(new, {"line": "x"})) is Outcome.MET
    assert outcome(old, enact(new, {"line": "y"})) is Outcome.FAILED
    folded, host = supersede(awaited(line="a"), kind="folded_into", lines=[move("a", "x")])
    assert outcome(folded, enact(host, {"line": "x"})) is Outcome.MET


def test_a_line_that_nobody_carried_on_by_name_is_up_for_review() -> None:
    cases: list[list[dict[str, Any]]] = [[], [move("x", "b")], [move("x", "a"), move("y", "a")]]
    for lines in cases:
        old, new = supersede(awaited(line="a"), lines=lines)
        [one] = told(old, enact(new, {"line": "x"}))
        assert (one.outcome, one.line, one.keeps_from_firm) == (Outcome.REVIEW, None, True)


def test_a_request_that_was_superseded_by_nobody_in_the_ledger_is_up_for_review() -> None:
    assert outcome(after(awaited(), action("2024-01-03", "superseded"))) is Outcome.REVIEW


def test_requests_that_carry_each_other_on_are_up_for_review_and_end() -> None:
    old, new = supersede(awaited())
    back = RecordRelation(
        request_id=old.id,
        relation_id=new_uuid(),
        kind="supersedes",
        other_id=new.id,
        other=new.reference,
        effective_on="2023-12-02",
    )
    old = change(old, back)
    new = after(new, action("2023-12-02", "superseded"))
    assert outcome(old, new) is Outcome.REVIEW


def test_a_pledge_may_wait_for_several_and_each_keeps_it() -> None:
    request = enact(depend(awaited(line="a"), line="b"), {"line": "a"}, closes=False)
    assert [(one.line, one.keeps_from_firm) for one in told(request)] == [("a", False), ("b", True)]


def test_the_pledge_of_a_condition_is_the_one_it_was_recorded_of() -> None:
    [one] = told(awaited())
    assert isinstance(one.dependency.pledge_id, UUID)
    assert one.dependency.pledge_id == PLEDGE
