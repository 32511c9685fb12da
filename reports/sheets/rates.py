"""The sheet "Rates": every exchange rate that a figure of the workbook was made with."""

from typing import Final

from reports.figures import RateLine, Stamp
from reports.kit.looks import Look
from reports.kit.numbers import Number
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.sheets.lines import stamp_line

TAB: Final = "Rates"
WHAT: Final = "Every exchange rate that was used, with its day and its source"


def rates_page(rates: tuple[RateLine, ...], stamp: Stamp) -> Page:
    """One row for each currency and day."""
    return Page(
        tab=TAB,
        title="Exchange rates",
        lines=(
            stamp_line(stamp, f"Used for amounts in {stamp.currency}"),
            "An amount is divided by the rate of its currency and multiplied by that of the report's; the base has 1.",
            "Rate of: the day that it was published for; that of the last working day serves days without one.",
        ),
        grid=lay_out(_table(rates), TAB),
    )


def _pattern(rate: RateLine) -> str:
    """As many digits as were published."""
    exponent = rate.value.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) else 0
    return f"#,##0.{'0' * max(digits, 1)}"


def _table(rates: tuple[RateLine, ...]) -> Table[RateLine]:
    return Table(name="Rates", columns=_COLUMNS, rows=rates, empty="Nothing was converted.")


_COLUMNS: Final[tuple[Column[RateLine], ...]] = (
    Column("Currency", lambda rate: rate.currency),
    Column("For amounts of", lambda rate: rate.asked_for, Look.DAY),
    Column("Rate of", lambda rate: rate.on, Look.DAY),
    Column("Units", lambda rate: Number(rate.value, _pattern(rate)), Look.NUMBER),
    Column("For one", lambda rate: rate.base),
    Column("Source", lambda rate: rate.source),
    Column("Provisional", lambda rate: "Yes" if rate.provisional else "No"),
)
