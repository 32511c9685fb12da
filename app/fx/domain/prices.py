"""Constant prices: an amount of one year in the prices of another, by a yearly index of the target currency's prices.

An amount is converted first, at the rate of its own time, and deflated then: so the index is the one of the currency
that the figure is in, whoever paid. The year of an amount is that of the day which its own rate would be of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.fx.errors import NoPriceIndexError


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceIndex:
    """A yearly index of prices in one currency; only the ratio of two years means anything.

    Attributes:
        currency: ISO 4217 code.
        source: who publishes it.
        label: its name, such as ``HICP euro area, annual average``.
        import_id: the load that it came with.
        values: by year.
    """

    currency: str
    source: str
    label: str
    import_id: int
    values: Mapping[int, Decimal]


class Deflator:
    """Restates amounts in the prices of one year, and remembers which years it was asked for."""

    def __init__(self, index: PriceIndex, year: int) -> None:
        """Take an index.

        Raises:
            NoPriceIndexError: it does not know the year.
        """
        self.index = index
        self.year = year
        self._base = self._value(year)
        self._used: set[int] = set()

    @property
    def used(self) -> dict[int, Decimal]:
        """The index of every year that was asked for, and of the year whose prices are shown."""
        return {year: self.index.values[year] for year in sorted({self.year, *self._used})}

    def ratio(self, day: date) -> tuple[int, int]:
        """What an amount of the day is multiplied by: numerator and denominator.

        Raises:
            NoPriceIndexError: the index does not know the year of the day.
        """
        value = self._value(day.year)
        self._used.add(day.year)
        base_top, base_bottom = self._base.as_integer_ratio()
        top, bottom = value.as_integer_ratio()
        return base_top * bottom, base_bottom * top

    def _value(self, year: int) -> Decimal:
        value = self.index.values.get(year)
        if value is None:
            raise NoPriceIndexError(self.index.currency, year)
        return value
