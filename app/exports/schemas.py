"""The wire of exports: the query string of a report."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from app.exports.questions import ReportQuery
from app.exports.streaming import PledgesQuery
from app.fx.domain import EFFECTIVE, TARGETS, parse_policy
from app.kernel.choices import read_choice
from app.kernel.dates import parse_day
from app.kernel.errors import ValueRefusedError, invalid
from app.kernel.findings import Collector
from app.pledges.domain import Stage
from app.pledges.schemas import PledgeFilterParams
from app.totals.domain import TotalsQuery
from app.totals.schemas import ChangesParams
from app.totals.schemas.totals import read_year


class ReportParams(PledgeFilterParams):
    """What the query strings of all reports on pledges share."""

    currency: str = Field("EUR", description="EUR or USD.")
    fx: str = Field(
        "effective",
        description="Which rate: effective, announcement, month_average, fixed:DATE or release:LABEL.",
    )
    prices: str | None = Field(None, description="The year in whose prices amounts are given.")
    as_of: str | None = Field(None, description="A revision, or an instant with its zone.")

    def read_query(self, collector: Collector, on: date) -> ReportQuery:
        """The query, as far as it can be read; what cannot is noted.

        Raises:
            InvalidError: a filter that cannot be read.
        """
        return ReportQuery(
            currency=collector.read("?currency", _read_target, self.currency, "EUR"),
            policy=collector.read("?fx", parse_policy, self.fx, EFFECTIVE),
            prices=collector.find(read_year, "?prices", self.prices),
            on=on,
            filters=self.to_filters(),
        )


class TimelineParams(ReportParams):
    """The query string of the timeline."""

    measure: str = Field("committed", description="pledged, committed, allocated or delivered.")

    def to_query(self, today: date, usual_on: date | None = None) -> ReportQuery:
        """The query, read; it is about no day.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        query = self.read_query(collector, usual_on or today)
        measure = collector.read(
            "?measure", lambda text: read_choice(Stage, text), self.measure, Stage.COMMITTED
        )
        collector.finish()
        return replace(query, measure=measure)


class SummaryParams(ReportParams):
    """The query string of the summary."""

    on: str | None = Field(
        None,
        description="The day whose pending requests are shown; by default today, or that of `as_of`.",
    )

    def to_query(self, today: date, usual_on: date | None = None) -> ReportQuery:
        """The query, read. Without ``on`` it is about ``usual_on``, the day of ``as_of``, or about today.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        on = collector.find(parse_day, "?on", self.on) or usual_on or today
        query = self.read_query(collector, on)
        collector.finish()
        return query


class DonorParams(SummaryParams):
    """The query string of the report on one donor."""

    donor: str = Field(description="One donor's code.")

    @override
    def to_query(self, today: date, usual_on: date | None = None) -> ReportQuery:
        """The query, read; its filters name one donor.

        Raises:
            InvalidError: everything that cannot be read.
        """
        query = super().to_query(today, usual_on)
        if len(query.filters.donors) != 1:
            raise invalid("?donor", "one-donor-only", "This report is about one donor.")
        return query


class ChangesReportParams(ChangesParams):
    """The query string of the workbook on changes."""

    currency: str = Field("EUR", description="EUR or USD.")

    @override
    def to_query(self) -> TotalsQuery:
        """The totals whose change is asked for, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        collector.read("?currency", _read_target, self.currency, "EUR")
        collector.finish()
        return super().to_query()


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
    rows: int = Field(description="Of all its tables; 0 while nobody knows yet.")
    rows_done: int
    ordered_at: str
    expires_at: str
    file: str | None = Field(description="Its address, once it is done.")
    file_name: str
    size: int | None
    sha256: str | None = Field(description="Of the file, in hexadecimal.")
    problem: dict[str, Any] | None
