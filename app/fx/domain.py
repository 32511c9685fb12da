"""Conversion by published rates: exact arithmetic, one rounding at the end, nothing made up.

The rates are the euro foreign exchange reference rates of the European Central Bank: units of a
currency for one euro, published on the working days of the TARGET system. An amount takes the rate
of the last working day on or before its own day. From one currency to another it goes through the
euro, with both rates of the same day.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from app.fx.errors import NoExchangeRateError
from app.kernel.currencies import Currency
from app.kernel.dates import Span

EURO: Final = "EUR"
TARGETS: Final = ("EUR", "USD")
# The dollar has a rate on every day that has any, so its last day is the last day of all rates.
YARDSTICK: Final = "USD"
# The longest pause between two working days since 1999 is five days (Easter, Christmas). A rate
# older than a week means that the bank has stopped publishing it: the rouble since March 2022, the
# kuna since Croatia has the euro.
MAX_AGE_DAYS: Final = 7
# The rates come with a package that is renewed every month, so the newest amounts are always ahead
# of them. Two months of grace keep today's totals alive when a renewal is late; the longest two
# months have 62 days. Such a rate is marked provisional, and the answer says so.
PROVISIONAL_DAYS: Final = 62


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate that applies to a day.

    Attributes:
        currency: ISO 4217 code.
        on: the day that the rate was published for.
        value: units of the currency for one euro.
        asked_for: the day that it is applied to.
        provisional: whether ``asked_for`` lies after the last day of all known rates.
    """

    currency: str
    on: date
    value: Decimal
    asked_for: date
    provisional: bool


class RateBook:
    """The rates of some currencies for amounts of some days: what one answer needs.

    It remembers which rates it gave, so each answer has a book of its own.
    """

    def __init__(
        self, series: Mapping[str, Iterable[str]], *, span: Span, ends_on: date | None
    ) -> None:
        """Take published rates.

        Args:
            series: by currency, its rates, each as ``"2023-11-14 7.4580"`` (day, blank, units for
                one euro). Empty for a currency that is not published. They begin ``MAX_AGE_DAYS``
                before ``span``, or before ``ends_on`` where that is earlier.
            span: the days of the amounts that will be converted.
            ends_on: the last day of all known rates; ``None`` when no rate is known.
        """
        # ISO days sort as text, and an answer needs few of the rates: those are parsed when asked.
        self._series = {currency: sorted(rates) for currency, rates in series.items()}
        self._span = span
        self._ends_on = ends_on
        self._given: dict[tuple[str, date], Rate] = {}
        self._ratios: dict[tuple[str, str, date], tuple[int, int]] = {}

    @property
    def provisional(self) -> tuple[Rate, ...]:
        """The provisional rates given so far, by currency and day; an answer has to name them."""
        given = (rate for rate in self._given.values() if rate.provisional)
        return tuple(sorted(given, key=lambda rate: (rate.currency, rate.asked_for)))

    def rate(self, currency: str, day: date) -> Rate:
        """The rate of the last working day on or before ``day``; the euro itself is always 1.

        Raises:
            NoExchangeRateError: the currency is not published, not yet, or no longer; or ``day``
                lies more than ``PROVISIONAL_DAYS`` after the last known rate.
            LookupError: the book was not made for this currency or day, which is our own mistake.
        """
        if currency == EURO:
            return Rate(EURO, day, Decimal(1), day, provisional=False)
        given = self._given.get((currency, day))
        if given is None:
            given = self._given[currency, day] = self._find_rate(currency, day)
        return given

    def convert(self, minor: int, source: Currency, target: Currency, day: date) -> int:
        """Minor units of ``target`` for minor units of ``source``, rounded half to even.

        Raises:
            NoExchangeRateError: as for ``rate``. Never for a currency into itself.
        """
        if source.code == target.code:
            return minor
        key = (source.code, target.code, day)
        ratio = self._ratios.get(key)
        if ratio is None:
            ratio = self._ratios[key] = self._find_ratio(source, target, day)
        return _divide_half_even(minor * ratio[0], ratio[1])

    def _find_rate(self, currency: str, day: date) -> Rate:
        rates, ends_on = self._covering(currency, day), self._ends_on
        index = bisect_right(rates, f"{day.isoformat()}~") - 1  # "~" sorts after the blank
        if index < 0 or ends_on is None or day > ends_on + timedelta(days=PROVISIONAL_DAYS):
            raise NoExchangeRateError(currency, day)
        published_on, _, value = rates[index].partition(" ")
        on = date.fromisoformat(published_on)
        if min(day, ends_on) - on > timedelta(days=MAX_AGE_DAYS):
            raise NoExchangeRateError(currency, day)
        return Rate(currency, on, Decimal(value), day, provisional=day > ends_on)

    def _covering(self, currency: str, day: date) -> list[str]:
        # Without this, a day after the loaded ones would silently take a rate that is too old.
        if currency not in self._series or not self._span.first <= day <= self._span.last:
            raise LookupError(f"The book does not cover {currency} on {day.isoformat()}.")
        return self._series[currency]

    def _find_ratio(self, source: Currency, target: Currency, day: date) -> tuple[int, int]:
        """Minor units of ``target`` per minor unit of ``source``: numerator and denominator."""
        source_units, source_euros = self.rate(source.code, day).value.as_integer_ratio()
        target_units, target_euros = self.rate(target.code, day).value.as_integer_ratio()
        return (
            target_units * source_euros * 10**target.decimals,
            source_units * target_euros * 10**source.decimals,
        )


def _divide_half_even(numerator: int, denominator: int) -> int:
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    if twice > denominator or (twice == denominator and quotient % 2):
        return quotient + 1
    return quotient
