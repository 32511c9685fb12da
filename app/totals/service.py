"""What one can ask: totals in a currency, and which donors the ledger knows."""

from app.db import ReadSession
from app.fx import service as fx
from app.fx.domain import RateBook
from app.journal.domain import Snapshot
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import UNDATED
from app.totals import store
from app.totals.domain import CellSum, Convert, ProvisionalRate, Totals, TotalsQuery, aggregate
from app.totals.store import DonorActivity


def read_totals(session: ReadSession, query: TotalsQuery, snapshot: Snapshot) -> Totals:
    """The totals as of the snapshot.

    Raises:
        NoExchangeRateError: an amount cannot be converted; it names the currency and the day.
    """
    cells = store.read_cells(session, query, snapshot)
    if query.is_native:
        return aggregate(cells, query, _unreachable)
    book = _load_book(session, cells, query.currency, snapshot)
    totals = aggregate(cells, query, _converter(book, query.currency))
    provisional = tuple(
        ProvisionalRate(currency=rate.currency, on=rate.asked_for, rate_on=rate.on)
        for rate in book.provisional
    )
    return Totals(
        query=query, rows=totals.rows, by_currency=totals.by_currency, provisional=provisional
    )


def list_activity(session: ReadSession, snapshot: Snapshot) -> list[DonorActivity]:
    """Each donor that the ledger knows pledges of."""
    return store.list_activity(session, snapshot)


def _load_book(
    session: ReadSession, cells: list[CellSum], target: str, snapshot: Snapshot
) -> RateBook:
    foreign = [cell for cell in cells if cell.amount and cell.currency != target]
    days = [cell.valued_on for cell in foreign]
    currencies = {cell.currency for cell in foreign} | {target}
    if not days:
        return RateBook({}, span=UNDATED, ends_on=None)
    return fx.load_book(session, currencies, min(days), max(days), snapshot)


def _converter(book: RateBook, target: str) -> Convert:
    into = CURRENCIES[target]

    def convert(cell: CellSum) -> int:
        return book.convert(cell.amount, CURRENCIES[cell.currency], into, cell.valued_on)

    return convert


def _unreachable(_cell: CellSum) -> int:
    message = "native totals convert nothing"
    raise AssertionError(message)
