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
    PendingFigures,
    PendingLine,
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
    dossiers = list_dossiers(session, snapshot, donors=query.donors)
    rows = [
        query.dated(row) for row in pending(dossiers, query.on, query.known_on) if query.admits(row)
    ]
    if query.currency == NATIVE or not rows:
        return summarise(rows, query, snapshot)
    days = sorted(row.valued_on for row in rows)
    currencies = {query.currency, *(row.currency for row in rows)}
    book = fx.load_book(session, currencies, days[0], days[-1], snapshot)
    figures = summarise(convert(rows, query.currency, book), query, snapshot)
    return replace(figures, provisional=book.provisional)


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
