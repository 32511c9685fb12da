"""What became of each line by a day: how much of it is pending, how much is law, how much is dead.

For every line that is counted and has an amount the three add up to what was asked for. What a law gives
beyond the request is in none of them: it was never asked for.
"""

from dataclasses import dataclass
from datetime import date

from app.kernel.dates import Span
from app.legislation.domain.model import EnactedLine, LegislativeRequest, Line
from app.legislation.domain.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStanding:
    """One line on a day, in minor units of the request's currency.

    Attributes:
        pending, enacted, dead: of a line without a published amount all three are 0.
        is_live: whether the legislature has still to decide on it, or on a part of it.
    """

    line: Line
    pending: int
    enacted: int
    dead: int
    is_live: bool


def standings(request: LegislativeRequest, state: State | None, on: date) -> list[LineStanding]:
    """Each counted line at the end of a day, in order; none before the request was made.

    Args:
        request: the version that is looked at.
        state: the state of the request at the end of that day.
        on: the day.
    """
    if state is None or state is State.ANNOUNCED:
        return []
    return [_standing(request, line, state, on) for line in request.leaves]


def is_by(span: Span | None, on: date) -> bool:
    """Whether something that is dated so had happened by the end of the day."""
    return span is not None and span.last <= on


def _standing(request: LegislativeRequest, line: Line, state: State, on: date) -> LineStanding:
    amount = line.amount or 0
    if is_by(line.enacted, on):
        return _split(line, enacted=amount)
    answers = [
        one
        for enactment in request.standing_enactments
        if enactment.on.last <= on
        for one in enactment.lines
        if one.line == line.key
    ]
    granted = min(amount, sum(_granted(one) for one in answers))
    enacted = min(granted, sum(_still_stands(one, on) for one in answers))
    rest = amount - granted
    if state.is_active and not _is_closed(request, answers, on):
        return _split(line, pending=rest, enacted=enacted, dead=granted - enacted, is_live=True)
    if state is State.ENACTED and not _is_itemised(request, on):
        return _split(line, enacted=enacted + rest, dead=granted - enacted)
    return _split(line, enacted=enacted, dead=granted - enacted + rest)


def _split(
    line: Line, *, pending: int = 0, enacted: int = 0, dead: int = 0, is_live: bool = False
) -> LineStanding:
    return LineStanding(line=line, pending=pending, enacted=enacted, dead=dead, is_live=is_live)


def _granted(line: EnactedLine) -> int:
    """What the enacted line gave when it was enacted; without a published amount, all that was asked."""
    return (line.asked or 0) if line.amount is None else line.amount


def _still_stands(line: EnactedLine, on: date) -> int:
    if is_by(line.annulled, on):
        return 0
    return _granted(line) - line.rescinded


def _is_closed(request: LegislativeRequest, answers: list[EnactedLine], on: date) -> bool:
    """Whether the legislature is done with the line, though not with the request."""
    return any(not one.rest_pends for one in answers) or any(
        one.closes and one.on.last <= on for one in request.standing_enactments
    )


def _is_itemised(request: LegislativeRequest, on: date) -> bool:
    """Whether the ledger knows line by line what became law; else all of it did, as it was asked for."""
    return any(one.on.last <= on for one in request.standing_enactments)
