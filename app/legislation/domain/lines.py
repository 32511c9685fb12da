"""The single lines that are pending on a day, with how long they have been and where they are stuck."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.kernel.dates import Span
from app.legislation.domain.course import Course, Step
from app.legislation.domain.model import LegislativeRequest, Line
from app.legislation.domain.pending import is_settled, pending_state
from app.legislation.domain.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLine:
    """One line of a request that its parliament has not decided by the day asked for.

    Attributes:
        state_since: the date of the action that led to the state.
        body: who acted last.
        days_pending: since the request.
        source_url: where the last action was read.
    """

    request: LegislativeRequest
    line: Line
    state: State
    state_since: Span
    body: str | None
    days_pending: int | None
    source_url: str | None


def pending_lines(requests: Iterable[LegislativeRequest], on: date) -> list[PendingLine]:
    """The live lines of all requests that are pending at the end of the day ``on``."""
    return [line for request in requests for line in _lines(request, on)]


def _lines(request: LegislativeRequest, on: date) -> Iterator[PendingLine]:
    state = pending_state(request, on)
    if state is None:
        return
    course = Course(request)
    steps = [step for step in course.steps if step.day <= on]
    moved = _last_move(steps)
    for line in request.lines:
        if not is_settled(line.enacted, on):
            yield PendingLine(
                request=request,
                line=line,
                state=state,
                state_since=moved.action.on,
                body=steps[-1].action.body,
                days_pending=course.days_pending(on),
                source_url=steps[-1].action.source_url,
            )


def _last_move(steps: list[Step]) -> Step:
    """The first of the last run of actions that left the state as it is."""
    moves = [step for step in steps if step.action.state]
    last = moves[-1]
    for step in reversed(moves):
        if step.action.state is not last.action.state:
            break
        last = step
    return last
