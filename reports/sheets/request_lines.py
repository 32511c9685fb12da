"""The sheet "Lines": every line of every request, with every statement of its amount and where it was read."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from reports.figures import Stamp
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Value, money
from reports.legislation_figures import ClaimLine
from reports.sheets.days import day_or_text
from reports.sheets.kinds import kind_words
from reports.sheets.lines import stamp_line
from reports.sheets.row_sums import RowSums, minor_column, minor_units

TAB: Final = "Lines"
TABLE: Final = "RequestLines"
UNVALUED: Final = "Unvalued"
# What became of a line, by the names of its figures and the words above them.
OUTCOMES: Final = {
    "asked": "Asked",
    "pending": "Pending",
    "enacted": "Enacted",
    "dead": "Dead",
    "beyond": "Beyond the request",
}
_PROSE_WIDTH: Final = 50
_SOURCE_WIDTH: Final = 50


def minor_title(outcome: str) -> str:
    """The column with a figure in minor units."""
    return f"{OUTCOMES[outcome]} in minor units"


def request_line_sums(lines: tuple[ClaimLine, ...]) -> RowSums[ClaimLine]:
    """Sums over the sheet's rows."""

    def minor(outcome: str) -> Callable[[ClaimLine], int]:
        return lambda line: minor_units(_amount(line, outcome), line.currency)

    return RowSums(
        TABLE,
        lines,
        {
            **{minor_title(outcome): minor(outcome) for outcome in OUTCOMES},
            UNVALUED: lambda line: line.unvalued,
        },
        {
            "Revision": lambda line: line.revision,
            "Component": lambda line: words(line.component),
            "Counts as": lambda line: kind_words(line.column),
            "Currency": lambda line: line.currency,
        },
    )


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
            "Asked is what was formally asked for. Added: a line of the law that nobody had asked for.",
            "An empty amount was not published; it is not zero.",
        ),
        grid=lay_out(_table(lines, on), TAB),
    )


def _table(lines: tuple[ClaimLine, ...], on: date) -> Table[ClaimLine]:
    return Table(
        name=TABLE,
        columns=(
            *_WHAT,
            *(_figure(outcome, title) for outcome, title in OUTCOMES.items()),
            *_SAID,
            *map(_minor_column, OUTCOMES),
            Column(UNVALUED, lambda line: line.unvalued, Look.NUMBER),
            Column("Revision", lambda line: line.revision, Look.NUMBER),
        ),
        rows=lines,
        empty=f"No line was known on {on.isoformat()}.",
    )


def _figure(outcome: str, title: str) -> Column[ClaimLine]:
    def value(line: ClaimLine) -> Value:
        return money(_amount(line, outcome), line.currency)

    return Column(title, value, Look.NUMBER)


def _minor_column(outcome: str) -> Column[ClaimLine]:
    def amount(line: ClaimLine) -> tuple[Decimal | None, str]:
        return _amount(line, outcome), line.currency

    return minor_column(
        TABLE, minor_title(outcome), OUTCOMES[outcome], amount, lambda line: line.is_first
    )


def _amount(line: ClaimLine, outcome: str) -> Decimal | None:
    amount: Decimal | None = getattr(line, outcome)
    return amount


def _yes_or_no(value: bool | None) -> str | None:  # noqa: FBT001 -- a column's value
    return None if value is None else "Yes" if value else "No"


def _words(code: str | None) -> str | None:
    return None if code is None else words(code)


_WHAT: Final[tuple[Column[ClaimLine], ...]] = (
    Column("Request", lambda line: line.reference),
    Column("Donor", lambda line: line.donor),
    Column("Line", lambda line: line.key),
    Column("Within", lambda line: line.parent),
    Column("Label", lambda line: line.label, Look.PROSE, _PROSE_WIDTH),
    Column("Component", lambda line: words(line.component)),
    Column("Kind of amount", lambda line: words(line.amount_kind)),
    Column("Counts as", lambda line: kind_words(line.column)),
    Column("Beneficiary", lambda line: words(line.beneficiary)),
    Column("Counted", lambda line: _yes_or_no(line.is_counted)),
    Column("Added", lambda line: _yes_or_no(line.is_added)),
    Column("Currency", lambda line: line.currency),
    Column("Amount", lambda line: money(line.amount, line.currency), Look.NUMBER),
)
# A long address runs over empty cells beside it, so a column that has none follows.
_SAID: Final[tuple[Column[ClaimLine], ...]] = (
    Column("Claim", lambda line: money(line.claim, line.currency), Look.NUMBER),
    Column("Bound", lambda line: _words(line.bound)),
    Column("Preferred", lambda line: _yes_or_no(line.preferred)),
    Column("Reason", lambda line: line.reason, Look.PROSE, _PROSE_WIDTH),
    Column("Verification", lambda line: _words(line.verification)),
    Column("Source", lambda line: line.source_title, Look.PROSE, _SOURCE_WIDTH),
    Column("Read on", lambda line: day_or_text(line.retrieved), Look.DAY),
    Column("Subcomponent", lambda line: line.subcomponent),
    Column("Year", lambda line: None if line.year is None else str(line.year)),
    Column("New money", lambda line: _yes_or_no(line.new_money)),
    Column("Note", lambda line: line.note, Look.PROSE, _PROSE_WIDTH),
    Column("Source address", lambda line: line.source_url, Look.TEXT, _SOURCE_WIDTH),
)
