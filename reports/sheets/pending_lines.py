"""The sheet "Pending lines": every line that is pending or announced; the rows that the sums of these add up."""

from datetime import date
from decimal import Decimal
from typing import Final

from reports.figures import Stamp
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import money
from reports.legislation_figures import LiveLine
from reports.sheets.kinds import kind_words
from reports.sheets.lines import stamp_line
from reports.sheets.row_sums import RowSums, minor_column, minor_units

TAB: Final = "Pending lines"
TABLE: Final = "PendingLines"
MINOR: Final = "Minor units"
REQUESTS: Final = "Requests"
OF_COMPONENT: Final = "Requests by component"
UNVALUED: Final = "Unvalued"
_PROSE_WIDTH: Final = 45
_ADDRESS_WIDTH: Final = 50


def pending_line_sums(lines: tuple[LiveLine, ...]) -> RowSums[LiveLine]:
    """Sums over the sheet's rows."""
    return RowSums(
        TABLE,
        lines,
        {
            MINOR: lambda line: minor_units(line.amount, line.currency),
            REQUESTS: lambda line: line.requests,
            OF_COMPONENT: lambda line: line.of_component,
            UNVALUED: lambda line: line.unvalued,
        },
        {
            "Code": lambda line: line.donor,
            "Component": lambda line: words(line.component),
            "Standing": lambda line: words(line.standing),
            "In totals": lambda line: _yes_or_no(line.is_in_total),
            "Counts as": lambda line: kind_words(line.column),
            "Currency": lambda line: line.currency,
        },
    )


def pending_lines_page(lines: tuple[LiveLine, ...], on: date, stamp: Stamp) -> Page:
    """One row for each line, request by request."""
    return Page(
        tab=TAB,
        title="Pending and announced, line by line",
        lines=(
            stamp_line(stamp, f"Pending on {on.isoformat()} · in no total of pledges"),
            "These are the rows that the sums on sheet Pending add up: choose one kind and one currency before you do.",
            "Minor units: the amount in the smallest unit of its currency, which a spreadsheet adds exactly.",
            "Requests count once when added up: each with its first line, by component with the first line of each.",
        ),
        grid=lay_out(_table(lines, on), TAB),
    )


def _table(lines: tuple[LiveLine, ...], on: date) -> Table[LiveLine]:
    return Table(
        name=TABLE,
        columns=(*_WHAT, minor_column(TABLE, MINOR, "Amount", _amount), *_RECORD),
        rows=lines,
        empty=f"Nothing was pending on {on.isoformat()}.",
    )


def _amount(line: LiveLine) -> tuple[Decimal | None, str]:
    return line.amount, line.currency


def _yes_or_no(value: bool) -> str:  # noqa: FBT001 -- a column's value
    return "Yes" if value else "No"


_WHAT: Final[tuple[Column[LiveLine], ...]] = (
    Column("Request", lambda line: line.reference),
    Column("Donor", lambda line: line.donor_name),
    Column("Code", lambda line: line.donor),
    Column("Title", lambda line: line.title, Look.PROSE, _PROSE_WIDTH),
    Column("State", lambda line: words(line.state)),
    Column("Standing", lambda line: words(line.standing)),
    Column("In totals", lambda line: _yes_or_no(line.is_in_total)),
    Column("Days pending", lambda line: line.days_pending, Look.NUMBER),
    Column("Line", lambda line: line.key),
    Column("Label", lambda line: line.label, Look.PROSE, _PROSE_WIDTH),
    Column("Component", lambda line: words(line.component)),
    Column("Counts as", lambda line: kind_words(line.column)),
    Column("Native amount", lambda line: money(line.native, line.native_currency), Look.NUMBER),
    Column("Native currency", lambda line: line.native_currency),
    Column("Rate of", lambda line: line.valued_on, Look.DAY),
    Column("Amount", lambda line: money(line.amount, line.currency), Look.NUMBER),
    Column("Currency", lambda line: line.currency),
)
_RECORD: Final[tuple[Column[LiveLine], ...]] = (
    Column(REQUESTS, lambda line: line.requests, Look.NUMBER),
    Column(OF_COMPONENT, lambda line: line.of_component, Look.NUMBER),
    Column(UNVALUED, lambda line: line.unvalued, Look.NUMBER),
    Column("Beneficiary", lambda line: words(line.beneficiary) if line.beneficiary else None),
    Column("Verification", lambda line: words(line.verification)),
    Column("Source address", lambda line: line.source_url, Look.TEXT, _ADDRESS_WIDTH),
    Column("Revision", lambda line: line.revision, Look.NUMBER),
)
