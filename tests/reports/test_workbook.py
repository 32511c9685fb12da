"""Promise: what opens is a proper workbook: real numbers and dates, native tables and charts, ready to print."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.figures import DonorMonths, MonthlyCommitments
from reports.kit.looks import Look
from reports.kit.page import LONG_NUMBERS
from reports.kit.values import Number, money, unit_for
from reports.kit.workbook import Book, to_bytes
from tests.reports.make import (
    ZERO,
    build,
    cells,
    grid,
    make_donor,
    make_empty,
    make_figures,
    make_line,
    make_pending,
    make_stamp,
    opened,
    parts,
    span,
)

CHART: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
TABLES: Final = {
    "By donor": "DonorTotals",
    "Over time": "MonthlyCommitments",
    "Pledges": "Pledges",
    "Pending requests": "PendingRequests",
    "Chart data, donors": "DonorChart",
    "Chart data, months": "MonthChart",
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


@pytest.fixture(scope="module")
def charts(file: bytes) -> list[ET.Element]:
    return [ET.fromstring(xml) for xml in parts(file, r"xl/charts/chart\d\.xml").values()]


def sheet(workbook: Workbook, tab: str) -> Worksheet:
    found = workbook[tab]
    assert isinstance(found, Worksheet)
    return found


def column(workbook: Workbook, tab: str, header: str) -> list[object]:
    """The cells of a native table's column."""
    [table] = sheet(workbook, tab).tables.values()
    left, top, _, bottom = range_boundaries(table.ref)
    names = [each.name for each in table.tableColumns]
    number = left + names.index(header)
    return [
        sheet(workbook, tab).cell(row=row, column=number).value
        for row in range(top + 1, bottom + 1)
    ]


# ------------------------------------------------------------------------------------ values


def test_amounts_are_numbers_with_the_decimals_of_their_currency() -> None:
    lines = [
        make_line(reference=currency, amount=Decimal(amount), currency=currency)
        for currency, amount in (
            ("EUR", "1234.50"), ("KRW", "5000000000"), ("JPY", "7"), ("KWD", "1.234"), ("ISK", "3"),
        )
    ]  # fmt: skip
    pledges = sheet(opened(build(make_figures(pledges=tuple(lines)))), "Pledges")
    shown = {
        row[0].value: (row[11].value, row[11].number_format) for row in pledges.iter_rows(min_row=8)
    }
    assert shown == {
        "EUR": (1234.5, "#,##0.00"),
        "KRW": (5_000_000_000, "#,##0"),
        "JPY": (7, "#,##0"),
        "KWD": (1.234, "#,##0.000"),
        "ISK": (3, "#,##0"),
    }


def test_totals_have_the_decimals_of_the_reports_currency() -> None:
    figures = make_figures(donors=(make_donor("JP", "Japan", "7 7 7 7", undated=Decimal(0)),))
    workbook = opened(build(figures, make_stamp(currency="JPY")))
    formats = {
        cell.number_format
        for cell in cells(workbook)
        if cell.parent.title == "By donor" and cell.data_type == "n"
    }
    assert formats == {"#,##0"}


def test_dates_are_real_dates(workbook: Workbook) -> None:
    assert column(workbook, "Pledges", "From") == [
        datetime(2022, 3, 16),
        datetime(2022, 3, 1),
        None,
        datetime(2022, 1, 1),
        datetime(2023, 6, 14),
    ]
    assert column(workbook, "Over time", "Month")[0] == datetime(2022, 2, 1)
    assert {cell.number_format for cell in cells(workbook) if isinstance(cell.value, datetime)} == {
        "yyyy-mm-dd",
        "yyyy-mm",
    }


def test_a_date_of_reduced_precision_is_not_made_exact() -> None:
    lines = (
        make_pending(requested=span("2023-10"), state_since=span("")),
        make_pending(requested=span("2023-10-20"), state_since=span("2023-10-20/2023-10-23")),
    )
    workbook = opened(build(make_figures(pending=lines)))
    assert column(workbook, "Pending requests", "Requested on") == [
        "2023-10",
        datetime(2023, 10, 20),
    ]
    assert column(workbook, "Pending requests", "State since") == [None, "2023-10-20/2023-10-23"]


def test_what_nobody_published_is_empty_and_not_zero(workbook: Workbook) -> None:
    position = column(workbook, "Pledges", "Reference").index("DK-2022-02")
    for header in ("Amount", "Pledged, EUR", "Committed, EUR", "Allocated, EUR", "Delivered, EUR"):
        assert column(workbook, "Pledges", header)[position] is None


