"""Conversion with published euro reference rates: exact fractions, rounded once, half to even."""

import csv
import re
from bisect import bisect_right
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from verifier.errors import MalformedError, MismatchError

EURO: Final = "EUR"
# Both currencies that totals are converted to have cents.
TARGETS: Final = {"EUR": 2, "USD": 2}
MAX_AGE: Final = timedelta(days=7)
PROVISIONAL: Final = timedelta(days=62)
_HEADER: Final = ["currency", "day", "rate"]
_RATE: Final = re.compile(r"(?=.*[1-9])[0-9]{1,16}(?:\.[0-9]{1,15})?", re.ASCII)


class Rates:
    """Units of a currency for one euro, on the days on which they were published."""

    def __init__(self, series: dict[str, list[tuple[date, Fraction]]], until: date | None) -> None:
        self._series = series
        self._until = until

    @classmethod
    def read(cls, data: bytes, until: date | None) -> "Rates":
        """Read a bundle's rates.

        Args:
            data: lines of currency, ISO day and rate, sorted, with a header.
            until: the last day with any rate that the ledger held.

        Raises:
            MalformedError: a line is something else, or stands out of order.
        """
        series: dict[str, list[tuple[date, Fraction]]] = {}
        try:
            header, *rows = csv.reader(data.decode("ascii").splitlines(), strict=True)
            if header != _HEADER or rows != sorted(rows):
                raise ValueError("order")
            for currency, day, rate in rows:
                if not _RATE.fullmatch(rate):
                    raise ValueError(rate)
                series.setdefault(currency, []).append((date.fromisoformat(day), Fraction(rate)))
        except (ValueError, csv.Error):
            raise MalformedError("The bundle's exchange rates cannot be read.") from None
        return cls(series, until)

    def convert(self, minor: int, decimals: int, source: str, target: str, day: str) -> int:
        """Minor units of ``target`` for minor units of ``source``, at the rates of the day.

        Raises:
            MismatchError: the bundle holds no rate that may be used.
        """
        if source == target:
            return minor
        on = date.fromisoformat(day)
        euros = Fraction(minor, 10**decimals) / self._rate(source, on)
        minor_units: int = 10 ** TARGETS[target]
        return round(euros * self._rate(target, on) * minor_units)

    def _rate(self, currency: str, day: date) -> Fraction:
        """The rate of the last day with one on or before ``day``, if that is not too long ago.

        A day after all known rates takes the last one: provisionally, and for two months at most.
        """
        if currency == EURO:
            return Fraction(1)
        rates = self._series.get(currency, [])
        place = bisect_right(rates, day, key=lambda one: one[0]) - 1
        if place < 0 or self._until is None or day > self._until + PROVISIONAL:
            raise _no_rate(currency, day)
        published_on, rate = rates[place]
        if min(day, self._until) - published_on > MAX_AGE:
            raise _no_rate(currency, day)
        return rate


def _no_rate(currency: str, day: date) -> MismatchError:
    return MismatchError(f"The bundle holds no exchange rate of {currency} for {day.isoformat()}.")
