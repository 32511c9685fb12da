"""The sheet "Lines": every line of every request, with every statement of its amount and where it was read."""

from datetime import date
from typing import Final

from reports.figures import Stamp
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import money
from reports.legislation_figures import ClaimLine
from reports.sheets.days import day_or_text
from reports.sheets.lines import stamp_line

TAB: Final = "Lines"
_PROSE_WIDTH: Final = 50
_SOURCE_WIDTH: Final = 50


def request_lines_page(lines: tuple[ClaimLine, ...], on: date, stamp: Stamp) -> Page:
    """One row for each statement of a line's amount; one for a line of which there is no other."""
    return Page(
        tab=TAB,
        title="Lines, with their claims and sources",
        lines=(
            stamp_line(
                stamp, f"As they stood on {on.isoformat()}, in the requests' own currencies"
            ),
            "Only counted lines add up: a line that contains others is never counted beside them.",
            "Where sources disagree the preferred claim is counted. A line's own figures stand in its first row.",
            "An empty amount was not published; it is not zero.",
        ),
        grid=lay_out(_table(lines, on), TAB),
    )


def _table(lines: tuple[ClaimLine, ...], on: date) -> Table[ClaimLine]:
    return Table(
        name="RequestLines",
        columns=_COLUMNS,
        rows=lines,
        empty=f"No line was known on {on.isoformat()}.",
    )


def _yes_or_no(value: bool | None) -> str | None:  # noqa: FBT001 -- a column's value
    return None if value is None else "Yes" if value else "No"


_COLUMNS: Final[tuple[Column[ClaimLine], ...]] = (
    Column("Request", lambda line: line.reference),
    Column("Donor", lambda line: line.donor),
    Column("Line", lambda line: line.key),
    Column("Within", lambda line: line.parent),
    Column("Label", lambda line: line.label, Look.PROSE, _PROSE_WIDTH),
    Column("Component", lambda line: words(line.component)),
    Column("Kind of amount", lambda line: words(line.amount_kind)),
    Column("Beneficiary", lambda line: words(line.beneficiary)),
    Column("Counted", lambda line: _yes_or_no(line.is_counted)),
    Column("Amount", lambda line: money(line.amount, line.currency), Look.NUMBER),
    Column("Pending", lambda line: money(line.pending, line.currency), Look.NUMBER),
    Column("Enacted", lambda line: money(line.enacted, line.currency), Look.NUMBER),
    Column("Dead", lambda line: money(line.dead, line.currency), Look.NUMBER),
    Column("Currency", lambda line: line.currency),
    Column("Claim", lambda line: money(line.claim, line.currency), Look.NUMBER),
    Column("Bound", lambda line: words(line.bound)),
    Column("Preferred", lambda line: _yes_or_no(line.preferred)),
    Column("Reason", lambda line: line.reason, Look.PROSE, _PROSE_WIDTH),
    Column("Verification", lambda line: words(line.verification)),
    Column("Source", lambda line: line.source_title, Look.PROSE, _SOURCE_WIDTH),
    Column("Source address", lambda line: line.source_url, Look.TEXT, _SOURCE_WIDTH),
    Column("Read on", lambda line: day_or_text(line.retrieved), Look.DAY),
    Column("Subcomponent", lambda line: line.subcomponent),
    Column("Year", lambda line: None if line.year is None else str(line.year)),
    Column("New money", lambda line: _yes_or_no(line.new_money)),
    Column("Note", lambda line: line.note, Look.PROSE, _PROSE_WIDTH),
)
