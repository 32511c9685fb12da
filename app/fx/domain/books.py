"""Which of the published rates applies to a day, by each policy.

First come the euro foreign exchange reference rates of the European Central Bank: units of a currency for one euro,
published on the working days of the TARGET system. An amount takes the rate of the last working day on or before its
own day. Where the bank publishes none, the rates that somebody loaded from another source stand in, by the same rule;
and where the euro has replaced a currency, the law's own rate comes before all.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from app.fx.domain.changeover import SOURCE as LAW
from app.fx.domain.changeover import find_conversion_rate
from app.fx.domain.rates import ECB, Book, Rate, RateTable
from app.fx.errors import NoExchangeRateError
from app.kernel.dates import UNDATED, Span, month_span

# The dollar has a rate on every day that has any, so its last day is the last day of all rates.
YARDSTICK: Final = "USD"
# The longest pause between two working days since 1999 is five days (Easter, Christmas). A rate
# older than a week means that the bank has stopped publishing it: the rouble since March 2022.
MAX_AGE_DAYS: Final = 7
# The rates come with a package that is renewed every month, so the newest amounts are always ahead
# of them. Two months of grace keep today's totals alive when a renewal is late; the longest two
# months have 62 days. Such a rate is marked provisional, and the answer says so.
PROVISIONAL_DAYS: Final = 62
# An average has no end of digits. So many are published, and exactly these convert.
AVERAGE_DIGITS: Final = Context(prec=10)
_SATURDAY: Final = 5


class RateBook(Book):
    """The rates of some currencies for amounts of some days: each of its own day."""

    def __init__(
        self,
        series: Mapping[str, Iterable[str]],
        *,
        span: Span,
        ends_on: date | None,
        others: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """Take published rates.

        Args:
            series: the European Central Bank's, by currency, each as ``"2023-11-14 7.4580"`` (day, blank, units for
                one euro). Empty for a currency that is not published. They begin ``MAX_AGE_DAYS``
                before ``span``, or before ``ends_on`` where that is earlier.
            span: the days of the amounts that will be converted.
            ends_on: the last day of all the bank's known rates; ``None`` when none is known.
            others: rates of other sources, each as ``"2023-11-14 38.9 NBU"``.
        """
        super().__init__()
        # ISO days sort as text, and an answer needs few of the rates: those are parsed when asked.
        self._series = {currency: sorted(rates) for currency, rates in series.items()}
        self._others = {currency: sorted(rates) for currency, rates in (others or {}).items()}
        self._span = span
        self._ends_on = ends_on

    @classmethod
    def empty(cls) -> "RateBook":
        """A book for amounts that need no conversion."""
        return cls({}, span=UNDATED, ends_on=None)

    def _find_rate(self, currency: str, day: date) -> Rate:
        self._check_covers(currency, day)
        fixed = find_conversion_rate(currency, day)
        if fixed:
            return Rate(currency, fixed.since, fixed.value, day, provisional=False, source=LAW)
        found = self._find_reference_rate(currency, day) or self._find_other_rate(currency, day)
        if found is None:
            raise NoExchangeRateError(currency, day)
        return found

    def _find_reference_rate(self, currency: str, day: date) -> Rate | None:
        """The bank's; after the last day of all its rates, the last one for a while."""
        ends_on = self._ends_on
        if ends_on is None or day > ends_on + timedelta(days=PROVISIONAL_DAYS):
            return None
        line = _last_line(self._series[currency], day)
        if line is None or min(day, ends_on) - line.on > timedelta(days=MAX_AGE_DAYS):
            return None
        return Rate(currency, line.on, line.value, day, provisional=day > ends_on)

    def _find_other_rate(self, currency: str, day: date) -> Rate | None:
        line = _last_line(self._others.get(currency, []), day)
        if line is None or day - line.on > timedelta(days=MAX_AGE_DAYS):
            return None
        return Rate(currency, line.on, line.value, day, provisional=False, source=line.source)

    def _check_covers(self, currency: str, day: date) -> None:
        # Without this, a day after the loaded ones would silently take a rate that is too old.
        if currency not in self._series or not self._span.first <= day <= self._span.last:
            raise LookupError(f"The book does not cover {currency} on {day.isoformat()}.")