@given(st.decimals(0, 10**13, places=2, allow_nan=False, allow_infinity=False))
def test_the_cent_survives(amount: Decimal) -> None:
    number = money(amount, "EUR")
    assert isinstance(number, Number)
    # What Excel reads is the nearest double; what it shows of it has 15 digits.
    assert not number.is_exact_in_excel or Decimal(f"{float(str(number)):.15g}") == amount


def test_an_amount_is_written_digit_by_digit() -> None:
    book = Book()
    _, rows = book.begin_sheet("One")
    rows.append([(money(Decimal("999999999999.99"), "EUR"), Look.NUMBER)])
    [xml] = parts(to_bytes(book), r"xl/worksheets/sheet1\.xml").values()
    assert "<v>999999999999.99</v>" in xml


def test_an_amount_of_more_than_15_digits_is_text_and_the_sheet_says_so() -> None:
    huge = "12345678901234567.89"
    figures = make_figures(
        donors=(
            make_donor("DK", "Denmark", f"{huge} 999999999999.99 1e18 0.00"),
            make_donor("NO", "Norway", "0.02 0.00 0.00 0.00"),
        )
    )
    workbook = opened(build(figures))
    assert column(workbook, "By donor", "Pledged") == [huge, 0.02]
    assert column(workbook, "By donor", "Committed") == [999_999_999_999.99, 0]
    # A one and eighteen zeros need no more than one digit.
    assert column(workbook, "By donor", "Allocated") == [10**18, 0]
    by_donor = grid(sheet(workbook, "By donor"))
    assert LONG_NUMBERS in by_donor
    assert "All donors |  | 12345678901234567.91 | 999,999,999,999.99" in by_donor
    cover = grid(sheet(workbook, "Cover"))
    assert LONG_NUMBERS in cover
    assert cover.splitlines()[3].startswith("12345678901234567.91 | ")


def test_sheets_without_long_numbers_do_not_speak_of_them(workbook: Workbook) -> None:
    assert [tab for tab in workbook.sheetnames if LONG_NUMBERS in grid(sheet(workbook, tab))] == []


@pytest.mark.parametrize(
    ("largest", "unit"),
    [("0", ""), ("999999.99", ""), ("1000000", "million"), ("999999999.99", "million"),
     ("1000000000", "billion"), ("1e15", "billion")],
)  # fmt: skip
def test_charts_count_in_a_unit_that_suits_their_largest_amount(largest: str, unit: str) -> None:
    assert unit_for([Decimal(0), Decimal(largest)]).name == unit


# ------------------------------------------------------------------------------------ tables


@TABS
def test_each_sheet_has_one_native_table_over_exactly_its_rows(
    workbook: Workbook, tab: str
) -> None:
    [table] = sheet(workbook, tab).tables.values()
    assert table.displayName == TABLES[tab]
    left, top, right, bottom = range_boundaries(table.ref)
    assert left == 1
    headers = [
        sheet(workbook, tab).cell(row=top, column=number).value for number in range(1, right + 1)
    ]
    assert headers == [each.name for each in table.tableColumns]
    assert all(isinstance(header, str) for header in headers)
    assert sheet(workbook, tab).cell(row=top, column=right + 1).value is None
    below = sheet(workbook, tab).cell(row=bottom + 1, column=1).value
    assert below in {None, "All donors", "Undated"}
    assert table.autoFilter.ref == table.ref
    assert table.totalsRowCount is None


def test_tables_have_names_and_numbers_of_their_own(file: bytes) -> None:
    tables = [ET.fromstring(xml) for xml in parts(file, r"xl/tables/table\d\.xml").values()]
    assert len({table.get("id") for table in tables}) == len(tables) == 6
    assert {table.get("displayName") for table in tables} == set(TABLES.values())


def test_there_are_no_merged_cells(workbook: Workbook) -> None:
    assert [tab for tab in workbook.sheetnames if sheet(workbook, tab).merged_cells.ranges] == []


@TABS
def test_columns_are_wide_enough_for_their_numbers_and_not_endless(
    workbook: Workbook, tab: str
) -> None:
    found = sheet(workbook, tab)
    [table] = found.tables.values()
    _, top, right, bottom = range_boundaries(table.ref)
    for number in range(1, right + 1):
        width = found.column_dimensions[get_column_letter(number)].width
        assert 8 <= width <= 64
        for row in range(top + 1, bottom + 3):
            value = found.cell(row=row, column=number).value
            if isinstance(value, int | float):
                assert width > len(f"{value:,.2f}")


def test_wrapped_text_has_room() -> None:
    lines = (make_line(notes="word " * 60), make_line(notes="short"), make_line(notes="a\nb\nc"))
    pledges = sheet(opened(build(make_figures(pledges=lines))), "Pledges")
    heights = [pledges.row_dimensions[row].height for row in (8, 9, 10)]
    assert heights == [75, None, 45]


