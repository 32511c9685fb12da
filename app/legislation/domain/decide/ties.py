"""The rules on what ties a request to other requests and to pledges that wait for it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import UNDATED, format_span
from app.kernel.ids import new_id
from app.kernel.money import parse_amount
from app.legislation.domain.commands import (
    RawAction,
    RecordAction,
    RecordDependency,
    RecordRelation,
    WithdrawAction,
    WithdrawDependency,
    WithdrawRelation,
)
from app.legislation.domain.course import Course
from app.legislation.domain.decide.changes import Change, changed, read_reason
from app.legislation.domain.model import (
    Dependency,
    DependencyKind,
    LegislativeRequest,
    LineMove,
    OnFail,
    Relation,
    RelationKind,
)
from app.legislation.domain.reading.limits import (
    MAX_LINES,
    MAX_LINKS,
    MAX_NAME,
    MAX_NOTES,
    MAX_RELATIONS,
)
from app.legislation.domain.reading.reader import Reader
from app.legislation.domain.records import dependency_record, relation_record
from app.legislation.domain.states import State
from app.legislation.errors import (
    AlreadyWithdrawnError,
    PartNotFoundError,
    RelatedToItselfError,
)

Ending = RecordAction | WithdrawAction


def record_relation(state: LegislativeRequest, command: RecordRelation, today: date) -> Change:
    """It has to do with another request. What the relation ends is an action of its own, see ``endings``."""
    if command.other_id == state.id:
        raise RelatedToItselfError
    reader = Reader(today)
    if len(state.relations) >= MAX_RELATIONS:
        reader.note("", "too-many", f"A legislative request has at most {MAX_RELATIONS} of these.")
    relation = Relation(
        id=command.relation_id,
        kind=reader.choice("/kind", command.kind, RelationKind.SUPERSEDES),
        other_id=command.other_id,
        other=command.other,
        effective=reader.date("/effective_on", command.effective_on) or UNDATED,
        lines=_read_moves(reader, state, command),
        rationale=reader.text("/rationale", command.rationale, MAX_NOTES),
        decided_by=reader.text("/decided_by", command.decided_by, MAX_NAME),
    )
    reader.finish()
    request = replace(state, version=state.version + 1, relations=(*state.relations, relation))
    data: dict[str, Json] = {"relation": relation_record(relation, state.currency)}
    return changed(request, "relation_recorded", None, data)


def withdraw_relation(state: LegislativeRequest, command: WithdrawRelation, today: date) -> Change:
    """The two have nothing to do with each other, or not so."""
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    reader.finish()
    relation = find_relation(state, command.relation_id)
    if relation is None:
        raise PartNotFoundError("relation")
    if relation.withdrawn:
        raise AlreadyWithdrawnError("The relation was withdrawn before.")
    relations = tuple(
        replace(one, withdrawn=True) if one is relation else one for one in state.relations
    )
    request = replace(state, version=state.version + 1, relations=relations)
    return changed(request, "relation_withdrawn", reason, {"relation_id": str(relation.id)})


def find_relation(state: LegislativeRequest, relation_id: UUID) -> Relation | None:
    """The relation with this id."""
    return next((one for one in state.relations if one.id == relation_id), None)


def endings(
    command: RecordRelation | WithdrawRelation, states: Mapping[UUID, LegislativeRequest]
) -> Iterator[Ending]:
    """What a relation does beside itself: the request that it ends gets an action, or loses it again.

    So the same need is never pending twice, and the end of the older request names its cause.

    Args:
        command: already accepted.
        states: the current versions of both requests, by id.
    """
    state = states[command.request_id]
    relation = find_relation(state, command.relation_id)
    if relation is None:
        return
    other = states.get(relation.other_id)
    if isinstance(command, WithdrawRelation):
        yield from _reopenings(relation, command.reason, [one for one in (state, other) if one])
        return
    own_end, other_end = relation.kind.ends_its_own, relation.kind.ends_the_other
    if own_end and _is_open(state):
        yield _ending(state.id, relation, own_end, f"{_words(relation.kind)} {relation.other}.")
    if other_end and other and _is_open(other):
        yield _ending(other.id, relation, other_end, f"Superseded by {state.reference}.")


def record_dependency(state: LegislativeRequest, command: RecordDependency, today: date) -> Change:
    """A pledge waits for it."""
    reader = Reader(today)
    if len(state.dependencies) >= MAX_LINKS:
        reader.note("", "too-many", f"A legislative request has at most {MAX_LINKS} of these.")
    if command.line is not None and command.line not in {line.key for line in state.leaves}:
        reader.note("/line", "unknown-line", "No line of this key is counted.")
    dependency = Dependency(
        id=command.dependency_id,
        pledge_id=command.pledge_id,
        kind=reader.choice("/kind", command.kind, DependencyKind.CONDITIONAL_ON),
        line=command.line,
        on_fail=reader.choice("/on_fail", command.on_fail, OnFail.KEEP_UNFUNDED),
        due=reader.any_date("/due_on", command.due_on),
        note=reader.text("/note", command.note, MAX_NOTES),
    )
    same = (dependency.pledge_id, dependency.line)
    if any((one.pledge_id, one.line) == same for one in state.standing_dependencies):
        reader.note("/pledge", "repeated-value", "The pledge waits for it already.")
    reader.finish()
    dependencies = (*state.dependencies, dependency)
    request = replace(state, version=state.version + 1, dependencies=dependencies)
    data: dict[str, Json] = {"dependency": dependency_record(dependency)}
    return changed(request, "dependency_recorded", None, data)


def withdraw_dependency(
    state: LegislativeRequest, command: WithdrawDependency, today: date
) -> Change:
    """The pledge does not wait for it."""
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    reader.finish()
    found = next((one for one in state.dependencies if one.id == command.dependency_id), None)
    if found is None:
        raise PartNotFoundError("dependency")
    if found.withdrawn:
        raise AlreadyWithdrawnError("The dependency was withdrawn before.")
    dependencies = tuple(
        replace(one, withdrawn=True) if one is found else one for one in state.dependencies
    )
    request = replace(state, version=state.version + 1, dependencies=dependencies)
    return changed(request, "dependency_withdrawn", reason, {"dependency_id": str(found.id)})


def _read_moves(
    reader: Reader, state: LegislativeRequest, command: RecordRelation
) -> tuple[LineMove, ...]:
    currency = CURRENCIES[state.currency]
    moves: list[LineMove] = []
    for pointer, raw in reader.several("/lines", command.lines, MAX_LINES):
        if state.find_line(raw["own"]) is None:
            reader.note(f"{pointer}/own", "unknown-line", "There is no line of this key.")
        amount = reader.collector.find(
            lambda given: parse_amount(given, currency), f"{pointer}/amount", raw.get("amount")
        )
        moves.append(LineMove(raw["own"], raw["other"], amount))
    return tuple(moves)


def _is_open(request: LegislativeRequest) -> bool:
    state = Course(request).state
    return not request.withdrawn and (state is None or not state.is_terminal)


def _ending(request_id: UUID, relation: Relation, state: State, text: str) -> RecordAction:
    action = RawAction(
        action_id=new_id(),
        on=format_span(relation.effective) or "",
        state=state.value,
        text=text,
        cause=relation.id,
    )
    return RecordAction(request_id=request_id, action=action)


def _reopenings(
    relation: Relation, reason: str, requests: list[LegislativeRequest]
) -> Iterator[WithdrawAction]:
    for request in requests:
        for action in request.standing_actions:
            if action.cause == relation.id:
                yield WithdrawAction(request_id=request.id, action_id=action.id, reason=reason)


def _words(kind: RelationKind) -> str:
    return kind.value.capitalize().replace("_", " ")
