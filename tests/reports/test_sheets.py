"""Promise: each sheet is a native table that reads well on the screen and on paper, even when it is empty."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from reports.figures import DonorMonths, MonthlyCommitments
from tests.reports.look import column, grid, native_table, opened, parts, show
from tests.reports.make import build, make_donor, make_empty, make_figures, make_line, make_stamp

TABLES: Final = {
    "By donor": "DonorTotals",
    "By aid type": "AidTypeTotals",
    "Over time": "MonthlyCommitments",
    "Pledges": "Pledges",
    "Pending requests": "PendingRequests",
    "Postings": "Postings",
    "Rates": "Rates",
    "Checks": "Checks",
    "Notes": "Notes",
    "Donor chart data": "DonorChart",
    "Month chart data": "MonthChart",
}
TABS: Final = pytest.mark.parametrize("tab", TABLES)


@pytest.fixture(scope="module")
def file() -> bytes:
    return build()


@pytest.fixture(scope="module")
def workbook(file: bytes) -> Workbook:
    return opened(file)


@pytest.fixture(scope="module")
def empty() -> Workbook:
    return opened(build(make_empty()))


@TABS
def test_each_sheet_has_one_native_table_over_exactly_its_rows(
    workbook: Workbook, tab: str
) -> None:
    table, bounds = native_table(workbook, tab)
    sheet = workbook[tab]
    assert table.displayName == TABLES[tab]
    assert bounds.left == 1
    headers = [sheet.cell(row=bounds.top, column=n).value for n in range(1, bounds.right + 1)]
    assert headers == [each.name for each in table.tableColumns]
    assert {type(header) for header in headers} == {str}
    assert sheet.cell(row=bounds.top - 1, column=1).value is None
    assert sheet.cell(row=bounds.top, column=bounds.right + 1).value is None
    assert sheet.cell(row=bounds.bottom + 1, column=1).value in {
        None,
        "All donors",
        "All aid",
        "Undated",
        "All checks",
    }


@TABS
def test_each_table_can_be_filtered_and_its_totals_stand_below_it(
    workbook: Workbook, tab: str
) -> None:
    table, _ = native_table(workbook, tab)
    assert table.autoFilter.ref == table.ref
    assert table.totalsRowCount is None


def test_tables_have_names_and_numbers_of_their_own(file: bytes) -> None:
    tables = [ET.fromstring(xml) for xml in parts(file, r"xl/tables/table\d+\.xml").values()]
    assert len({table.get("id") for table in tables}) == len(tables) == len(TABLES)
    assert {table.get("displayName") for table in tables} == set(TABLES.values())


def test_there_are_no_merged_cells(workbook: Workbook) -> None:
    assert [tab for tab in workbook.sheetnames if workbook[tab].merged_cells.ranges] == []


@TABS
def test_columns_are_wide_enough_for_their_numbers_and_not_endless(
    workbook: Workbook, tab: str
) -> None:
    sheet = workbook[tab]
    _, bounds = native_table(workbook, tab)
    for number in range(1, bounds.right + 1):
        width = sheet.column_dimensions[get_column_letter(number)].width
        assert 8 <= width <= (110 if tab == "Notes" else 64)
        rows = range(bounds.top + 1, bounds.bottom + 3)
        found: list[Any] = [sheet.cell(row=row, column=number) for row in rows]
        numbers = [cell for cell in found if isinstance(cell.value, int | float)]
        assert all(width > len(show(cell)) for cell in numbers)


def test_wrapped_text_has_room() -> None:
    lines = (make_line(notes="word " * 60), make_line(notes="short"), make_line(notes="a\nb\nc"))
    pledges = opened(build(make_figures(pledges=lines)))["Pledges"]
    assert [pledges.row_dimensions[row].height for row in (8, 9, 10)] == [75, None, 45]


@pytest.mark.parametrize(
    ("tab", "frozen"),
    [
        ("Cover", None),
        ("By aid type", "B1"),
        ("Postings", "B8"),
        ("Rates", "B7"),
        ("Checks", "B7"),
        ("Notes", "B5"),
        ("By donor", "B1"),  # the chart above the table would take up the screen
        ("Over time", "B1"),
        ("Pledges", "B8"),
        ("Pending requests", "B7"),
        ("Donor chart data", "B6"),
        ("Month chart data", "B6"),
    ],
)
def test_headers_and_the_first_column_stay_in_view(
    workbook: Workbook, tab: str, frozen: str | None
) -> None:
    assert workbook[tab].freeze_panes == frozen


def test_no_sheet_shows_grid_lines(workbook: Workbook) -> None:
    assert {workbook[tab].sheet_view.showGridLines for tab in workbook.sheetnames} == {False}


@TABS
def test_each_sheet_prints_landscape_to_the_width_of_the_paper(
    workbook: Workbook, tab: str
) -> None:
    sheet: Any = workbook[tab]
    _, bounds = native_table(workbook, tab)
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${bounds.top}:${bounds.top}"
    assert sheet.oddFooter.left.text == "Aid Ledger · Aid pledged to Ukraine · revision 1482"
    assert sheet.oddFooter.right.text == "Page &P of &N"


def test_a_broad_sheet_runs_over_pages_that_repeat_what_a_row_is(workbook: Workbook) -> None:
    pledges: Any = workbook["Pledges"]
    assert pledges.page_setup.fitToWidth > 1
    assert pledges.print_title_cols == "$A:$A"
    assert pledges.print_area == "'Pledges'!$A$7:$Z$12"
    assert pledges.oddHeader.left.text.startswith("Pledges · Amount in the pledge's currency")


def test_the_cover_prints_on_one_page(workbook: Workbook) -> None:
    setup = workbook["Cover"].page_setup
    assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("portrait", 1, 1)


def test_an_ampersand_in_a_title_is_no_code_in_the_footer() -> None:
    file = build(stamp=make_stamp(title="Loans & grants &P"))
    [cover] = parts(file, r"xl/worksheets/sheet1\.xml").values()
    assert "Loans &amp;&amp; grants &amp;&amp;P" in cover


def test_the_properties_name_the_ledger_and_nobody() -> None:
    made = datetime(2026, 11, 22, 11, 0, tzinfo=timezone(timedelta(hours=1)))
    workbook = opened(build(stamp=make_stamp(generated_at=made)))
    properties = workbook.properties
    assert (properties.creator, properties.lastModifiedBy) == ("Aid Ledger", None)
    assert properties.title == "Aid pledged to Ukraine"
    assert properties.created.isoformat() == "2026-11-22T10:00:00"
    facts = workbook.custom_doc_props.props  # type: ignore[attr-defined]  # missing in the stubs
    assert {each.name: each.value for each in facts} == {
        "Ledger revision": 1482,
        "As of": "2026-11-22 10:00 UTC",
        "Currency": "EUR",
    }


@pytest.mark.parametrize("tab", [tab for tab in TABLES if tab not in {"Checks", "Notes"}])
def test_an_empty_ledger_still_gives_a_table_with_one_row_that_says_so(
    empty: Workbook, tab: str
) -> None:
    _, bounds = native_table(empty, tab)
    assert bounds.bottom == bounds.top + 1
    said = {
        "Pending requests": "No request was pending on 2023-10-25.",
        "Rates": "Nothing was converted.",
    }
    shown = empty[tab].cell(row=bounds.bottom, column=1).value
    assert shown == said.get(tab, "No pledges match these filters.")


def test_an_empty_ledger_has_totals_of_zero(empty: Workbook) -> None:
    assert grid(empty, "By donor").splitlines()[-1] == (
        "All donors |  | 0.00 | 0.00 | 0.00 | 0.00 | 0 | 0 | 0.00"
    )


def test_the_cover_of_an_empty_ledger_says_that_nothing_is_recorded() -> None:
    workbook = opened(build(make_empty(), make_stamp(revision=0, recorded_at=None)))
    assert "Ledger revision | 0, nothing recorded yet" in grid(workbook, "Cover")


def test_donors_without_months_are_no_reason_to_fail() -> None:
    undated = DonorMonths(donor="DK", name="Denmark", amounts=(), undated=Decimal("5.00"))
    donor = make_donor("DK", "Denmark", "5.00 5.00 0.00 0.00", undated=Decimal("5.00"))
    monthly = MonthlyCommitments(months=(), donors=(undated,))
    figures = make_figures(donors=(donor,), monthly=monthly)
    assert grid(opened(build(figures)), "Over time").splitlines()[-3:] == [
        "No pledges match these filters.",
        "Undated | 5.00 | 5.00",
        "Total | 5.00 | 5.00",
    ]


def test_months_without_donors_are_no_reason_to_fail() -> None:
    monthly = MonthlyCommitments(months=(date(2022, 2, 1),), donors=())
    workbook = opened(build(make_figures(monthly=monthly)))
    assert column(workbook, "Over time", "All donors") == [0]
