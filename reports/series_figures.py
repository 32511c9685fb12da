"""What series over time are made of: the ledger's own totals, period by period."""

from dataclasses import dataclass
from decimal import Decimal

from app.kernel.periods import Grain, Period
from app.pledges.domain.model import Stage
from reports.figures import Basis, MonthlyCommitments


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodTotals:
    """The ledger's own totals of one period: what is in it, and all up to its end."""

    period: Period
    flow: Decimal
    running: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTotals:
    """One stage over time by one length of period.

    Attributes:
        periods: from the first to the last, without a gap.
        undated: what is in none of them.
    """

    grain: Grain
    periods: tuple[PeriodTotals, ...]
    undated: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFigures:
    """All that the timeline workbook shows.

    Attributes:
        measure: the stage.
        series: by month, quarter and year.
        monthly: by month and donor.
    """

    measure: Stage
    series: tuple[SeriesTotals, ...]
    monthly: MonthlyCommitments
    basis: Basis
