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
from app.legislation.domain.model import Component
from app.legislation.domain.pending import Column, PendingRow

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingQuery:
    """What is asked.

    Attributes:
        on: the day, at its end.
        by: one to three dimensions.
        currency: ``native``, ``EUR`` or ``USD``.
        donors, components: which; empty means all.
    """

    on: date
    by: tuple[Dimension, ...] = (Dimension.DONOR, Dimension.COMPONENT)
    currency: str = NATIVE
    donors: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()

    def admits(self, row: PendingRow) -> bool:
        """Whether the row is among those asked for."""
        is_donor = not self.donors or row.donor in self.donors
        return is_donor and (not self.components or row.component in self.components)


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
    """One row of the answer: the values of the dimensions, in the order asked for, and the sums."""

    key: tuple[str, ...]
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingFigures:
    """What is pending, as asked.

    Attributes:
        rows: by dimensions and currency, sorted.
        by_currency: the totals, one per currency; currencies are never added to each other.
        requests: how many requests are pending in all.
        unvalued: how many of their lines have no published amount.
        provisional: rates that were used before the day's own was known.
    """

    query: PendingQuery
    snapshot: Snapshot
    rows: tuple[FigureRow, ...]
    by_currency: tuple[Sums, ...]
    requests: int
    unvalued: int
    provisional: tuple[Rate, ...] = ()


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
    cells: defaultdict[tuple[tuple[str, ...], str], _Tally] = defaultdict(_Tally)
    totals: defaultdict[str, _Tally] = defaultdict(_Tally)
    everything = _Tally()
    for row in rows:
        key = tuple(dimension.value_of(row) for dimension in query.by)
        for tally in (cells[key, row.currency], totals[row.currency], everything):
            tally.add(row)
    return PendingFigures(
        query=query,
        snapshot=snapshot,
        rows=tuple(
            FigureRow(key, cells[key, currency].sums(currency)) for key, currency in sorted(cells)
        ),
        by_currency=tuple(totals[currency].sums(currency) for currency in sorted(totals)),
        requests=len(everything.requests),
        unvalued=everything.unvalued,
        provisional=provisional,
    )
