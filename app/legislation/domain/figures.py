"""Sums of what is pending: by the dimensions asked for, in native currencies or converted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from app.fx.domain import Rate, RateBook
from app.journal.domain import Snapshot
from app.kernel.currencies import CURRENCIES
from app.kernel.money import format_minor
from app.legislation.domain.model import Component, Kind
from app.legislation.domain.pending import Column, PendingRow, Standing
from app.legislation.domain.states import State

NATIVE: Final = "native"


class Dimension(StrEnum):
    """What pending amounts can be broken down by."""

    DONOR = "donor"
    COMPONENT = "component"
    STATE = "state"
    KIND = "kind"
    REQUEST = "request"

    def value_of(self, row: PendingRow) -> str:
        """The row's value on the wire."""
        match self:
            case Dimension.DONOR:
                return row.donor
            case Dimension.COMPONENT:
                return row.component.value
            case Dimension.STATE:
                return row.state.value
            case Dimension.KIND:
                return row.kind.value
            case Dimension.REQUEST:
                return row.reference


class RateOf(StrEnum):
    """Whose day's exchange rate converts a pending amount."""

    REQUESTED_ON = "requested_on"
    ON = "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingQuery:
    """What is asked.

    Attributes:
        on: what had happened by the end of this day.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
        by: one to three dimensions.
        currency: ``native``, ``EUR`` or ``USD``.
        rate_of: the day of the request, or the day asked for.
        donors, components, states, kinds: which; empty means all.
    """

    on: date
    known_on: date | None = None
    by: tuple[Dimension, ...] = (Dimension.DONOR, Dimension.COMPONENT)
    currency: str = NATIVE
    rate_of: RateOf = RateOf.REQUESTED_ON
    donors: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    states: tuple[State, ...] = ()
    kinds: tuple[Kind, ...] = ()

    def admits(self, row: PendingRow) -> bool:
        """Whether the row is among those asked for."""
        asked = (
            (self.donors, row.donor),
            (self.components, row.component),
            (self.states, row.state),
            (self.kinds, row.kind),
        )
        return all(not wanted or value in wanted for wanted, value in asked)

    def dated(self, row: PendingRow) -> PendingRow:
        """The row with the day whose rate converts it."""
        return row if self.rate_of is RateOf.REQUESTED_ON else replace(row, valued_on=self.on)


@dataclass(frozen=True, slots=True)
class Sums:
    """What stands behind one figure, all of one currency.

    Attributes:
        minor: minor units by column; a column without any is left out.
        requests: how many requests.
        unvalued: how many lines have no published amount.
    """

    currency: str
    minor: Mapping[Column, int]
    requests: int
    unvalued: int

    def format(self, column: Column) -> str:
        """The sum of a column as a decimal string."""
        return format_minor(self.minor.get(column, 0), CURRENCIES[self.currency].decimals)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row of the answer: the values of the dimensions, in the order asked for, and the sums.

    Attributes:
        standing: what is announced or awaits signature has rows of its own.
    """

    key: tuple[str, ...]
    standing: Standing
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over rows.

    Attributes:
        by_currency: one per currency; currencies are never added to each other.
        requests: how many requests stand behind them in all.
        unvalued: how many of their lines have no published amount.
    """

    by_currency: tuple[Sums, ...]
    requests: int
    unvalued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingFigures:
    """What is pending, as asked.

    Attributes:
        rows: by dimensions, standing and currency, sorted; without what is only announced.
        total: of ``rows``.
        awaiting_signature: the part of ``total`` that the legislature is done with.
        announced: rows of what is announced and not yet asked for; in no other figure here.
        announced_total: of ``announced``.
        provisional: rates that were used before the day's own was known.
    """

    query: PendingQuery
    snapshot: Snapshot
    rows: tuple[FigureRow, ...]
    total: Totals
    awaiting_signature: Totals
    announced: tuple[FigureRow, ...]
    announced_total: Totals
    provisional: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingPart:
    """One line as its request has it, and as the figures add it up; the same where nothing is converted."""

    native: PendingRow
    told: PendingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingBreakdown:
    """What is pending, with the lines behind it.

    Attributes:
        parts: by reference, in the order of their requests; what is only announced too.
        rates: all that the lines were converted with; empty where nothing is converted.
    """

    figures: PendingFigures
    parts: tuple[PendingPart, ...]
    rates: tuple[Rate, ...] = ()


@dataclass
class _Tally:
    minor: defaultdict[Column, int] = field(default_factory=lambda: defaultdict(int))
    requests: set[str] = field(default_factory=set)
    unvalued: int = 0

    def add(self, row: PendingRow) -> None:
        self.requests.add(row.reference)
        if row.minor is None:
            self.unvalued += 1
        else:
            self.minor[row.column] += row.minor

    def sums(self, currency: str) -> Sums:
        return Sums(currency, dict(self.minor), len(self.requests), self.unvalued)


def convert(rows: Iterable[PendingRow], currency: str, book: RateBook) -> list[PendingRow]:
    """Every line in one currency, converted and rounded once, so that sums of it add up.

    Raises:
        NoExchangeRateError: there is no rate for one of them.
    """
    return [_convert(row, currency, book) for row in rows]


def _convert(row: PendingRow, currency: str, book: RateBook) -> PendingRow:
    if row.minor is None:
        return replace(row, currency=currency)
    source, target = CURRENCIES[row.currency], CURRENCIES[currency]
    minor = book.convert(row.minor, source, target, row.valued_on)
    return replace(row, currency=currency, minor=minor)


def summarise(
    rows: Iterable[PendingRow],
    query: PendingQuery,
    snapshot: Snapshot,
    provisional: tuple[Rate, ...] = (),
) -> PendingFigures:
    """Add up rows by the dimensions asked for and by currency; two currencies are never added."""
    told = list(rows)
    asked = [row for row in told if row.standing is not Standing.ANNOUNCED]
    announced = [row for row in told if row.standing is Standing.ANNOUNCED]
    waiting = [row for row in asked if row.standing is Standing.AWAITING_SIGNATURE]
    return PendingFigures(
        query=query,
        snapshot=snapshot,
        rows=_add_up(asked, query.by),
        total=_total(asked),
        awaiting_signature=_total(waiting),
        announced=_add_up(announced, query.by),
        announced_total=_total(announced),
        provisional=provisional,
    )


def _add_up(rows: Iterable[PendingRow], by: tuple[Dimension, ...]) -> tuple[FigureRow, ...]:
    cells: defaultdict[tuple[tuple[str, ...], Standing, str], _Tally] = defaultdict(_Tally)
    for row in rows:
        key = tuple(dimension.value_of(row) for dimension in by)
        cells[key, row.standing, row.currency].add(row)
    return tuple(
        FigureRow(key, standing, cells[key, standing, currency].sums(currency))
        for key, standing, currency in sorted(cells)
    )


def _total(rows: Iterable[PendingRow]) -> Totals:
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    everything = _Tally()
    for row in rows:
        tallies[row.currency].add(row)
        everything.add(row)
    return Totals(
        by_currency=tuple(tallies[currency].sums(currency) for currency in sorted(tallies)),
        requests=len(everything.requests),
        unvalued=everything.unvalued,
    )
