"""The wire of exports: the query string of a report, and the columns of the CSV twins."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pydantic import Field

from app.exports.questions import ReportQuery
from app.fx.domain import TARGETS
from app.kernel.dates import parse_day
from app.kernel.errors import ValueRefusedError
from app.kernel.findings import Collector
from app.pledges.domain import Cause, StoredPledge, columns
from app.pledges.schemas import PledgeFilterParams, pledge_json

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


class SummaryParams(PledgeFilterParams):
    """The query string of the summary."""

    currency: str = Field("EUR", description="EUR or USD.")
    on: str | None = Field(
        None,
        description="The day whose pending requests are shown; by default today, or that of `as_of`.",
    )
    as_of: str | None = Field(None, description="A revision, or an instant with its zone.")

    def to_query(self, today: date, usual_on: date | None = None) -> ReportQuery:
        """The query, read. Without ``on`` it is about ``usual_on``, the day of ``as_of``, or about today.

        Raises:
            InvalidError: everything that cannot be read.
        """
        filters = self.to_filters()
        collector = Collector()
        currency = collector.read("?currency", _read_target, self.currency, "EUR")
        on = collector.find(parse_day, "?on", self.on) or usual_on or today
        collector.finish()
        return ReportQuery(currency=currency, on=on, filters=filters)


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
