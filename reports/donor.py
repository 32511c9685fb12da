"""The workbook on one donor: how far its money has got, over time too, its pledges, requests and latest changes."""

from collections.abc import Iterator
from typing import Final

from app.pledges.domain.model import Stage
from reports.donor_figures import DonorFigures
from reports.figures import Stamp
from reports.kit.big_page import AnyPage, write_pages
from reports.kit.workbook import Book, new_book
from reports.sheets import (
    by_aid_type,
    by_period,
    changes_log,
    checks,
    cover,
    notes,
    pledges,
    postings,
    rates,
    request_states,
)
from reports.sheets.by_donor import total_stages
from reports.sheets.by_period import Series
from reports.sheets.checks import Check
from reports.sheets.lines import footer
from reports.sheets.postings import PostingSums

TITLE: Final = "One donor in depth"
SHEETS: Final = (
    (by_aid_type.TAB, "Totals by aid type and stage, with a chart"),
    ("By month", "Commitments month by month and running, with two charts"),
    ("By year", "The same by year"),
    (pledges.TAB, "Every pledge with its amounts, dates and sources; frames too"),
    (request_states.TAB, "What the government asked of its parliament, and how far that has got"),
    (changes_log.TAB, "What was recorded last"),
    (postings.TAB, "The rows that all totals add up, each with its pledge and source"),
    (rates.TAB, rates.WHAT),
    (checks.TAB, checks.WHAT),
    (notes.TAB, notes.WHAT),
)
NOTES: Final = (*notes.FORMULAS, *notes.STAGES)


def build(figures: DonorFigures, stamp: Stamp) -> Book:
    """The workbook, ready to be saved once.

    Raises:
        ReportTooLargeError: there are more rows, or a longer text, than a sheet can hold.
    """
    basis = figures.basis
    sums = PostingSums(basis.postings, stamp.currency)
    series = tuple(Series(Stage.COMMITTED, each) for each in figures.series)
    by_type = by_aid_type.by_aid_type(figures.aid_types, stamp, sums)
    checked = tuple(_checks(figures, series, stamp, sums))
    verdicts = checks.checks_page(checked, stamp)
    rows = cover.cover_rows(stamp, sums, checks.verdict(checked), SHEETS)
    book = new_book(stamp)
    cover.write_cover(book, rows, footer=footer(stamp))
    pages: tuple[AnyPage, ...] = (
        by_type,
        *(by_period.by_period(each, stamp, sums) for each in series),
        pledges.pledges_page(figures.pledges, stamp),
        request_states.request_states_page(figures.requests, figures.on, stamp),
        changes_log.changes_log_page(figures.changes, figures.all_changes, stamp),
        postings.postings_page(basis.postings, stamp),
        rates.rates_page(basis.rates, stamp),
        verdicts,
        notes.notes_page(NOTES, stamp),
    )
    write_pages(book, pages, footer=footer(stamp))
    for name, address in by_aid_type.key_figures(by_type).items():
        book.name(name, address)
    checks.name_result(book, verdicts)
    return book


def _checks(
    figures: DonorFigures, series: tuple[Series, ...], stamp: Stamp, sums: PostingSums
) -> Iterator[Check]:
    yield from by_aid_type.total_checks(total_stages(figures.totals), stamp, sums)
    yield from by_aid_type.aid_type_checks(figures.aid_types, stamp, sums)
    for each in series:
        yield from by_period.period_checks(each, stamp, sums)
