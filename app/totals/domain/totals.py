"""Aggregation: cells of the ledger become rows of figures. Pure, exact, and each total is the sum of its rows.

Every amount is converted cell by cell (donor, aid type, instrument, currency, effective date) and rounded there to the
minor unit of the target. All figures are sums of those, so any table adds up to the cent, and the same figure is the
same in every table.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Final, NamedTuple

from app.donors.domain import get_donor
from app.fx.domain import EFFECTIVE, Policy, PriceIndex
from app.kernel.dates import Span
from app.kernel.periods import Grain, Period, find_period, period_of
from app.pledges.domain import NO_CURRENCY, NO_DAY, Stage
from app.pledges.domain.query import Filters

NATIVE: Final = "native"
MAX_DIMENSIONS: Final = 3


class Dimension(StrEnum):
    """What totals can be split by."""

    DONOR = "donor"
    GROUP = "group"
    AID_TYPE = "aid_type"
    INSTRUMENT = "instrument"
    CURRENCY = "currency"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def grain(self) -> Grain | None:
        """The length of the period, for a dimension of time."""
        return _GRAINS.get(self.value)


_GRAINS: Final[Mapping[str, Grain]] = {grain.value: grain for grain in Grain}


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsQuery:
    """What is asked for.

    Attributes:
        measure: the stage; stages are never added to each other.
        by: one to three dimensions, at most one of them of time.
        currency: an ISO 4217 code to convert to, or ``native``.
        policy: which rate an amount takes; without meaning where amounts stay in their own currencies.
        prices: the year in whose prices amounts are given; ``None`` for those of their own time.
        cumulative: each period shows all up to its end; needs a dimension of time.
        firm: without the pledges that wait for a parliament; what they come to stands beside it.
        filters: ``first`` and ``last`` are about the effective dates of the steps.
    """

    measure: Stage
    by: tuple[Dimension, ...]
    currency: str
    policy: Policy = EFFECTIVE
    prices: int | None = None
    cumulative: bool = False
    firm: bool = False
    filters: Filters = field(default_factory=Filters)

    @property
    def is_native(self) -> bool:
        """Whether amounts stay in their own currencies."""
        return self.currency == NATIVE

    @property
    def needs_day(self) -> bool:
        """Whether an amount that is converted must have a day: for its rate, or for the prices of its year."""
        return not self.is_native and (self.policy.needs_day or self.prices is not None)

    @property
    def columns(self) -> tuple[Dimension, ...]:
        """The keys of a row: what was asked for, and the currency where amounts keep theirs."""
        if self.is_native and Dimension.CURRENCY not in self.by:
            return (*self.by, Dimension.CURRENCY)
        return self.by

    @property
    def grain(self) -> Grain | None:
        """The length of a period, where the rows are a series over time."""
        return next((one.grain for one in self.by if one.grain), None)


# Donor, aid type, instrument, currency, valuation day, first and last day.
CellKey = tuple[str, str, str, str, date, date, date]


class CellSum(NamedTuple):
    """The sum of all postings of one cell at one stage.

    ``valued_on`` is the day whose rate converts it, ``NO_DAY`` where neither it nor its pledge has a date.
    """

    donor: str
    aid_type: str
    instrument: str
    currency: str
    valued_on: date
    first: date
    last: date
    amount: int
    pledges: int
    unvalued: int

    @property
    def span(self) -> Span:
        """The effective date."""
        return Span(self.first, self.last)


@dataclass(slots=True)
class Sum:
    """Figures that are added up: minor units of one currency, counts, and the undated part of the amount."""

    amount: int = 0
    pledges: int = 0
    unvalued: int = 0
    undated: int = 0

    def add(self, other: "Sum") -> None:
        """Add another sum of the same currency."""
        self.count(other.amount, other.pledges, other.unvalued, other.undated)

    def count(self, amount: int, pledges: int, unvalued: int, undated: int) -> None:
        """Add figures of the same currency."""
        self.amount += amount
        self.pledges += pledges
        self.unvalued += unvalued
        self.undated += undated


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its keys in the order of ``TotalsQuery.columns``, its currency, its figures.

    Attributes:
        conditional: what a firm total leaves out of ``figures``.
    """

    key: tuple[str | None, ...]
    currency: str
    figures: Sum
    conditional: Sum = field(default_factory=Sum)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionalRate:
    """A rate that stands in because none is published yet for the day."""

    currency: str
    on: date
    rate_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The answer: rows in the order of their keys, and the grand total per currency.

    With a target currency there is exactly one grand total. With native currencies there is one for each, and two are
    never added.

    Attributes:
        conditional: what a firm total leaves out of ``by_currency``, of the same currencies; else empty.
        apart: by its own currency, in minor units, what has no day to be converted at and is in no figure.
        index: of the prices that amounts are given in.
    """

    query: TotalsQuery
    rows: tuple[Row, ...]
    by_currency: Mapping[str, Sum]
    conditional: Mapping[str, Sum] = field(default_factory=dict)
    provisional: tuple[ProvisionalRate, ...] = ()
    apart: Mapping[str, int] = field(default_factory=dict)
    index: PriceIndex | None = None


Convert = Callable[[CellSum], int]
# What a row is about, and the currency of its figures.
RowKey = tuple[tuple[str | None, ...], str]


class Moment(NamedTuple):
    """What an effective date means for a question.

    Attributes:
        certain: it lies within the days asked for.
        period: of the series, where there is one that holds it.
        dated: its amount is not part of ``undated``.
    """

    certain: bool
    period: Period | None
    dated: bool


class Plan:
    """What every cell is asked, worked out once: there are thousands of cells, and far fewer dates."""

    def __init__(self, query: TotalsQuery) -> None:
        self.window = query.filters.window
        self.grain = query.grain
        self.cumulative = query.cumulative
        self.target = None if query.is_native else query.currency
        self.deflates = query.prices is not None
        self.needs_day = query.needs_day
        self.by_group = Dimension.GROUP in query.by
        self.group_place = query.by.index(Dimension.GROUP) if self.by_group else 0
        self.readers = tuple(_READERS[one] for one in query.columns)
        self._moments: dict[tuple[date, date], Moment] = {}

    def moment(self, cell: "CellSum") -> Moment:
        """What the date of a cell means here."""
        key = (cell.first, cell.last)
        known = self._moments.get(key)
        if known is None:
            known = self._moments[key] = self._judge(cell.span)
        return known

    def must_convert(self, cell: "CellSum") -> bool:
        """Whether its amount is another one in the target currency, or in the prices of another year."""
        if not cell.amount or self.target is None:
            return False
        return self.deflates or cell.currency != self.target

    def sets_apart(self, cell: "CellSum") -> bool:
        """Whether its amount cannot be converted, because it has no day."""
        return self.needs_day and cell.valued_on == NO_DAY and self.must_convert(cell)

    def _judge(self, span: Span) -> Moment:
        certain = self.window.contains(span)
        period = self._period(span) if certain and self.grain else None
        dated = period is not None if self.grain else certain and span.is_dated
        return Moment(certain, period, dated)

    def _period(self, span: Span) -> Period | None:
        assert self.grain is not None  # noqa: S101 -- asked for a series alone
        if self.cumulative and span.is_dated:
            # The range up to the end of a period contains a date as soon as its last day is over.
            return period_of(self.grain, span.last)
        return find_period(self.grain, span)


def set_apart(cells: Iterable[CellSum], query: TotalsQuery) -> tuple[list[CellSum], dict[str, int]]:
    """The cells without the amounts that need converting and have no day for it; and these, by their currencies.

    Their pledges still count.
    """
    plan = Plan(query)
    kept: list[CellSum] = []
    apart: defaultdict[str, int] = defaultdict(int)
    for cell in cells:
        if plan.sets_apart(cell):
            apart[cell.currency] += cell.amount
            kept.append(cell._replace(amount=0))
        else:
            kept.append(cell)
    return kept, dict(apart)


class _Tally:
    """What the cells come to: by row, of a series also by period, and all together by currency."""

    def __init__(self, query: TotalsQuery) -> None:
        self.grand: defaultdict[str, Sum] = defaultdict(Sum)
        self._query, self._plan = query, Plan(query)
        self._rows: defaultdict[RowKey, Sum] = defaultdict(Sum)
        self._series: defaultdict[RowKey, dict[Period, Sum]] = defaultdict(dict)

    def add(self, cell: CellSum, convert: Convert) -> None:
        """Count a cell wherever it belongs."""
        plan = self._plan
        certain, period, dated = plan.moment(cell)
        if not certain and not cell.amount:
            # A count that may or may not belong here is left out: see the docstring of ``count_marks``.
            return
        currency = plan.target or cell.currency
        value = convert(cell) if plan.must_convert(cell) else cell.amount
        figures = (
            value,
            cell.pledges if certain else 0,
            cell.unvalued if certain else 0,
            0 if dated else value,
        )
        self.grand[currency].count(*figures)
        if plan.grain and period is None:
            return
        for key in _keys(cell, plan):
            if period is None:
                self._rows[key, currency].count(*figures)
            else:
                self._series[key, currency].setdefault(period, Sum()).count(*figures)

    def lay_out(self, beside: Iterable[CellSum]) -> Mapping[RowKey, Sum]:
        """The rows; those of a series over its periods, and over those of the cells ``beside``."""
        if self._plan.grain:
            periods = {period for one in self._series.values() for period in one}
            periods |= {period for cell in beside if (period := self._plan.moment(cell).period)}
            _lay_out(self._series, self._query, self._rows, max(periods, default=None))
        return self._rows


def aggregate(
    cells: Iterable[CellSum],
    query: TotalsQuery,
    convert: Convert,
    *,
    beside: Iterable[CellSum] = (),
) -> Totals:
    """Add the cells up.

    An amount that may or may not lie in the days asked for, because its date is coarser or missing, is part of the
    total and of its ``undated``; in a series over time it is in no period.

    Args:
        cells: the sums of the measure's stage that overlap the days asked for.
        query: what is asked for.
        convert: minor units of the target currency for a cell; not called where nothing needs converting.
        beside: cells of another answer to the same question; running sums reach as far as theirs.
    """
    tally = _Tally(query)
    for cell in cells:
        tally.add(cell, convert)
    rows = tally.lay_out(beside)
    ordered = tuple(
        Row(key, currency, figures)
        for (key, currency), figures in sorted(rows.items(), key=_order)
        if figures != Sum()
    )
    return Totals(query=query, rows=ordered, by_currency=dict(tally.grand) or _nothing(query))


def _nothing(query: TotalsQuery) -> dict[str, Sum]:
    return {} if query.is_native else {query.currency: Sum()}


def _read_currency(cell: CellSum) -> str | None:
    return None if cell.currency == NO_CURRENCY else cell.currency


def _fill_in_later(_cell: CellSum) -> None:
    """The period, which ``_lay_out`` puts in its place, and the group, of which there may be several."""


_READERS: Final[Mapping[Dimension, Callable[[CellSum], str | None]]] = {
    Dimension.DONOR: attrgetter("donor"),
    Dimension.AID_TYPE: attrgetter("aid_type"),
    Dimension.INSTRUMENT: attrgetter("instrument"),
    Dimension.CURRENCY: _read_currency,
    Dimension.GROUP: _fill_in_later,
    Dimension.MONTH: _fill_in_later,
    Dimension.QUARTER: _fill_in_later,
    Dimension.YEAR: _fill_in_later,
}


def _keys(cell: CellSum, plan: Plan) -> Iterator[tuple[str | None, ...]]:
    """The row that a cell belongs to, without its period; several where the donor is in several groups."""
    key = tuple([read(cell) for read in plan.readers])
    if not plan.by_group:
        yield key
        return
    place = plan.group_place
    for group in get_donor(cell.donor).groups_on(cell.last):
        yield (*key[:place], group.value, *key[place + 1 :])


def _lay_out(
    series: Mapping[RowKey, dict[Period, Sum]],
    query: TotalsQuery,
    rows: dict[RowKey, Sum],
    last: Period | None,
) -> None:
    """Turn the series into rows, one for each period, with the period in its place among the keys.

    Running sums go on to the period ``last``.
    """
    place = next(index for index, one in enumerate(query.columns) if one.grain)
    for (key, currency), periods in series.items():
        shown = _accumulate(periods, last) if query.cumulative and last else periods
        for period, figures in shown.items():
            rows[(*key[:place], period.label, *key[place + 1 :]), currency] = figures


def _accumulate(periods: Mapping[Period, Sum], last: Period) -> dict[Period, Sum]:
    """Running sums from the first period to ``last``, without gaps."""
    running, period, shown = Sum(), min(periods), {}
    while period <= last:
        running.add(periods.get(period, Sum()))
        shown[period] = Sum(running.amount, running.pledges, running.unvalued, running.undated)
        period = period.next()
    return shown


def _order(item: tuple[tuple[tuple[str | None, ...], str], Sum]) -> tuple[tuple[str, ...], str]:
    (key, currency), _ = item
    return tuple(part or "" for part in key), currency
