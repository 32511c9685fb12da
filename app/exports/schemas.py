"""The wire of exports: the query string of a report."""

from datetime import date

from pydantic import Field

from app.exports.service import SummaryQuery
from app.fx.domain import TARGETS
from app.kernel.dates import parse_day
from app.kernel.errors import ValueRefusedError
from app.kernel.findings import Collector
from app.pledges.schemas import PledgeFilterParams


class SummaryParams(PledgeFilterParams):
    """The query string of the summary."""

    currency: str = Field("EUR", description="EUR or USD.")
    on: str | None = Field(
        None,
        description="The day whose pending requests are shown; by default today, or that of `as_of`.",
    )
    as_of: str | None = Field(None, description="A revision, or an instant with its zone.")

    def to_query(self, today: date, usual_on: date | None = None) -> SummaryQuery:
        """The query, read. Without ``on`` it is about ``usual_on``, the day of ``as_of``, or about today.

        Raises:
            InvalidError: everything that cannot be read.
        """
        filters = self.to_filters()
        collector = Collector()
        currency = collector.read("?currency", _read_target, self.currency, "EUR")
        on = collector.find(parse_day, "?on", self.on) or usual_on or today
        collector.finish()
        return SummaryQuery(currency=currency, on=on, filters=filters)


def _read_target(text: str) -> str:
    if text not in TARGETS:
        raise ValueRefusedError(
            "unknown-value", "Reports are made in these currencies.", allowed=list(TARGETS)
        )
    return text
