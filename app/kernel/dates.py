"""Dates as sources give them: a day, a month, a year, an interval, or nothing at all (undated).

A date is kept as the first and the last day that it may mean, both included. An undated thing spans all
of time. So one rule serves every filter: a thing is *in* a range where the range contains its whole span.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.kernel.errors import ValueRefusedError

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2199, 12, 31)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)


class Precision(StrEnum):
    """How exactly an effective date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    INTERVAL = "interval"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days that an effective date may mean, first and last included."""

    first: date
    last: date

    @property
    def precision(self) -> Precision:
        """Day, month or year where the span is exactly one of these; else interval or unknown."""
        if self.first == self.last:
            return Precision.DAY
        if self == UNDATED:
            return Precision.UNKNOWN
        if self == month_span(self.first.year, self.first.month):
            return Precision.MONTH
        if self == year_span(self.first.year):
            return Precision.YEAR
        return Precision.INTERVAL

    @property
    def is_dated(self) -> bool:
        """Whether anything at all is known of the date."""
        return self != UNDATED

    def contains(self, other: "Span") -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def hull(self, other: "Span") -> "Span":
        """The shortest span that contains both."""
        return Span(min(self.first, other.first), max(self.last, other.last))


UNDATED: Final = Span(date.min, date.max)


def day_span(day: date) -> Span:
    """One day."""
    return Span(day, day)


def month_span(year: int, month: int) -> Span:
    """One calendar month."""
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def year_span(year: int) -> Span:
    """One calendar year."""
    return Span(date(year, 1, 1), date(year, 12, 31))


# Pledges of one day come together, and each is read more than once.
@lru_cache(maxsize=4096)
def parse_span(text: str) -> Span:
    """Read ``2023-11-14``, ``2023-11``, ``2023`` or ``2023-11-01/2023-11-14`` (ISO 8601, reduced precision).

    Raises:
        ValueRefusedError: ``invalid-date``, ``date-out-of-range`` (before 1900 or after 2199) or ``date-order``.
    """
    start, slash, end = text.partition("/")
    span = _parse_simple(start)
    if slash:
        last = _parse_simple(end)
        if last.first < span.first:
            raise ValueRefusedError("date-order", "The interval ends before it begins.")
        span = span.hull(last)
    if span.first < EARLIEST or span.last > LATEST:
        raise ValueRefusedError("date-out-of-range", "Dates lie between 1900-01-01 and 2199-12-31.")
    return span


def parse_day(text: str) -> date:
    """Read one day, ``2023-11-14``.

    Raises:
        ValueRefusedError: ``invalid-date`` or ``date-out-of-range``.
    """
    if not _DAY.fullmatch(text):
        raise _invalid_date()
    return parse_span(text).first


def format_span(span: Span) -> str | None:
    """The shortest ISO 8601 text of the span; ``None`` for undated."""
    match span.precision:
        case Precision.UNKNOWN:
            return None
        case Precision.DAY:
            return span.first.isoformat()
        case Precision.MONTH:
            return span.first.isoformat()[:7]
        case Precision.YEAR:
            return span.first.isoformat()[:4]
        case Precision.INTERVAL:
            return f"{span.first.isoformat()}/{span.last.isoformat()}"


def refuse_future(span: Span, today: date) -> Span:
    """The span itself, unless it begins more than a day ahead of ``today``.

    One day of grace, because it is already tomorrow somewhere.

    Raises:
        ValueRefusedError: ``date-in-future``.
    """
    if span.is_dated and span.first > today + timedelta(days=1):
        raise ValueRefusedError("date-in-future", "The date lies more than a day ahead.")
    return span


def _parse_simple(text: str) -> Span:
    try:
        if _DAY.fullmatch(text):
            return day_span(date.fromisoformat(text))
        if _MONTH.fullmatch(text):
            return month_span(int(text[:4]), int(text[5:]))
        if _YEAR.fullmatch(text):
            return year_span(int(text))
    except ValueError:
        pass
    raise _invalid_date()


def _invalid_date() -> ValueRefusedError:
    return ValueRefusedError(
        "invalid-date", "A date is 2023-11-14, 2023-11, 2023 or an interval 2023-11-01/2023-11-14."
    )