# ------------------------------------------------------------------------------------ screen, paper


@pytest.mark.parametrize(
    ("tab", "frozen"),
    [("Pledges", "B8"), ("Pending requests", "B7"), ("Chart data, donors", "B6"),
     ("By donor", "B1"), ("Over time", "B1"), ("Cover", None)],
)  # fmt: skip
def test_headers_and_the_first_column_stay_in_view(
    workbook: Workbook, tab: str, frozen: str | None
) -> None:
    assert sheet(workbook, tab).freeze_panes == frozen


def test_no_sheet_shows_grid_lines(workbook: Workbook) -> None:
    assert [t for t in workbook.sheetnames if sheet(workbook, t).sheet_view.showGridLines] == []


@TABS
def test_each_sheet_prints_landscape_to_the_width_of_the_paper(
    workbook: Workbook, tab: str
) -> None:
    found = sheet(workbook, tab)
    [table] = found.tables.values()
    top = range_boundaries(table.ref)[1]
    assert found.page_setup.orientation == "landscape"
    assert found.sheet_properties.pageSetUpPr.fitToPage
    assert found.print_title_rows == f"${top}:${top}"
    assert found.oddFooter.left.text == "Aid Ledger · Aid pledged to Ukraine · revision 1482"
    assert found.oddFooter.right.text == "Page &P of &N"


def test_a_broad_sheet_runs_over_pages_that_repeat_what_a_row_is(workbook: Workbook) -> None:
    pledges = sheet(workbook, "Pledges")
    assert pledges.page_setup.fitToWidth > 1
    assert pledges.print_title_cols == "$A:$A"
    assert pledges.print_area == "'Pledges'!$A$7:$Z$12"
    assert pledges.oddHeader.left.text.startswith("Pledges · ")


def test_the_cover_prints_on_one_page(workbook: Workbook) -> None:
    setup = sheet(workbook, "Cover").page_setup
    assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("portrait", 1, 1)


def test_an_ampersand_in_a_title_is_no_code_in_the_footer() -> None:
    file = build(stamp=make_stamp(title="Loans & grants &P"))
    [cover] = parts(file, r"xl/worksheets/sheet1\.xml").values()
    assert "Loans &amp;&amp; grants &amp;&amp;P" in cover


def test_the_properties_name_the_ledger_and_nobody(workbook: Workbook, file: bytes) -> None:
    properties = workbook.properties
    assert (properties.creator, properties.lastModifiedBy) == ("Aid Ledger", None)
    assert properties.title == "Aid pledged to Ukraine"
    assert properties.created == datetime(2026, 11, 22, 10, 0)
    facts = {each.name: each.value for each in workbook.custom_doc_props.props}
    assert facts == {"Ledger revision": 1482, "As of": "2026-11-22 10:00 UTC", "Currency": "EUR"}


# ------------------------------------------------------------------------------------ charts


def test_there_is_a_chart_by_donor_and_two_over_time(workbook: Workbook) -> None:
    count = {tab: len(sheet(workbook, tab)._charts) for tab in workbook.sheetnames}
    assert {tab: n for tab, n in count.items() if n} == {"By donor": 1, "Over time": 2}


def texts(element: ET.Element) -> list[str | None]:
    return [each.text for each in element.iter(f"{DRAWING}t")]


def test_charts_have_titles_units_and_a_legend(charts: list[ET.Element]) -> None:
    assert [texts(chart) for chart in charts] == [
        ["How far the money has got: by donor", "Donor", "million EUR"],
        ["Committed in each month", "Month of commitment", "million EUR"],
        ["Committed since the beginning", "Month of commitment", "million EUR"],
    ]
    assert all(chart.find(f".//{CHART}legend") is not None for chart in charts)
    overlays = {each.get("val") for chart in charts for each in chart.iter(f"{CHART}overlay")}
    assert overlays == {"0"}


def test_axes_are_shown_and_nothing_is_smoothed(charts: list[ET.Element]) -> None:
    axes = [
        axis
        for chart in charts
        for axis in chart.iter()
        if axis.tag in {f"{CHART}{kind}" for kind in ("catAx", "valAx", "dateAx")}
    ]
    assert len(axes) == 6
    assert {axis.find(f"{CHART}delete").get("val") for axis in axes} == {"0"}  # type: ignore[union-attr]
    assert [
        s for chart in charts for s in chart.iter(f"{CHART}smooth") if s.get("val") != "0"
    ] == []


def test_stages_stand_side_by_side_and_donors_on_top_of_each_other(
    charts: list[ET.Element],
) -> None:
    groupings = [chart.find(f".//{CHART}grouping").get("val") for chart in charts]  # type: ignore[union-attr]
    assert groupings == ["clustered", "stacked", "stacked"]


