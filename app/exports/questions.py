"""What a report on pledges is asked for."""

from dataclasses import dataclass, field, replace
from datetime import date

from app.fx.domain import EFFECTIVE, Policy
from app.kernel.periods import Grain
from app.pledges.domain import Stage
from app.pledges.domain.query import Filters
from app.totals.domain import Dimension, TotalsQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """Which figures, in which currency.

    Attributes:
        currency: EUR or USD.
        on: the day whose requests to parliaments are shown.
        measure: the stage of a series over time; a table of all four stages is without one.
        policy: which rate an amount takes.
        prices: the year in whose prices amounts are given; ``None`` for those of their own time.
        filters: which pledges.
    """

    currency: str
    on: date
    measure: Stage = Stage.COMMITTED
    policy: Policy = EFFECTIVE
    prices: int | None = None
    filters: Filters = field(default_factory=Filters)

    def totals(self, stage: Stage, *by: Dimension) -> TotalsQuery:
        """The totals of a stage, as this report counts."""
        return TotalsQuery(
            measure=stage,
            by=by,
            currency=self.currency,
            policy=self.policy,
            prices=self.prices,
            filters=self.filters,
        )

    def running(self, stage: Stage, grain: Grain) -> TotalsQuery:
        """The running totals of a stage."""
        return replace(self.totals(stage, Dimension(grain.value)), cumulative=True)
