"""Calendar periods for series over time: month, quarter, year."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.kernel.dates import Span, month_span, year_span


class Grain(StrEnum):
    """The length of a period."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period, ordered by its days; ``label`` is ``2023-11``, ``2023-Q4`` or ``2023``."""

    span: Span
    grain: Grain

    @property
    def label(self) -> str:
        """How the period is written on the wire and in reports."""
        first = self.span.first
        match self.grain:
            case Grain.MONTH:
                return f"{first.year:04d}-{first.month:02d}"
            case Grain.QUARTER:
                return f"{first.year:04d}-Q{(first.month + 2) // 3}"
            case Grain.YEAR:
                return f"{first.year:04d}"

    def next(self) -> "Period":
        """The period that follows this one."""
        return period_of(self.grain, self.span.last + timedelta(days=1))


def period_of(grain: Grain, day: date) -> Period:
    """The period of this grain that contains ``day``."""
    match grain:
        case Grain.MONTH:
            return Period(month_span(day.year, day.month), grain)
        case Grain.QUARTER:
            opening = (day.month - 1) // 3 * 3 + 1
            closing = month_span(day.year, opening + 2)
            return Period(Span(date(day.year, opening, 1), closing.last), grain)
        case Grain.YEAR:
            return Period(year_span(day.year), grain)


def find_period(grain: Grain, span: Span) -> Period | None:
    """The period that contains the whole span, or ``None`` where the date is coarser than the grain."""
    if not span.is_dated:
        return None
    period = period_of(grain, span.first)
    return period if period.span.contains(span) else None


def parse_label(grain: Grain, label: str) -> Period:
    """The period with this label, the inverse of ``Period.label``.

    Raises:
        ValueError: no period of this grain has it.
    """
    year, _, rest = label.partition("-")
    month = {Grain.MONTH: rest, Grain.QUARTER: rest[1:], Grain.YEAR: "1"}[grain]
    number = int(month) * 3 - 2 if grain is Grain.QUARTER else int(month)
    return period_of(grain, date(int(year), number, 1))


def run(periods: Collection[Period]) -> list[Period]:
    """Every period from the first to the last of these, without a gap; none of none."""
    if not periods:
        return []
    last, found = max(periods), [min(periods)]
    while found[-1] < last:
        found.append(found[-1].next())
    return found
