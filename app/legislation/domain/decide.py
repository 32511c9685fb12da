"""The rules: what a command does to a legislative request, or why it is refused. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.kernel.canonical import Json
from app.kernel.errors import Finding, InvalidError
from app.legislation.domain.commands import (
    AMENDABLE,
    Alteration,
    AmendLegislativeRequest,
    Command,
    RecordAction,
    RecordLegislativeRequest,
    WithdrawAction,
    WithdrawLegislativeRequest,
)
from app.legislation.domain.course import check_steps, place, place_all
from app.legislation.domain.fields import read_action, read_fields
from app.legislation.domain.model import Action, LegislativeRequest
from app.legislation.domain.opening import follow_dates, read_opening
from app.legislation.domain.reading import Reader, read_reference
from app.legislation.domain.record import action_record, request_record
from app.legislation.domain.states import State
from app.legislation.errors import (
    ActionNotFoundError,
    AlreadyWithdrawnError,
    LegislativeRequestNotFoundError,
    VersionMovedError,
)

MAX_ACTIONS: Final = 500
MAX_REASON: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A command that was accepted: the new version, and the entry that says so.

    Attributes:
        request: the new version.
        kind: what happened, such as ``legislative_request.amended``.
        data: the event, enough to make the new version from the one before.
    """

    request: LegislativeRequest
    kind: str
    reason: str | None
    data: dict[str, Json]


def decide(state: LegislativeRequest | None, command: Command, today: date) -> Change:
    """What ``command`` does to ``state``.

    Args:
        state: the current version; ``None`` where there is no such request.
        command: what is asked for.
        today: the day on which it is asked for, UTC.

    Raises:
        InvalidError: values that cannot be accepted, each with its place.
        IllegalTransitionError: the state machine does not know the step.
        AlreadyWithdrawnError: the request or the action was recorded in error and changes no more.
        VersionMovedError: another version than the expected one is current.
        LegislativeRequestNotFoundError, ActionNotFoundError: there is nothing to change.
    """
    if isinstance(command, RecordLegislativeRequest):
        return _record_request(command, today)
    if state is None:
        raise LegislativeRequestNotFoundError
    if command.expected_version is not None and command.expected_version != state.version:
        raise VersionMovedError(state.version)
    if state.withdrawn:
        raise AlreadyWithdrawnError("The legislative request was withdrawn and changes no more.")
    return _change_request(state, command, today)


def _change_request(state: LegislativeRequest, command: Alteration, today: date) -> Change:
    match command:
        case RecordAction():
            return _record_action(state, command, today)
        case AmendLegislativeRequest():
            return _amend(state, command, today)
        case WithdrawAction():
            return _withdraw_action(state, command, today)
        case WithdrawLegislativeRequest():
            return _withdraw_request(state, command, today)


def _record_request(command: RecordLegislativeRequest, today: date) -> Change:
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
    return _change(request, "recorded", None, {"legislative_request": request_record(request)})


def _read_actions(
    reader: Reader, command: RecordLegislativeRequest, request: LegislativeRequest
) -> list[Action]:
    opening = read_opening(reader, command, request.requested, request.announced)
    actions = [] if opening is None else [opening]
    for pointer, raw in reader.several("/actions", command.actions, MAX_ACTIONS):
        action = read_action(reader, pointer, raw)
        _check_order(reader, request, action, f"{pointer}/on")
        actions.append(action)
    if opening is not None and not opening.opening:
        _check_order(reader, request, opening, "/state_on")
    return actions


def _record_action(state: LegislativeRequest, command: RecordAction, today: date) -> Change:
    reader = Reader(today)
    action = read_action(reader, "", command.action)
    if len(state.actions) >= MAX_ACTIONS:
        reader.note("", "too-many", f"A legislative request has at most {MAX_ACTIONS} actions.")
    _check_order(reader, state, action, "/on")
    reader.finish()
    actions = place(state.actions, action)
    request = replace(state, version=state.version + 1, actions=actions)
    position = actions.index(action)
    data: dict[str, Json] = {"action": action_record(action), "position": position}
    return _change(request, "action_recorded", None, data)


def _amend(state: LegislativeRequest, command: AmendLegislativeRequest, today: date) -> Change:
    reader = Reader(today)
    reason = _reason(reader, command.reason)
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
    reader.finish()
    request = replace(request, actions=place_all(actions))
    changes = field_changes(before, request_record(request))
    if not changes:
        raise InvalidError([Finding("", "nothing-changed", "The request reads so already.")])
    return _change(request, "amended", reason, {"changes": changes})


def _withdraw_action(state: LegislativeRequest, command: WithdrawAction, today: date) -> Change:
    reader = Reader(today)
    reason = _reason(reader, command.reason)
    reader.finish()
    action = next((one for one in state.actions if one.id == command.action_id), None)
    if action is None:
        raise ActionNotFoundError
    if action.withdrawn:
        raise AlreadyWithdrawnError("The action was withdrawn before.")
    actions = tuple(replace(one, withdrawn=True) if one is action else one for one in state.actions)
    # What came after may have needed the step that is taken back.
    check_steps(actions)
    request = replace(state, version=state.version + 1, actions=actions)
    return _change(request, "action_withdrawn", reason, {"action_id": str(action.id)})


def _withdraw_request(
    state: LegislativeRequest, command: WithdrawLegislativeRequest, today: date
) -> Change:
    reader = Reader(today)
    reason = _reason(reader, command.reason)
    reader.finish()
    request = replace(state, version=state.version + 1, withdrawn=True)
    return _change(request, "withdrawn", reason, {})


def field_changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> dict[str, Json]:
    """The fields that differ, with old and new value; the version always does and is left out."""
    return {
        name: [before[name], after[name]]
        for name in sorted(after)
        if name != "version" and before[name] != after[name]
    }


def _check_order(reader: Reader, request: LegislativeRequest, action: Action, pointer: str) -> None:
    if action.on.is_dated and _is_early(request, action):
        reader.note(pointer, "date-order", "The action lies before the request itself.")


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


def _reason(reader: Reader, text: str) -> str:
    return reader.text("/reason", text, MAX_REASON) or ""


def _change(
    request: LegislativeRequest, kind: str, reason: str | None, data: dict[str, Json]
) -> Change:
    return Change(request=request, kind=f"legislative_request.{kind}", reason=reason, data=data)
