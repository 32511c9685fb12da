"""The rules on a request itself: recorded, amended, withdrawn, and what happened to it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from app.kernel.canonical import Json
from app.legislation.domain.commands import (
    AMENDABLE,
    AmendLegislativeRequest,
    RecordAction,
    RecordLegislativeRequest,
    WithdrawAction,
    WithdrawLegislativeRequest,
)
from app.legislation.domain.course import check_steps, place, place_all
from app.legislation.domain.decide.changes import Change, changed, field_changes, read_reason
from app.legislation.domain.model import Action, LegislativeRequest
from app.legislation.domain.reading.actions import read_action
from app.legislation.domain.reading.fields import read_fields
from app.legislation.domain.reading.limits import MAX_ACTIONS
from app.legislation.domain.reading.opening import follow_dates, read_opening
from app.legislation.domain.reading.reader import Reader, read_reference
from app.legislation.domain.records import action_record, request_record
from app.legislation.domain.states import State
from app.legislation.errors import ActionNotFoundError, AlreadyWithdrawnError


def record_request(command: RecordLegislativeRequest, today: date) -> Change:
    """A new request."""
    reader = Reader(today)
    fields = read_fields(reader, {name: getattr(command, name) for name in AMENDABLE})
    reference = reader.collector.read("/reference", read_reference, command.reference or "", "")
    request = LegislativeRequest(
        id=command.request_id,
        version=1,
        reference=reference,
        actions=(),
        recorded_on=today,
        **fields,
    )
    actions = _read_actions(reader, command, request)
    reader.finish()
    request = replace(request, actions=place_all(actions))
    return changed(request, "recorded", None, {"legislative_request": request_record(request)})


def record_action(state: LegislativeRequest, command: RecordAction, today: date) -> Change:
    """Something happened to it."""
    reader = Reader(today)
    action = read_action(reader, "", command.action)
    if len(state.actions) >= MAX_ACTIONS:
        reader.note("", "too-many", f"A legislative request has at most {MAX_ACTIONS} actions.")
    check_order(reader, state, action, "/on")
    reader.finish()
    actions = place(state.actions, action)
    request = replace(state, version=state.version + 1, actions=actions)
    position = actions.index(action)
    data: dict[str, Json] = {"action": action_record(action), "position": position}
    return changed(request, "action_recorded", None, data)


def amend(state: LegislativeRequest, command: AmendLegislativeRequest, today: date) -> Change:
    """It was described wrongly, or better is known."""
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    before = request_record(state)
    current = {name: before[name] for name in AMENDABLE}
    fields = read_fields(reader, {**current, **command.changes})
    reader.finish()
    request = replace(state, version=state.version + 1, **fields)
    actions = follow_dates(request)
    for action in actions:
        if not action.withdrawn and _is_early(request, action):
            detail = "An action of this request would lie before it."
            name = "requested_on" if "requested_on" in command.changes else "announced_on"
            reader.note(f"/{name}", "contradicts-action", detail, action=str(action.id))
    _check_enacted(reader, state, request)
    reader.finish()
    request = replace(request, actions=place_all(actions))
    changes = field_changes(before, request_record(request))
    return changed(request, "amended", reason, {"changes": changes})


def withdraw_action(state: LegislativeRequest, command: WithdrawAction, today: date) -> Change:
    """It did not happen."""
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    reader.finish()
    actions = without_action(state.actions, [command.action_id])
    request = replace(state, version=state.version + 1, actions=actions)
    return changed(request, "action_withdrawn", reason, {"action_id": str(command.action_id)})


def withdraw_request(
    state: LegislativeRequest, command: WithdrawLegislativeRequest, today: date
) -> Change:
    """There never was such a request."""
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    reader.finish()
    request = replace(state, version=state.version + 1, withdrawn=True)
    return changed(request, "withdrawn", reason, {})


def without_action(actions: tuple[Action, ...], action_ids: Iterable[UUID]) -> tuple[Action, ...]:
    """The actions, those with these ids marked as withdrawn.

    Raises:
        ActionNotFoundError: there is none with such an id.
        AlreadyWithdrawnError: it was withdrawn before.
        IllegalTransitionError: what came after needed the step that is taken back.
    """
    for action_id in action_ids:
        action = next((one for one in actions if one.id == action_id), None)
        if action is None:
            raise ActionNotFoundError
        if action.withdrawn:
            raise AlreadyWithdrawnError("The action was withdrawn before.")
        actions = tuple(replace(one, withdrawn=True) if one is action else one for one in actions)
    check_steps(actions)
    return actions


def check_order(reader: Reader, request: LegislativeRequest, action: Action, pointer: str) -> None:
    """Note an action that moves the request before it was made."""
    if action.on.is_dated and _is_early(request, action):
        reader.note(pointer, "date-order", "The action lies before the request itself.")


def _read_actions(
    reader: Reader, command: RecordLegislativeRequest, request: LegislativeRequest
) -> list[Action]:
    opening = read_opening(reader, command, request.requested, request.announced)
    actions = [] if opening is None else [opening]
    for pointer, raw in reader.several("/actions", command.actions, MAX_ACTIONS):
        action = read_action(reader, pointer, raw)
        check_order(reader, request, action, f"{pointer}/on")
        actions.append(action)
    if opening is not None and not opening.opening:
        check_order(reader, request, opening, "/state_on")
    return actions


def _check_enacted(reader: Reader, state: LegislativeRequest, request: LegislativeRequest) -> None:
    """Note lines and a currency that enacted lines need as they are."""
    needed = {line.line for line in state.enacted_lines if line.line is not None}
    needed |= {one.line for one in state.standing_dependencies if one.line is not None}
    missing = sorted(needed - {line.key for line in request.leaves})
    if missing:
        detail = "Enacted lines or pledges hang on lines that would be gone or have parts."
        reader.note("/lines", "line-needed", detail, keys=missing)
    if state.enactments and state.currency != request.currency:
        detail = "Enacted lines are in the currency of the request."
        reader.note("/currency", "currency-needed", detail)


def _is_early(request: LegislativeRequest, action: Action) -> bool:
    """Whether an action that moves the request lies before it.

    What moves nothing may: a motion that calls for the request is part of its story.
    """
    if action.state is None:
        return False
    starts = [request.announced]
    if action.state is not State.ANNOUNCED:
        starts.append(request.requested)
    return any(start.is_dated and action.on.last < start.first for start in starts)
