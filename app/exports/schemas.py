"""The wire of exports: the query string of a report, and the columns of the CSV twins."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from pydantic import Field
from typing_extensions import override

from app.exports.questions import ReportQuery
from app.fx.domain import EFFECTIVE, TARGETS, parse_policy
from app.kernel.choices import read_choice
from app.kernel.dates import parse_day
from app.kernel.errors import ValueRefusedError, invalid
from app.kernel.findings import Collector
from app.pledges.domain import Cause, Stage, StoredPledge, columns
from app.pledges.schemas import PledgeFilterParams, pledge_json
from app.totals.domain import TotalsQuery
from app.totals.schemas import ChangesParams
from app.totals.schemas.totals import read_year

CONDITIONAL_COLUMNS: Final = (
    "conditional", "conditional_pledges", "conditional_unvalued", "conditional_undated",
)  # fmt: skip
FIGURES: Final = frozenset({"amount", "pledges", "unvalued", "undated", *CONDITIONAL_COLUMNS})
PLEDGE_COLUMNS: Final = tuple(column.name for column in columns.COLUMNS)
PLEDGE_NUMBERS: Final = frozenset(column.name for column in columns.COLUMNS if column.is_number)

PENDING_COLUMNS: Final = (
    "amount", "authority", "envelope", "in_kind", "guarantee", "out_of_scope", "requests", "unvalued",
)  # fmt: skip
PENDING_FIGURES: Final = frozenset(PENDING_COLUMNS)

CHANGES_COLUMNS: Final = (
    "before", *(cause.value for cause in Cause), "change", "after",
    "pledges_before", "pledges_after", "unvalued_before", "unvalued_after",
)  # fmt: skip
CHANGES_FIGURES: Final = frozenset(CHANGES_COLUMNS)


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


def pledge_row(stored: StoredPledge) -> dict[str, Any]:
    """A pledge as a line of CSV; of several sources the first."""
    shown = pledge_json(stored)
    source = shown["sources"][0] if shown["sources"] else {"url": None, "title": None, "kind": None}
    return {
        **shown,
        **stored.stages,
        "overlaps": " ".join(shown["overlaps"]),
        "source_url": source["url"],
        "source_title": source["title"],
        "source_kind": source["kind"],
    }


def totals_rows(answer: dict[str, Any]) -> tuple[list[str], Iterator[dict[str, Any]]]:
    """Columns and rows of totals as CSV: what the JSON has, and measure and currency beside each figure."""
    meta = answer["meta"]
    keys = [
        *meta["by"],
        *(["currency"] if meta["currency"] == "native" and "currency" not in meta["by"] else []),
    ]
    target = [] if meta["currency"] == "native" else ["in_currency"]
    columns = [*keys, "measure", "amount", *target, "pledges", "unvalued", "undated"]
    columns += CONDITIONAL_COLUMNS if meta["firm"] else ()
    fixed = {"measure": meta["measure"], "in_currency": meta["currency"]}
    return columns, ({**row, **fixed} for row in answer["data"])


def changes_rows(answer: dict[str, Any]) -> tuple[list[str], Iterator[dict[str, Any]]]:
    """Columns and rows of changes as CSV: what the JSON has, and measure and currency beside each figure."""
    meta = answer["meta"]
    named = "currency" if meta["currency"] == "native" else "in_currency"
    fixed = {"measure": meta["measure"], "in_currency": meta["currency"]}
    columns = ["donor", "measure", named, *CHANGES_COLUMNS]
    return columns, ({**row, **fixed} for row in answer["data"])


def pending_rows(answer: dict[str, Any]) -> tuple[list[str], Iterator[dict[str, Any]]]:
    """Columns and rows of pending amounts as CSV, each with its day and its currency."""
    meta = answer["meta"]
    fixed = {"on": meta["on"], "currency": meta["currency"]}
    columns = ["on", *meta["by"], "standing", "currency", *PENDING_COLUMNS]
    # What is only announced comes last, and says so.
    rows = [*answer["data"], *answer["announced"]["data"]]
    return columns, ({**fixed, **row} for row in rows)


def _read_target(text: str) -> str:
    if text not in TARGETS:
        raise ValueRefusedError(
            "unknown-value", "Reports are made in these currencies.", allowed=list(TARGETS)
        )
    return text