class FixedDayBook(RateBook):
    """The rates of one day, for amounts of all days."""

    def moment(self, day: date) -> date:
        """The one day."""
        del day
        return self._span.last


class MonthlyBook(RateBook):
    """The averages of months: the arithmetic mean of the rates of all days of a month that have one.

    So does the European Central Bank average its own. A series that does not reach to within ``MAX_AGE_DAYS`` of both
    ends of the month has no average. A month that is not over in the known rates is averaged as far as they go, and
    one that has not begun takes the last month that has; both are provisional.
    """

    def moment(self, day: date) -> date:
        """The last day of the month."""
        return month_span(day.year, day.month).last

    def _find_rate(self, currency: str, day: date) -> Rate:
        self._check_covers(currency, day)
        fixed = find_conversion_rate(currency, day)
        if fixed:
            return Rate(currency, fixed.since, fixed.value, day, provisional=False, source=LAW)
        if self._ends_on is None or day > self._ends_on + timedelta(days=PROVISIONAL_DAYS):
            raise NoExchangeRateError(currency, day)
        last = min(day, self.moment(self._ends_on))
        known = min(last, self._ends_on)
        for rates in (self._series[currency], self._others.get(currency, [])):
            lines = list(_lines_of_month(rates, last))
            if lines and _fills(lines, last, known):
                value = _average([line.value for line in lines])
                provisional = _has_working_day(self._ends_on, day)
                return Rate(currency, lines[-1].on, value, day, provisional, lines[-1].source)
        raise NoExchangeRateError(currency, day)


class TableBook(Book):
    """One table for amounts of all days."""

    def __init__(self, table: RateTable) -> None:
        super().__init__()
        self.table = table

    @property
    def base(self) -> str:
        """The table's own."""
        return self.table.base

    def moment(self, day: date) -> date:
        """The day that the table stands for."""
        del day
        return self.table.on

    def rate(self, currency: str, day: date) -> Rate:
        """The table's rate; its base is 1, and the euro is a currency as the others.

        Raises:
            NoExchangeRateError: the table lacks the currency.
        """
        moment = self.moment(day)
        if (currency, moment) not in self._given:
            self._given[currency, moment] = self._find_rate(currency, moment)
        return self._given[currency, moment]

    def _find_rate(self, currency: str, day: date) -> Rate:
        table = self.table
        value = Decimal(1) if currency == table.base else table.rates.get(currency)
        if value is None:
            raise NoExchangeRateError(currency, day, release=table.label)
        return Rate(currency, day, value, day, provisional=False, source=table.source)


class _Line(NamedTuple):
    """One published rate, read."""

    on: date
    value: Decimal
    source: str


def _read(line: str) -> _Line:
    on, value, *source = line.split(" ", 2)
    return _Line(date.fromisoformat(on), Decimal(value), source[0] if source else ECB)


def _last_line(rates: Sequence[str], day: date) -> _Line | None:
    """The last rate on or before a day."""
    index = bisect_right(rates, f"{day.isoformat()}~") - 1  # "~" sorts after the blank
    return _read(rates[index]) if index >= 0 else None


def _lines_of_month(rates: Sequence[str], last: date) -> Iterator[_Line]:
    first = bisect_left(rates, last.replace(day=1).isoformat())
    yield from map(_read, rates[first : bisect_right(rates, f"{last.isoformat()}~")])


def _fills(lines: Sequence[_Line], last: date, known: date) -> bool:
    """Whether rates reach to within a week of both ends of a month, as far as any are known."""
    week = timedelta(days=MAX_AGE_DAYS)
    return lines[0].on - last.replace(day=1) <= week and known - lines[-1].on <= week


def _average(values: Sequence[Decimal]) -> Decimal:
    mean = sum(map(Fraction, values), Fraction()) / len(values)
    return AVERAGE_DIGITS.divide(Decimal(mean.numerator), Decimal(mean.denominator))


def _has_working_day(after: date, until: date) -> bool:
    """Whether a day from Monday to Friday lies behind ``after``, up to ``until``."""
    return any(
        (after + timedelta(days=days)).weekday() < _SATURDAY
        for days in range(1, (until - after).days + 1)
    )
