"""What one can ask: totals in a currency, what made them change, and which donors the ledger knows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.db import ReadSession
from app.fx import service as fx
from app.fx.domain import Book, PolicyKind, RateBook, Valuation
from app.journal.domain import Snapshot
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import UNDATED, Span
from app.legislation import service as legislation
from app.pledges.domain import NO_DAY, Instrument, Posting, Stage
from app.pledges.domain.query import Filters
from app.totals import store
from app.totals.domain import (
    NATIVE,
    CellSum,
    Changes,
    Convert,
    Dimension,
    Explanation,
    ProvisionalRate,
    Sharing,
    Split,
    Totals,
    TotalsQuery,
    add_postings,
    aggregate,
    aggregate_firm,
    attribute,
    count_entries,
    explain,
    explain_cells,
    set_apart,
    set_shifts_apart,
    without,
)
from app.totals.errors import ExplanationTooLargeError
from app.totals.store import DonorActivity

# An explanation is for people and programs that check a figure; of more cells than these a filter makes less.
MAX_CELLS: Final = 10_000


def read_totals(session: ReadSession, query: TotalsQuery, snapshot: Snapshot) -> Totals:
    """The totals as of the snapshot.

    Raises:
        NoExchangeRateError: an amount cannot be converted; it names the currency and the day.
        UnknownReleaseError, NoPriceIndexError: there is no such table, or no index of that year's prices.
    """
    figures = _read_figures(session, query, snapshot)
    return _add_up(figures, query, _prepare(session, figures.every, query, snapshot))


def explain_totals(
    session: ReadSession, query: TotalsQuery, snapshot: Snapshot
) -> tuple[Totals, Explanation]:
    """The totals, and every cell and every rate that they come from; they cost what they cost without.

    Raises:
        ExplanationTooLargeError: there are more than ``MAX_CELLS`` cells.
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as ``read_totals``.
    """
    figures = _read_figures(session, query, snapshot)
    cells = figures.counted
    if len(cells) > MAX_CELLS:
        raise ExplanationTooLargeError(len(cells), MAX_CELLS)
    valuation = _prepare(session, figures.every, query, snapshot)
    totals, convert = _add_up(figures, query, valuation), _converter(valuation, query)
    explained = explain_cells(cells, query, convert, valuation.book.moment)
    return totals, Explanation(
        cells=tuple(explained),
        base=valuation.book.base,
        rates=valuation.book.used,
        prices=valuation.deflator.used if valuation.deflator else {},
        frames=_sum_frames(session, query, snapshot),
    )


def open_split(
    session: ReadSession,
    query: TotalsQuery,
    stages: Sequence[Stage],
    snapshot: Snapshot,
    valuations: Iterable[tuple[str, date]],
) -> Split:
    """Begin to split totals by pledge; all shares add up to what ``read_totals`` answers, to the last cent.

    It is then given, in any order, the pledges of the snapshot that the filters on status, text and the like let
    through. It holds none of them.

    Args:
        session: where rates are.
        query: what is asked for; which dimensions and which measure it has does not matter.
        stages: the measures.
        snapshot: of the ledger.
        valuations: the currencies and days of all amounts that are to be converted, or of more.

    Raises:
        UnknownReleaseError, NoPriceIndexError: as ``read_totals``. ``NoExchangeRateError`` comes with the pledge whose
            amount cannot be converted.
    """
    known = [one for one in valuations if one[1] != NO_DAY or not query.needs_day]
    valuation = _open_valuation(session, known, query, snapshot)
    asked = {stage: replace(query, measure=stage) for stage in stages}
    return Split(
        {
            stage: Sharing(one, _converter(valuation, one), valuation.book.moment)
            for stage, one in asked.items()
        },
        valuation.book,
    )


def read_changes(
    session: ReadSession, query: TotalsQuery, earlier: Snapshot, later: Snapshot
) -> Changes:
    """What made the totals by donor change from one snapshot to a later one, at the rates known by the later one.

    Beyond what the later totals cost, it costs what was posted between the two.

    Raises:
        NoExchangeRateError: an amount of either state, or one between them, cannot be converted.
    """
    after, apart = set_apart(store.read_cells(session, query, later), query)
    span = (earlier.revision, later.revision)
    facts = store.iter_facts(session, query, *span)
    posted = attribute(store.list_posted(session, query, *span), facts, query)
    shifts, moved = set_shifts_apart(posted, query)
    between = [CellSum(*one.cell, *one.effect) for one in shifts]
    valuation = _prepare(session, [*after, *between], query, later)
    rows, by_currency = explain(after, shifts, query, _converter(valuation, query))
    return Changes(
        query=query,
        rows=rows,
        by_currency=by_currency,
        entries=count_entries(shifts, store.count_settled(session, query, *span)),
        provisional=_provisional(valuation.book),
        base=valuation.book.base,
        rates=valuation.book.used,
        apart={
            code: (apart.get(code, 0) - moved.get(code, 0), apart.get(code, 0))
            for code in sorted({*apart, *moved})
        },
    )


def foresee_totals(
    session: ReadSession, query: TotalsQuery, postings: Sequence[Posting], snapshot: Snapshot
) -> tuple[Totals, Totals]:
    """The totals as they are, and as they would be once these postings were recorded.

    Of the donors of the postings alone, so that it costs what they cost; the totals of all change by as much.

    Args:
        session: where the sums are.
        query: by what, in which currency; its filters are not looked at.
        postings: not recorded yet.
        snapshot: the last state of the ledger.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as ``read_totals``.
    """
    query = replace(query, filters=Filters(donors=tuple({one.cell.donor for one in postings})))
    now = store.read_cells(session, query, snapshot)
    then = add_postings(now, postings, query)
    valuation = _prepare(session, set_apart([*now, *then], query)[0], query, snapshot)
    before, after = (
        _add_up(_Figures(cells=cells, conditional=[], apart=apart), query, valuation)
        for cells, apart in (set_apart(now, query), set_apart(then, query))
    )
    return before, after


def list_activity(session: ReadSession, snapshot: Snapshot) -> list[DonorActivity]:
    """Each donor that the ledger knows pledges of."""
    return store.list_activity(session, snapshot)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """The sums that an answer is made of.

    Attributes:
        cells: of all pledges.
        conditional: of those that wait for a parliament, which a firm total is without; else none.
        apart: by its own currency, in minor units, what has no day to be converted at and is in none of these.
    """

    cells: list[CellSum]
    conditional: list[CellSum]
    apart: dict[str, int]

    @property
    def every(self) -> list[CellSum]:
        """All cells that are converted."""
        return [*self.cells, *self.conditional]

    @property
    def counted(self) -> list[CellSum]:
        """The cells that the total is made of."""
        return without(self.cells, self.conditional)


def _read_figures(session: ReadSession, query: TotalsQuery, snapshot: Snapshot) -> _Figures:
    """The sums; of the pledges that a firm total leaves out, these alone are read."""
    cells, apart = set_apart(store.read_cells(session, query, snapshot), query)
    conditional: list[CellSum] = []
    if query.firm:
        pledges = legislation.list_conditional_pledges(session, snapshot)
        conditional, _ = set_apart(store.read_cells_of(session, query, snapshot, pledges), query)
    return _Figures(cells=cells, conditional=conditional, apart=apart)


def _add_up(figures: _Figures, query: TotalsQuery, valuation: Valuation) -> Totals:
    convert = _converter(valuation, query)
    totals = (
        aggregate_firm(figures.cells, figures.conditional, query, convert)
        if query.firm
        else aggregate(figures.cells, query, convert)
    )
    return replace(
        totals,
        provisional=_provisional(valuation.book),
        apart=figures.apart,
        index=valuation.deflator.index if valuation.deflator else None,
    )


def _provisional(book: Book) -> tuple[ProvisionalRate, ...]:
    return tuple(
        ProvisionalRate(currency=rate.currency, on=rate.asked_for, rate_on=rate.on)
        for rate in book.provisional
    )


def _prepare(
    session: ReadSession, cells: list[CellSum], query: TotalsQuery, snapshot: Snapshot
) -> Valuation:
    """What converts these cells, and remembers the rates that it gave."""
    valuations = [(cell.currency, cell.valued_on) for cell in cells if cell.amount]
    return _open_valuation(session, valuations, query, snapshot)


def _open_valuation(
    session: ReadSession,
    valuations: Iterable[tuple[str, date]],
    query: TotalsQuery,
    snapshot: Snapshot,
) -> Valuation:
    """What converts amounts of these currencies and days."""
    if query.is_native:
        return Valuation(RateBook.empty())
    target = query.currency
    foreign = [one for one in valuations if one[0] != target]
    deflator = None
    if query.prices is not None:
        deflator = fx.load_deflator(session, target, query.prices, snapshot)
    # A release that nobody knows is an error also where nothing needs converting.
    if not foreign and query.policy.kind is not PolicyKind.RELEASE:
        return Valuation(RateBook.empty(), deflator)
    days = [day for _, day in foreign]
    span = Span(min(days), max(days)) if days else UNDATED
    currencies = {currency for currency, _ in foreign} | {target}
    return Valuation(fx.open_book(session, query.policy, currencies, span, snapshot), deflator)


def _converter(valuation: Valuation, query: TotalsQuery) -> Convert:
    if query.is_native:
        return _unreachable
    into = CURRENCIES[query.currency]

    def convert(cell: CellSum) -> int:
        return valuation.convert(cell.amount, CURRENCIES[cell.currency], into, cell.valued_on)

    return convert


def _sum_frames(session: ReadSession, query: TotalsQuery, snapshot: Snapshot) -> dict[str, int]:
    """What is left out because it stands in frames, where none was asked for."""
    if query.filters.instruments:
        return {}
    frames = replace(query.filters, instruments=(Instrument.AUTHORITY,))
    asked = replace(query, currency=NATIVE, by=(Dimension.DONOR,), prices=None, filters=frames)
    cells = store.read_cells(session, asked, snapshot)
    sums = aggregate(cells, replace(asked, cumulative=False), _unreachable).by_currency
    return {code: figures.amount for code, figures in sorted(sums.items()) if figures.amount}


def _unreachable(_cell: CellSum) -> int:
    message = "no amount is in another currency than the one asked for"
    raise AssertionError(message)
