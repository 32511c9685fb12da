"""Pledges and their effects as lines of text, so that a test reads like a page of a cash book."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from app.kernel.dates import Span, format_span
from app.pledges.domain import (
    AmendPledge,
    Book,
    Change,
    Course,
    Effect,
    Pledge,
    RecordMovement,
    RecordPledge,
    WithdrawMovement,
    WithdrawPledge,
    decide,
)

TODAY = date(2026, 11, 22)
REASON = "The ministry corrected its press release."


def new_pledge(**fields: Any) -> RecordPledge:
    """A pledge of 100 kroner of 14 November 2023, unless told otherwise."""
    usual = {
        "pledge_id": uuid4(),
        "donor": "DK",
        "title": "Donation package",
        "aid_type": "military",
        "amount": "100.00",
        "currency": "DKK",
        "announced_on": "2023-11-14",
        "reference": "DK-1",
    }
    return RecordPledge(**{**usual, **fields})


def pledged(**fields: Any) -> Pledge:
    """The same, recorded."""
    return decide(None, new_pledge(**fields), TODAY).pledge


def moving(
    state: Pledge, stage: str, amount: str | None, on: str | None, today: date = TODAY
) -> Change:
    """What a movement does."""
    command = RecordMovement(
        pledge_id=state.id, movement_id=uuid4(), stage=stage, amount=amount, on=on
    )
    return decide(state, command, today)


def told(opening: str, *movements: str) -> Pledge:
    """A pledge from lines such as ``2023-11-14 pledged 100.00``: the first is the announcement.

    ``-`` is an unknown date and ``?`` an unknown amount (or all that is left, of a cancellation).
    """
    on, status, amount = _read(opening)
    state = pledged(announced_on=on, status=status, amount=amount)
    for line in movements:
        on, stage, amount = _read(line)
        state = moving(state, stage, amount, on).pledge
    return state


def _read(line: str) -> tuple[str | None, str, str | None]:
    on, stage, amount = line.split()
    return None if on == "-" else on, stage, None if amount == "?" else amount


def amending(state: Pledge, *, today: date = TODAY, **changes: Any) -> Change:
    """What an amendment does."""
    return decide(state, AmendPledge(pledge_id=state.id, changes=changes, reason=REASON), today)


def taking_back(state: Pledge, movement_id: UUID) -> Change:
    """What the withdrawal of a movement does."""
    command = WithdrawMovement(pledge_id=state.id, movement_id=movement_id, reason=REASON)
    return decide(state, command, TODAY)


def withdrawing(state: Pledge) -> Change:
    """What the withdrawal of the whole pledge does."""
    return decide(state, WithdrawPledge(pledge_id=state.id, reason=REASON), TODAY)


def stages(state: Pledge) -> str:
    """What stands at the four stages, and the status: ``100.00 40.00 40.00 40.00 delivered``."""
    course = Course(state)
    return " ".join([*(amount or "?" for amount in course.stages.values()), course.status])


def money(state: Pledge, book: Book) -> list[str]:
    """The amounts of a book, as lines such as ``2023-12-01 committed +40.00 implied``."""
    lines = [
        _line(Span(cell.first, cell.last), cell.stage, state.format(effect.amount), implied)
        for (cell, implied), effect in sorted(book.items())
        if effect.amount
    ]
    return sorted(lines)


def posted(change: Change) -> list[str]:
    """The amounts that a change posts, as lines."""
    postings = {(one.cell, one.implied): one.effect for one in change.postings}
    return money(change.pledge, postings)


def _line(span: Span, stage: str, amount: str | None, implied: bool) -> str:
    signed = f"{amount}" if str(amount).startswith("-") else f"+{amount}"
    words = [format_span(span) or "-", stage, signed, *(["implied"] if implied else [])]
    return " ".join(words)


def count(book: Book, stage: str, period: Span) -> tuple[int, int]:
    """How many pledges a period counts at a stage, and how many of unknown amount."""
    inside = [
        effect
        for (cell, _), effect in book.items()
        if cell.stage == stage and period.contains(Span(cell.first, cell.last))
    ]
    return total(inside).pledges, total(inside).unvalued


def total(effects: Iterable[Effect]) -> Effect:
    """All together."""
    both = Effect()
    for effect in effects:
        both = both.plus(effect)
    return both
