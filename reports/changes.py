"""The workbook on changes: a total at two revisions of the ledger side by side, and what led from one to the other."""

from typing import Final

from reports.changes_figures import ChangesFigures
from reports.figures import Stamp
from reports.kit.page import write_page
from reports.kit.text import words
from reports.kit.workbook import Book, new_book
from reports.sheets import changes_by_donor, checks, cover, notes, rates
from reports.sheets.lines import footer

TITLE: Final = "What changed between two revisions"
SHEETS: Final = (
    (changes_by_donor.TAB, "Both totals by donor, and the parts of each difference, with a chart"),
    (rates.TAB, rates.WHAT),
    (checks.TAB, checks.WHAT),
    (notes.TAB, notes.WHAT),
)
READING: Final = (
    "New: a pledge was recorded. Restated: an amount, its currency or its first stage was amended.",
    "Reclassified: donor, aid type, instrument or date was amended, and so the place of an amount.",
    "Moved: money got into a later stage. Cancelled: what had not been delivered was taken back.",
    "Withdrawn: a movement or a pledge had been recorded in error.",
    "The parts add up to the difference, to the last cent.",
)
NOTES: Final = (
    "Both totals are converted at the rates known at the later revision, so that no rate makes a difference.",
    (
        "A total is a sum of cells, each converted and rounded by itself. A difference is split cell by cell: each "
        "cause has what the converted cell gained when its entries were added, in the order of the columns."
    ),
    "Change adds up the parts and After adds Change to Before, rounded to the cent: spreadsheets add binary fractions.",
    "Donors of whom nothing changed stand in one row.",
)


def build(figures: ChangesFigures, stamp: Stamp) -> Book:
    """The workbook, ready to be saved once.

    Raises:
        ReportTooLargeError: there are more rows, or a longer text, than a sheet can hold.
    """
    page = changes_by_donor.changes_page(figures, stamp)
    checked = tuple(changes_by_donor.change_checks(figures, stamp))
    verdicts = checks.checks_page(checked, stamp)
    entries = tuple(
        (words(cause.value), count, "entries had this effect")
        for cause, count in figures.entries.items()
    )
    rows = cover.lay_cover(
        stamp,
        changes_by_donor.cards(figures, stamp),
        "Entries between the two",
        (*entries, *cover.counts_of(stamp, checks.verdict(checked))),
        READING,
        SHEETS,
    )
    book = new_book(stamp)
    cover.write_cover(book, rows, footer=footer(stamp))
    for each in (
        page,
        rates.rates_page(figures.rates, stamp),
        verdicts,
        notes.notes_page(NOTES, stamp),
    ):
        write_page(book, each, footer=footer(stamp))
    for name, address in changes_by_donor.key_figures(page).items():
        book.name(name, address)
    checks.name_result(book, verdicts)
    return book
