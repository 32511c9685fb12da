"""What is pending: sums, and the lines behind them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.db import ReadSession
from app.fx import service as fx
from app.journal.domain import Snapshot
from app.legislation import store
from app.legislation.domain import (
    NATIVE,
    Dossier,
    PendingBreakdown,
    PendingFigures,
    PendingLine,
    PendingPart,
    PendingQuery,
    convert,
    pending,
    pending_lines,
    summarise,
)


def read_pending(session: ReadSession, query: PendingQuery, snapshot: Snapshot) -> PendingFigures:
    """What is pending on a day, as the ledger knew it at the snapshot.

    Raises:
        NoExchangeRateError: an amount has no rate on the day that converts it.
    """
    return break_down_pending(session, query, snapshot).figures


def break_down_pending(
    session: ReadSession, query: PendingQuery, snapshot: Snapshot
) -> PendingBreakdown:
    """The same with the lines that the figures add up, and the rates that converted them.

    Raises:
        NoExchangeRateError: as for ``read_pending``.
    """
    dossiers = list_dossiers(session, snapshot, donors=query.donors)
    rows = [
        query.dated(row) for row in pending(dossiers, query.on, query.known_on) if query.admits(row)
    ]
    if query.currency == NATIVE or not rows:
        parts = tuple(PendingPart(row, row) for row in rows)
        return PendingBreakdown(figures=summarise(rows, query, snapshot), parts=parts)
    days = sorted(row.valued_on for row in rows)
    currencies = {query.currency, *(row.currency for row in rows)}
    book = fx.load_book(session, currencies, days[0], days[-1], snapshot)
    told = convert(rows, query.currency, book)
    figures = summarise(told, query, snapshot)
    return PendingBreakdown(
        figures=replace(figures, provisional=book.provisional),
        parts=tuple(map(PendingPart, rows, told)),
        rates=book.used,
    )


def list_pending_lines(
    session: ReadSession, on: date, snapshot: Snapshot, *, donors: Sequence[str] = ()
) -> list[PendingLine]:
    """Every line that is pending on a day, as the ledger knew it at the snapshot."""
    return pending_lines(list_dossiers(session, snapshot, donors=donors), on)


def list_dossiers(
    session: ReadSession, snapshot: Snapshot, *, donors: Sequence[str] = ()
) -> list[Dossier]:
    """Every request that was not recorded in error, with its vehicles, by reference."""
    return [one.dossier for one in store.iter_standing(session, snapshot, donors)]
