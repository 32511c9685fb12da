"""The wire of exports: the query string of a report."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.exports.service import SummaryQuery
from app.exports.streaming import PledgesQuery
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


class PledgesReportParams(PledgeFilterParams):
    """The query string of the workbook of pledges."""

    currency: str = Field("EUR", description="EUR or USD: of the stages.")
    as_of: str | None = Field(None, description="A revision, or an instant with its zone.")

    def to_query(self) -> PledgesQuery:
        """The query, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        filters = self.to_filters()
        collector = Collector()
        currency = collector.read("?currency", _read_target, self.currency, "EUR")
        collector.finish()
        return PledgesQuery(currency=currency, filters=filters)


class JournalReportParams(BaseModel):
    """The query string of the workbook of the journal."""

    model_config = ConfigDict(extra="ignore")

    as_of: str | None = Field(None, description="A revision, or an instant with its zone.")


def _read_target(text: str) -> str:
    if text not in TARGETS:
        raise ValueRefusedError(
            "unknown-value", "Reports are made in these currencies.", allowed=list(TARGETS)
        )
    return text


class ReportJobOut(BaseModel):
    """A report that was ordered."""

    id: UUID
    report: str
    question: dict[str, Any] = Field(description="The parameters of the call.")
    revision: int
    state: str = Field(description="waiting, running, done, failed or lost.")
    rows: int
    rows_done: int
    ordered_at: str
    expires_at: str
    file: str | None = Field(description="Its address, once it is done.")
    file_name: str
    size: int | None
    sha256: str | None = Field(description="Of the file, in hexadecimal.")
    problem: dict[str, Any] | None
