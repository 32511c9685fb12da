"""The timeline workbook: one stage by month, quarter and year, in each period and running, and by donor."""

from collections.abc import Iterator
from typing import Final

from app.pledges.domain.model import Stage
from reports.figures import Stamp
from reports.kit.big_page import AnyPage, write_pages
from reports.kit.page import Page
from reports.kit.text import words
from reports.kit.values import Value, refer
from reports.kit.workbook import Book, new_book
from reports.series_figures import TimelineFigures
from reports.sheets import by_period, checks, cover, notes, over_time, postings, rates
from reports.sheets.by_period import Series
from reports.sheets.checks import Check
from reports.sheets.lines import footer
from reports.sheets.postings import PostingSums

TITLE: Final = "Aid over time"
SHEETS: Final = (
    ("By month", "Month by month and running, by aid type, with two charts"),
    ("By quarter", "The same by quarter"),
    ("By year", "The same by year"),
    (over_time.TAB, "By month and donor, with two charts"),
    (postings.TAB, "The rows that all totals add up, each with its pledge and source"),
    (rates.TAB, rates.WHAT),
    (checks.TAB, checks.WHAT),
    (notes.TAB, notes.WHAT),
    (over_time.CHART_TAB, "The rounded numbers behind the charts by donor"),
)
# Nothing here is about parliaments.
READING: Final = cover.READING[:-1]
NOTES: Final = (*notes.FORMULAS, *notes.STAGES)
_WHOLE: Final = "Total_amount"
_UNDATED: Final = "Undated_total"


def build(figures: TimelineFigures, stamp: Stamp) -> Book:
    """The workbook, ready to be saved once.

    Raises:
        ReportTooLargeError: there are more rows, or a longer text, than a sheet can hold.
    """
    basis = figures.basis
    sums = PostingSums(basis.postings, stamp.currency)
    series = tuple(Series(figures.measure, each) for each in figures.series)
    periods = tuple(by_period.by_period(each, stamp, sums) for each in series)
    months, month_chart = over_time.over_time(figures.monthly, stamp, sums)
    checked = tuple(_checks(figures, series, stamp, sums))
    verdicts = checks.checks_page(checked, stamp)
    rows = cover.lay_cover(
        stamp,
        _cards(figures.measure, stamp, sums),
        "Beside the totals",
        cover.counts_of(stamp, checks.verdict(checked)),
        READING,
        SHEETS,
    )
    book = new_book(stamp)
    cover.write_cover(book, rows, footer=footer(stamp))
    pages: tuple[AnyPage, ...] = (
        *periods,
        months,
        postings.postings_page(basis.postings, stamp),
        rates.rates_page(basis.rates, stamp),
        verdicts,
        notes.notes_page(NOTES, stamp),
        month_chart,
    )
    write_pages(book, pages, footer=footer(stamp))
    for name, address in _key_figures(periods[0]).items():
        book.name(name, address)
    checks.name_result(book, verdicts)
    return book


def _key_figures(by_month: Page) -> dict[str, str]:
    """The names of the key figures, and where each stands: below the months."""
    return {
        _UNDATED: by_month.total_cell(by_period.ALL),
        _WHOLE: by_month.total_cell(by_period.ALL, row=1),
    }


def _cards(measure: Stage, stamp: Stamp, sums: PostingSums) -> tuple[tuple[str, Value], ...]:
    whole = refer(_WHOLE, sums.amount(stage=measure))
    undated = refer(_UNDATED, sums.amount(stage=measure, month=None))
    return (
        (f"{words(measure.value)}, {stamp.currency}", whole),
        ("of which in no single month", undated),
    )


def _checks(
    figures: TimelineFigures, series: tuple[Series, ...], stamp: Stamp, sums: PostingSums
) -> Iterator[Check]:
    for each in series:
        yield from by_period.period_checks(each, stamp, sums)
    yield from over_time.month_checks(figures.monthly, stamp, sums)
