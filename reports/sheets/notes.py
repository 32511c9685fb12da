"""The sheet "Notes": how the figures were made, in numbered notes."""

from typing import Final

from reports.figures import Stamp
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.sheets.lines import stamp_line

TAB: Final = "Notes"
WHAT: Final = "How the figures were made"
FORMULAS: Final = (
    "Totals are formulas over the table Postings. Whoever changes a posting changes them, and sheet Checks says so.",
    (
        "Formulas add the column Minor units, the converted amount in whole cents: a spreadsheet adds whole numbers "
        "exactly, and fractions only nearly."
    ),
    (
        "An amount is converted together with all of the same donor, aid type, instrument, currency, rate and date, "
        "and rounded once to the cent. Where several pledges share such a cell, the part of each may be a cent beside "
        "its own conversion; the parts add up to the total."
    ),
    (
        "Amounts of more than 15 digits stand as text, because a spreadsheet would round them. Sums that would take in "
        "so much are no formulas, and Checks says of them: Not computed."
    ),
)
STAGES: Final = (
    (
        "Pledged: announced. Committed: legally bound. Allocated: tied to a named package. Delivered: handed over or "
        "paid out. A later stage is part of the earlier ones; stages are never added to each other."
    ),
    "A frame (instrument Authority) is a ceiling that contains other pledges; it is in no total unless asked for.",
    "Unknown is not zero: a pledge without a published amount counts as unvalued, and its amount cells are empty.",
    (
        "A date may be known to the day, the month, the year, or not at all. An amount counts in a period that holds "
        "its whole date; what is in no period stands beside the series as undated. A running total has an amount from "
        "the last day of its date on."
    ),
    "An empty cell means that there is nothing to say: no amount was published, or no date, or no rate was needed.",
)


def notes_page(notes: tuple[str, ...], stamp: Stamp) -> Page:
    """One row for each note."""
    return Page(
        tab=TAB,
        title="Notes",
        lines=(stamp_line(stamp, "How the figures were made"),),
        grid=lay_out(_table(notes), TAB),
    )


def _table(notes: tuple[str, ...]) -> Table[tuple[int, str]]:
    return Table(
        name="Notes",
        columns=(
            Column("Number", lambda note: note[0], Look.NUMBER),
            Column("Note", lambda note: note[1], Look.PROSE, 110),
        ),
        rows=tuple(enumerate(notes, 1)),
        empty="There are no notes.",
    )
