"""The summary workbook: totals by donor and stage, over time, all pledges, pending requests."""

from typing import Final

from openpyxl.workbook import Workbook

from reports.figures import Stamp, SummaryFigures
from reports.kit.page import write_page
from reports.kit.workbook import new_book
from reports.sheets import by_donor, cover, over_time, pending, pledges
from reports.sheets.lines import footer

TITLE: Final = "Summary of aid pledges"
SHEETS: Final = (
    (by_donor.TAB, "Totals by donor and stage, with a chart"),
    (over_time.TAB, "Commitments by month and donor, with two charts"),
    (pledges.TAB, "Every pledge with its amounts, dates and sources; frames too"),
    (pending.TAB, "What governments have asked of their parliaments and not got yet"),
    (by_donor.CHART_TAB, "The rounded numbers behind the chart by donor"),
    (over_time.CHART_TAB, "The rounded numbers behind the charts over time"),
)


def build(figures: SummaryFigures, stamp: Stamp) -> Workbook:
    """The workbook, ready to be saved once.

    Raises:
        ReportTooLargeError: there are more rows, or a longer text, than a sheet can hold.
    """
    donors, donor_chart = by_donor.by_donor(figures.donors, stamp)
    months, month_chart = over_time.over_time(figures.monthly, stamp)
    lines = pledges.pledges_page(figures.pledges, stamp)
    requests = pending.pending_page(figures.pending, figures.pending_on, stamp)
    rows = cover.cover_rows(stamp, by_donor.total_stages(figures.donors), SHEETS)

    book = new_book(stamp)
    cover.write_cover(book, rows, footer=footer(stamp))
    for page in (donors, months, lines, requests, donor_chart, month_chart):
        write_page(book, page, footer=footer(stamp))
    return book
