"""The single lines that are pending on a day, with how long they have been and where they are stuck."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.kernel.dates import Span
from app.legislation.domain.course import Move
from app.legislation.domain.dossier import Dossier
from app.legislation.domain.model import LegislativeRequest, Line
from app.legislation.domain.standing import standings
from app.legislation.domain.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLine:
    """One line of a request that its parliament has not decided by the day asked for.

    Attributes:
        pending: minor units that are still open; ``None`` where the amount was not published.
        state_since: the date of the action that led to the state.
        body: who acted last.
        days_pending: since the request.
        source_url: where the last action was read.
    """

    request: LegislativeRequest
    line: Line
    pending: int | None
    state: State
    state_since: Span
    body: str | None
    days_pending: int | None
    source_url: str | None


def pending_lines(
    dossiers: Iterable[Dossier], on: date, known_on: date | None = None
) -> list[PendingLine]:
    """The live lines of all requests that are pending at the end of the day ``on``."""
    return [line for dossier in dossiers for line in _lines(dossier, on, known_on)]


def last_move(moves: list[Move]) -> Move:
    """The first of the last run of moves that left the state as it is."""
    last = moves[-1]
    for move in reversed(moves):
        if move.state is not last.state:
            break
        last = move
    return last


def _lines(dossier: Dossier, on: date, known_on: date | None) -> Iterator[PendingLine]:
    state = dossier.state_on(on, known_on)
    if state is None or not state.is_active:
        return
    course = dossier.course(known_on)
    moved = last_move([move for move in course.moves if move.day <= on])
    last = [step for step in course.steps if step.day <= on][-1]
    for one in standings(dossier.request, state, on):
        if one.is_live:
            yield PendingLine(
                request=dossier.request,
                line=one.line,
                pending=None if one.line.amount is None else one.pending,
                state=state,
                state_since=moved.step.action.on,
                body=last.action.body,
                days_pending=course.days_pending(on),
                source_url=last.action.source_url,
            )
