"""Conversion: exact arithmetic, one rounding at the end, and a memory of the rates that were used.

From one currency to another it goes through the euro, with both rates of the same day.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from app.fx.domain.prices import Deflator
from app.kernel.currencies import Currency

EURO: Final = "EUR"
ECB: Final = "ECB"
# What bundles and workbooks are made in; totals convert into any currency that has rates.
TARGETS: Final = ("EUR", "USD")


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate that applies to a day.

    Attributes:
        currency: ISO 4217 code.
        on: the day that the rate was published for; of an average, the last of its days.
        value: units of the currency for one euro, or for one unit of a release's own base.
        asked_for: the day that it is applied to.
        provisional: whether ``asked_for`` lies after the last day of all known rates.
        source: who published it.
    """

    currency: str
    on: date
    value: Decimal
    asked_for: date
    provisional: bool
    source: str = ECB


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """One rate a currency, for amounts of all days: what a data set was once converted with.

    Attributes:
        label: its name, ``R7``.
        base: the currency that the rates are of one unit of; it has the rate 1.
        on: the day that the table stands for.
        source: who published it.
        rates: units of each currency for one unit of the base.
    """

    label: str
    base: str
    on: date
    source: str
    rates: Mapping[str, Decimal]


class Book(ABC):
    """The rates that one answer needs. It remembers which it gave, so each answer has a book of its own."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, date], Rate] = {}
        self._ratios: dict[tuple[str, str, date], tuple[int, int]] = {}

    @property
    def base(self) -> str:
        """The currency that the rates are of one unit of."""
        return EURO

    @property
    def used(self) -> tuple[Rate, ...]:
        """The rates given so far, by currency and day."""
        return tuple(sorted(self._given.values(), key=lambda rate: (rate.currency, rate.asked_for)))

    @property
    def provisional(self) -> tuple[Rate, ...]:
        """Those of them that are provisional; an answer has to name them."""
        return tuple(rate for rate in self.used if rate.provisional)

    def moment(self, day: date) -> date:
        """The day whose rate an amount of ``day`` takes."""
        return day

    def rate(self, currency: str, day: date) -> Rate:
        """The rate of a currency for an amount of ``day``; the euro itself is always 1.

        Raises:
            NoExchangeRateError: no rate applies.
            LookupError: the book was not made for this currency or day, which is our own mistake.
        """
        moment = self.moment(day)
        if currency == EURO:
            return Rate(EURO, moment, Decimal(1), moment, provisional=False)
        given = self._given.get((currency, moment))
        if given is None:
            given = self._given[currency, moment] = self._find_rate(currency, moment)
        return given

    def convert(self, minor: int, source: Currency, target: Currency, day: date) -> int:
        """Minor units of ``target`` for minor units of ``source``, rounded half to even.

        Raises:
            NoExchangeRateError: as for ``rate``. Never for a currency into itself.
        """
        if source.code == target.code:
            return minor
        top, bottom = self.ratio(source, target, day)
        return divide_half_even(minor * top, bottom)

    def ratio(self, source: Currency, target: Currency, day: date) -> tuple[int, int]:
        """Minor units of ``target`` per minor unit of ``source``: numerator and denominator.

        Raises:
            NoExchangeRateError: as for ``rate``. Never for a currency into itself.
        """
        if source.code == target.code:
            return 1, 1
        key = (source.code, target.code, day)
        ratio = self._ratios.get(key)
        if ratio is None:
            ratio = self._ratios[key] = self._find_ratio(source, target, day)
        return ratio

    def _find_ratio(self, source: Currency, target: Currency, day: date) -> tuple[int, int]:
        source_units, source_euros = self.rate(source.code, day).value.as_integer_ratio()
        target_units, target_euros = self.rate(target.code, day).value.as_integer_ratio()
        return (
            target_units * source_euros * 10**target.decimals,
            source_units * target_euros * 10**source.decimals,
        )

    @abstractmethod
    def _find_rate(self, currency: str, day: date) -> Rate:
        """The rate of a currency other than the euro on a day."""


@dataclass(frozen=True, slots=True)
class Valuation:
    """What makes figures of amounts: the rates of one policy, and the index of prices where they are held constant."""

    book: Book
    deflator: Deflator | None = None

    def convert(self, minor: int, source: Currency, target: Currency, day: date) -> int:
        """Minor units of ``target`` for minor units of ``source``, rounded once, half to even.

        Args:
            minor: the amount.
            source: its currency.
            target: the currency of the figure.
            day: decides the rate, as the policy has it, and the year of the prices.

        Raises:
            NoExchangeRateError, NoPriceIndexError: as their names say.
        """
        if self.deflator is None:
            return self.book.convert(minor, source, target, day)
        top, bottom = self.book.ratio(source, target, day)
        prices, of_day = self.deflator.ratio(day)
        return divide_half_even(minor * top * prices, bottom * of_day)


def divide_half_even(numerator: int, denominator: int) -> int:
    """The quotient as a whole number, rounded half to even; the denominator is positive."""
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    if twice > denominator or (twice == denominator and quotient % 2):
        return quotient + 1
    return quotient
