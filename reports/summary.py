"""The summary workbook: totals by donor and stage, over time, all pledges, pending requests."""

from collections.abc import Iterator
from typing import Final

from reports.figures import Stamp, SummaryFigures
from reports.kit.big_page import AnyPage, write_pages
from reports.kit.workbook import Book, new_book
from reports.sheets import (
    by_aid_type,
    by_donor,
    checks,
    cover,
    notes,
    over_time,
    pending,
    pledges,
    postings,
    rates,
)
from reports.sheets.checks import Check
from reports.sheets.lines import footer
from reports.sheets.postings import PostingSums

TITLE: Final = "Summary of aid pledges"
SHEETS: Final = (
    (by_donor.TAB, "Totals by donor and stage, with a chart"),
    (by_aid_type.TAB, "Totals by aid type and stage, with a chart"),
    (over_time.TAB, "Commitments by month and donor, with two charts"),
    (pledges.TAB, "Every pledge with its amounts, dates and sources; frames too"),
    (pending.TAB, "What governments have asked of their parliaments and not got yet"),
    (postings.TAB, "The rows that all totals add up, each with its pledge and source"),
    (rates.TAB, rates.WHAT),
    (checks.TAB, checks.WHAT),
    (notes.TAB, notes.WHAT),
    (by_donor.CHART_TAB, "The rounded numbers behind the chart by donor"),
    (over_time.CHART_TAB, "The rounded numbers behind the charts over time"),
)

NOTES: Final = (*notes.FORMULAS, *notes.STAGES)


def build(figures: SummaryFigures, stamp: Stamp) -> Book:
    """The workbook, ready to be saved once.

    Raises:
        ReportTooLargeError: there are more rows, or a longer text, than a sheet can hold.
    """
    basis = figures.basis
    sums = PostingSums(basis.postings, stamp.currency)
    donors, donor_chart = by_donor.by_donor(figures.donors, stamp, sums)
    months, month_chart = over_time.over_time(figures.monthly, stamp, sums)
    checked = tuple(_checks(figures, stamp, sums))
    verdicts = checks.checks_page(checked, stamp)
    pages: tuple[AnyPage, ...] = (
        donors,
        by_aid_type.by_aid_type(figures.aid_types, stamp, sums),
        months,
        pledges.pledges_page(figures.pledges, stamp),
        pending.pending_page(figures.pending, figures.pending_on, stamp),
        postings.postings_page(basis.postings, stamp),
        rates.rates_page(basis.rates, stamp),
        verdicts,
        notes.notes_page(NOTES, stamp),
        donor_chart,
        month_chart,
    )
    rows = cover.cover_rows(stamp, sums, checks.verdict(checked), SHEETS)

    book = new_book(stamp)
    cover.write_cover(book, rows, footer=footer(stamp))
    write_pages(book, pages, footer=footer(stamp))
    for name, address in by_donor.key_figures(donors).items():
        book.name(name, address)
    checks.name_result(book, verdicts)
    return book


def _checks(figures: SummaryFigures, stamp: Stamp, sums: PostingSums) -> Iterator[Check]:
    yield from by_donor.donor_checks(figures.donors, stamp, sums)
    yield from by_aid_type.aid_type_checks(figures.aid_types, stamp, sums)
    yield from over_time.month_checks(figures.monthly, stamp, sums)
