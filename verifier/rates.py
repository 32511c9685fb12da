"""Conversion with published euro rates: exact fractions, rounded once, half to even.

The reference rates of the European Central Bank go before those of other sources; and where the euro has replaced a
currency, the rate that European law fixed goes before both.
"""

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
ECB: Final = "ECB"
# Units for one euro, and the first day on which they hold for ever.
FIXED: Final = {
    "ATS": ("1999-01-01", "13.7603"),
    "BEF": ("1999-01-01", "40.3399"),
    "BGN": ("2026-01-01", "1.95583"),
    "CYP": ("2008-01-01", "0.585274"),
    "DEM": ("1999-01-01", "1.95583"),
    "EEK": ("2011-01-01", "15.6466"),
    "ESP": ("1999-01-01", "166.386"),
    "FIM": ("1999-01-01", "5.94573"),
    "FRF": ("1999-01-01", "6.55957"),
    "GRD": ("2001-01-01", "340.750"),
    "HRK": ("2023-01-01", "7.53450"),
    "IEP": ("1999-01-01", "0.787564"),
    "ITL": ("1999-01-01", "1936.27"),
    "LTL": ("2015-01-01", "3.45280"),
    "LUF": ("1999-01-01", "40.3399"),
    "LVL": ("2014-01-01", "0.702804"),
    "MTL": ("2008-01-01", "0.429300"),
    "NLG": ("1999-01-01", "2.20371"),
    "PTE": ("1999-01-01", "200.482"),
    "SIT": ("2007-01-01", "239.640"),
    "SKK": ("2009-01-01", "30.1260"),
}
_HEADER: Final = ["currency", "day", "rate"]
# Who published a rate stands beside it where some are not the bank's.
_HEADERS: Final = (_HEADER, [*_HEADER, "source"])
_RATE: Final = re.compile(r"(?=.*[1-9])[0-9]{1,16}(?:\.[0-9]{1,18})?", re.ASCII)
Series = dict[str, list[tuple[date, Fraction]]]


class Rates:
    """Units of a currency for one euro, on the days on which they were published."""

    def __init__(self, bank: Series, others: Series, until: date | None) -> None:
        self._bank = bank
        self._others = others
        self._until = until

    @classmethod
    def read(cls, data: bytes, until: date | None) -> "Rates":
        """Read a bundle's rates.

        Args:
            data: lines of currency, ISO day, rate and perhaps source, sorted, with a header.
            until: the last day with any rate of the European Central Bank that the ledger held.

        Raises:
            MalformedError: a line is something else, or stands out of order.
        """
        bank: Series = {}
        others: Series = {}
        try:
            header, *rows = csv.reader(data.decode("utf-8").splitlines(), strict=True)
            if header not in _HEADERS or rows != sorted(rows):
                raise ValueError("order")
            for row in rows:
                currency, day, rate, source = row if len(header) > len(_HEADER) else [*row, ECB]
                if not _RATE.fullmatch(rate):
                    raise ValueError(rate)
                series = bank if source == ECB else others
                series.setdefault(currency, []).append((date.fromisoformat(day), Fraction(rate)))
        except (ValueError, csv.Error):
            raise MalformedError("The bundle's exchange rates cannot be read.") from None
        return cls(bank, others, until)

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
        if currency == EURO:
            return Fraction(1)
        since, fixed = FIXED.get(currency, ("9999-12-31", "0"))
        if day.isoformat() >= since:
            return Fraction(fixed)
        found = self._bank_rate(currency, day) or self._other_rate(currency, day)
        if found is None:
            raise _no_rate(currency, day)
        return found

    def _bank_rate(self, currency: str, day: date) -> Fraction | None:
        """The rate of the last day with one on or before ``day``, if that is not too long ago.

        A day after all known rates takes the last one: provisionally, and for two months at most.
        """
        last = _last(self._bank.get(currency, []), day)
        if last is None or self._until is None or day > self._until + PROVISIONAL:
            return None
        return last[1] if min(day, self._until) - last[0] <= MAX_AGE else None

    def _other_rate(self, currency: str, day: date) -> Fraction | None:
        last = _last(self._others.get(currency, []), day)
        return last[1] if last and day - last[0] <= MAX_AGE else None


def _last(rates: list[tuple[date, Fraction]], day: date) -> tuple[date, Fraction] | None:
    place = bisect_right(rates, day, key=lambda one: one[0]) - 1
    return rates[place] if place >= 0 else None


def _no_rate(currency: str, day: date) -> MismatchError:
    return MismatchError(f"The bundle holds no exchange rate of {currency} for {day.isoformat()}.")