def test_months_are_dates_on_the_axis(charts: list[ET.Element]) -> None:
    for chart in charts[1:]:
        axis = chart.find(f".//{CHART}dateAx")
        assert axis is not None
        assert axis.find(f"{CHART}numFmt").get("formatCode") == "yyyy-mm"  # type: ignore[union-attr]


def referred(workbook: Workbook, reference: str) -> list[object]:
    """The cells that a chart refers to."""
    found = re.fullmatch(r"'(.+)'!(.+)", reference)
    assert found
    left, top, right, bottom = range_boundaries(found[2].replace("$", ""))
    rows = sheet(workbook, found[1]).iter_rows(top, bottom, left, right, values_only=True)
    return [value for row in rows for value in row]


def plotted(value: object) -> str:
    """A cell's value as a chart keeps it."""
    if isinstance(value, datetime):
        return str((value.date() - date(1899, 12, 30)).days)
    return str(value) if isinstance(value, str) else f"{value:.6f}"


def test_charts_carry_the_numbers_of_the_cells_that_they_refer_to(
    workbook: Workbook, charts: list[ET.Element]
) -> None:
    references = [
        each
        for chart in charts
        for each in chart.iter()
        if each.tag in {f"{CHART}numRef", f"{CHART}strRef"}
    ]
    assert len(references) == 3 * (4 + 3 + 3)
    for reference in references:
        address = reference.findtext(f"{CHART}f")
        assert address
        kept = [each.text for each in reference.iter(f"{CHART}v")]
        cells_there = [plotted(value) for value in referred(workbook, address)]
        assert [
            plotted(float(k)) if "." in c else k
            for k, c in zip(kept, cells_there, strict=True)
            if k
        ] == cells_there


def test_each_series_is_named_by_its_donor(charts: list[ET.Element]) -> None:
    names = [
        [series.findtext(f"{CHART}tx//{CHART}v") for series in chart.iter(f"{CHART}ser")]
        for chart in charts
    ]
    donors = ["United States", "Denmark", "South Korea"]
    assert names == [["Pledged", "Committed", "Allocated", "Delivered"], donors, donors]


def test_many_donors_are_charted_as_the_largest_and_all_others() -> None:
    names = [f"Donor {number:02}" for number in range(46)]
    donors = [make_donor(name, name, f"{100 - n} {100 - n} 0 0") for n, name in enumerate(names)]
    months = [
        DonorMonths(donor=name, name=name, amounts=(Decimal(100 - n), ZERO), undated=ZERO)
        for n, name in enumerate(names)
    ]
    monthly = MonthlyCommitments(months=(date(2022, 1, 1), date(2022, 2, 1)), donors=tuple(months))
    file = build(make_figures(donors=tuple(donors), monthly=monthly))
    charts = [ET.fromstring(xml) for xml in parts(file, r"xl/charts/chart\d\.xml").values()]
    assert texts(charts[0])[0] == "How far the money has got: the 12 largest of 46 donors"
    assert len(list(charts[1].iter(f"{CHART}ser"))) == 8
    workbook = opened(file)
    # The 39 that are left have 93 + 92 + ... + 55.
    assert column(workbook, "Chart data, months", "39 others") == [sum(range(55, 94)), 0]
    assert len(column(workbook, "By donor", "Donor")) == 46


# ------------------------------------------------------------------------------------ nothing


@TABS
def test_an_empty_ledger_still_gives_a_table_with_one_row_that_says_so(
    empty: Workbook, tab: str
) -> None:
    [table] = sheet(empty, tab).tables.values()
    _, top, _, bottom = range_boundaries(table.ref)
    assert bottom == top + 1
    expected = (
        "No request was pending on 2023-10-25."
        if tab == "Pending requests"
        else "No pledges match these filters."
    )
    assert sheet(empty, tab).cell(row=bottom, column=1).value == expected


def test_an_empty_ledger_has_totals_of_zero_and_no_chart(empty: Workbook) -> None:
    assert grid(sheet(empty, "By donor")).splitlines()[-1] == (
        "All donors |  | 0.00 | 0.00 | 0.00 | 0.00 | 0 | 0 | 0.00"
    )
    assert parts(build(make_empty()), r"xl/charts/.*") == {}


def test_donors_without_months_are_no_reason_to_fail() -> None:
    undated = DonorMonths(donor="DK", name="Denmark", amounts=(), undated=Decimal("5.00"))
    figures = make_figures(monthly=MonthlyCommitments(months=(), donors=(undated,)))
    assert grid(sheet(opened(build(figures)), "Over time")).splitlines()[-3:] == [
        "No pledges match these filters.",
        "Undated | 5.00 | 5.00",
        "Total | 5.00 | 5.00",
    ]
