"""What one can ask: totals in a currency, what made them change, and which donors the ledger knows."""

from dataclasses import replace

from app.db import ReadSession
from app.fx import service as fx
from app.fx.domain import RateBook
from app.journal.domain import Snapshot
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import UNDATED
from app.legislation import service as legislation
from app.totals import store
from app.totals.domain import (
    CellSum,
    Changes,
    Convert,
    ProvisionalRate,
    Totals,
    TotalsQuery,
    aggregate,
    aggregate_firm,
    attribute,
    count_entries,
    explain,
)
from app.totals.store import DonorActivity


def read_totals(session: ReadSession, query: TotalsQuery, snapshot: Snapshot) -> Totals:
    """The totals as of the snapshot.

    Raises:
        NoExchangeRateError: an amount cannot be converted; it names the currency and the day.
    """
    cells = store.read_cells(session, query, snapshot)
    if query.firm:
        return _read_firm(session, cells, query, snapshot)
    convert, book = _prepare(session, cells, query, snapshot)
    return replace(aggregate(cells, query, convert), provisional=_provisional(book))


def read_changes(
    session: ReadSession, query: TotalsQuery, earlier: Snapshot, later: Snapshot
) -> Changes:
    """What made the totals by donor change from one snapshot to a later one, at the rates known by the later one.

    Beyond what the later totals cost, it costs what was posted between the two.

    Raises:
        NoExchangeRateError: an amount of either state, or one between them, cannot be converted.
    """
    after = store.read_cells(session, query, later)
    span = (earlier.revision, later.revision)
    facts = store.iter_facts(session, query, *span)
    shifts = attribute(store.list_posted(session, query, *span), facts, query)
    between = [CellSum(*one.cell, *one.effect) for one in shifts]
    convert, book = _prepare(session, [*after, *between], query, later)
    rows, by_currency = explain(after, shifts, query, convert)
    return Changes(
        query=query,
        rows=rows,
        by_currency=by_currency,
        entries=count_entries(shifts, store.count_settled(session, query, *span)),
        provisional=_provisional(book),
    )


def list_activity(session: ReadSession, snapshot: Snapshot) -> list[DonorActivity]:
    """Each donor that the ledger knows pledges of."""
    return store.list_activity(session, snapshot)


def _read_firm(
    session: ReadSession, cells: list[CellSum], query: TotalsQuery, snapshot: Snapshot
) -> Totals:
    """The totals less what pledges come to that wait for a parliament, which is read of these alone."""
    pledges = legislation.list_conditional_pledges(session, snapshot)
    conditional = store.read_cells_of(session, query, snapshot, pledges)
    convert, book = _prepare(session, [*cells, *conditional], query, snapshot)
    totals = aggregate_firm(cells, conditional, query, convert)
    return replace(totals, provisional=_provisional(book))


def _provisional(book: RateBook) -> tuple[ProvisionalRate, ...]:
    return tuple(
        ProvisionalRate(currency=rate.currency, on=rate.asked_for, rate_on=rate.on)
        for rate in book.provisional
    )


def _prepare(
    session: ReadSession, cells: list[CellSum], query: TotalsQuery, snapshot: Snapshot
) -> tuple[Convert, RateBook]:
    """What converts these cells, and the book that remembers which rates it gave."""
    target = query.currency
    foreign = [cell for cell in cells if cell.amount and cell.currency != target]
    if query.is_native or not foreign:
        return _unreachable, RateBook({}, span=UNDATED, ends_on=None)
    days = [cell.valued_on for cell in foreign]
    currencies = {cell.currency for cell in foreign} | {target}
    book = fx.load_book(session, currencies, min(days), max(days), snapshot)
    return _converter(book, target), book


def _converter(book: RateBook, target: str) -> Convert:
    into = CURRENCIES[target]

    def convert(cell: CellSum) -> int:
        return book.convert(cell.amount, CURRENCIES[cell.currency], into, cell.valued_on)

    return convert


def _unreachable(_cell: CellSum) -> int:
    message = "no amount is in another currency than the one asked for"
    raise AssertionError(message)
