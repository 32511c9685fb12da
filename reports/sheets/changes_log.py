"""The sheet "Latest changes": what was recorded of pledges, the newest first."""

from typing import Final

from reports.donor_figures import ChangeLine
from reports.figures import Stamp
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.sheets.lines import stamp_line

TAB: Final = "Latest changes"
_PROSE_WIDTH: Final = 60


def changes_log_page(changes: tuple[ChangeLine, ...], in_all: int, stamp: Stamp) -> Page:
    """One row for each entry."""
    shown = f"The latest {len(changes):,} of {in_all:,} entries" if changes else "No entries"
    return Page(
        tab=TAB,
        title="Latest changes",
        lines=(
            stamp_line(stamp, shown),
            "The journal has all of them, with what each changed: the address /v1/pledges/REFERENCE/history.",
        ),
        grid=lay_out(_table(changes), TAB),
    )


def _table(changes: tuple[ChangeLine, ...]) -> Table[ChangeLine]:
    return Table(
        name="LatestChanges", columns=_COLUMNS, rows=changes, empty="Nothing has been recorded."
    )


_COLUMNS: Final[tuple[Column[ChangeLine], ...]] = (
    Column("Revision", lambda line: line.revision, Look.NUMBER),
    Column("Recorded", lambda line: line.recorded),
    Column("Reference", lambda line: line.reference),
    Column("Title", lambda line: line.title, Look.PROSE, _PROSE_WIDTH),
    Column("What happened", lambda line: words(line.kind.partition(".")[2] or line.kind)),
    Column("Changed", lambda line: ", ".join(map(words, line.fields)) or None, Look.PROSE, 40),
    Column("Reason", lambda line: line.reason, Look.PROSE, _PROSE_WIDTH),
)
