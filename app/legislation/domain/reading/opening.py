"""The opening action: the first step of a request, made from the request's own dates."""

from dataclasses import replace

from app.kernel.dates import Span
from app.legislation.domain.commands import RecordLegislativeRequest
from app.legislation.domain.model import Action, LegislativeRequest
from app.legislation.domain.reading.reader import Reader
from app.legislation.domain.states import State


def read_opening(
    reader: Reader, command: RecordLegislativeRequest, requested: Span, announced: Span
) -> Action | None:
    """The opening action, or ``None`` where the given actions say it all; refusals are noted."""
    if command.state is None and any(raw.state is not None for raw in command.actions):
        if command.state_on is not None:
            reader.note("/state_on", "state-required", "The date belongs to a state.")
        return None
    is_announced = command.announced_on is not None and command.requested_on is None
    usual = State.ANNOUNCED if is_announced else State.SUBMITTED
    state = reader.choice("/state", command.state or usual.value, usual)
    stated = reader.date("/state_on", command.state_on)
    on = stated or _own_date(state, requested, announced)
    if not on.is_dated and command.requested_on is None and command.state_on is None:
        detail = "Say when it was requested or announced, or when its state was reached."
        reader.note("/requested_on", "date-required", detail)
    return Action(
        id=command.opening_id,
        on=on,
        body=None,
        state=state,
        flag=None,
        text=None,
        vote=None,
        vehicle=None,
        source_url=None,
        recorded_on=reader.today,
        opening=stated is None,
    )


def follow_dates(request: LegislativeRequest) -> list[Action]:
    """The actions of an amended request, the opening one moved to where the request now begins."""
    return [_follow(request, action) for action in request.actions]


def _follow(request: LegislativeRequest, action: Action) -> Action:
    if not action.opening or action.state is None:
        return action
    on = _own_date(action.state, request.requested, request.announced)
    return replace(action, on=on) if on.is_dated else action


def _own_date(state: State, requested: Span, announced: Span) -> Span:
    """The date of a step that the request itself gives."""
    return announced if state is State.ANNOUNCED and announced.is_dated else requested
