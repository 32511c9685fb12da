"""What all sheets say alike: which ledger, nothing to list, where a chart's numbers stand."""

from typing import Any, Final

from reports.figures import Stamp
from reports.kit.looks import OTHERS
from reports.kit.page import Page
from reports.kit.table import Table, lay_out

NOTHING: Final = "No pledges match these filters."


def stamp_line(stamp: Stamp, subject: str) -> str:
    """What the amounts are and which ledger they come from."""
    return f"{subject} · as of {stamp.as_of} · revision {stamp.revision}"


def footer(stamp: Stamp) -> str:
    """What a printed page says of itself."""
    return f"Aid Ledger · {stamp.title} · revision {stamp.revision}"


def chart_page(table: Table[Any], tab: str, charted_on: str, unit: str, stamp: Stamp) -> Page:
    """A sheet with the numbers behind the charts of ``charted_on``, for the workbook's end.

    Args:
        table: the numbers, rounded.
        tab: the sheet's name.
        charted_on: the sheet with the charts.
        unit: of the numbers, such as ``billion EUR``.
        stamp: which ledger.
    """
    return Page(
        tab=tab,
        title=f"Numbers behind the charts on sheet “{charted_on}”",
        lines=(
            stamp_line(stamp, f"In {unit}"),
            f"Rounded, for the picture only. The account itself stands on sheet “{charted_on}”.",
        ),
        grid=lay_out(table, tab),
        tab_colour=OTHERS,
    )
