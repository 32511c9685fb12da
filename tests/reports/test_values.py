"""Promise: amounts are numbers to the last cent, dates are dates, and what nobody published stays empty."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from reports.kit.looks import Look
from reports.kit.numbers import Number
from reports.kit.page import LONG_NUMBERS
from reports.kit.values import money, unit_for
from reports.kit.workbook import Book, to_bytes
from tests.reports.look import cells, column, grid, opened, parts
from tests.reports.make import (
    build,
    make_donor,
    make_figures,
    make_line,
    make_pending,
    make_stamp,
    span,
)


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return opened(build())


def test_amounts_are_numbers_with_the_decimals_of_their_currency() -> None:
    lines = [
        make_line(reference=currency, amount=Decimal(amount), currency=currency)
        for currency, amount in (
            ("EUR", "1234.50"), ("KRW", "5000000000"), ("JPY", "7"), ("KWD", "1.234"), ("ISK", "3"),
        )
    ]  # fmt: skip
    pledges = opened(build(make_figures(pledges=tuple(lines))))["Pledges"]
    assert {
        row[0].value: (row[11].value, row[11].number_format) for row in pledges.iter_rows(min_row=8)
    } == {
        "EUR": (1234.5, "#,##0.00"),
        "KRW": (5_000_000_000, "#,##0"),
        "JPY": (7, "#,##0"),
        "KWD": (1.234, "#,##0.000"),
        "ISK": (3, "#,##0"),
    }


def test_totals_have_the_decimals_of_the_reports_currency() -> None:
    figures = make_figures(donors=(make_donor("JP", "Japan", "7 7 7 7", undated=Decimal(0)),))
    workbook = opened(build(figures, make_stamp(currency="JPY")))
    numbers = [each for each in cells(workbook) if each.data_type == "n"]
    assert {each.number_format for each in numbers if each.parent.title == "By donor"} == {"#,##0"}


def test_dates_are_real_dates(workbook: Workbook) -> None:
    assert column(workbook, "Pledges", "From") == [
        date(2022, 3, 16),
        date(2022, 3, 1),
        None,
        date(2022, 1, 1),
        date(2023, 6, 14),
    ]
    assert column(workbook, "Over time", "Month")[0] == date(2022, 2, 1)
    days = [each for each in cells(workbook) if isinstance(each.value, datetime)]
    assert {each.number_format for each in days} == {"yyyy-mm-dd", "yyyy-mm"}


def test_a_date_of_reduced_precision_is_not_made_exact() -> None:
    lines = (
        make_pending(requested=span("2023-10"), state_since=span("")),
        make_pending(requested=span("2023-10-20"), state_since=span("2023-10-20/2023-10-23")),
    )
    workbook = opened(build(make_figures(pending=lines)))
    requested = column(workbook, "Pending requests", "Requested on")
    assert requested == ["2023-10", date(2023, 10, 20)]
    since = column(workbook, "Pending requests", "State since")
    assert since == [None, "2023-10-20/2023-10-23"]


@pytest.mark.parametrize(
    "header", ["Amount", "Pledged, EUR", "Committed, EUR", "Allocated, EUR", "Delivered, EUR"]
)
def test_what_nobody_published_is_empty_and_not_zero(workbook: Workbook, header: str) -> None:
    unvalued = column(workbook, "Pledges", "Reference").index("DK-2022-02")
    assert column(workbook, "Pledges", header)[unvalued] is None


@given(st.decimals(0, 10**13, places=2, allow_nan=False, allow_infinity=False))
def test_the_cent_survives(amount: Decimal) -> None:
    number = money(amount, "EUR")
    assert isinstance(number, Number)
    # Excel reads the nearest double and shows 15 digits of it.
    assert not number.is_exact_in_excel or Decimal(f"{float(str(number)):.15g}") == amount


def test_an_amount_is_written_digit_by_digit() -> None:
    book = Book()
    _, rows = book.begin_sheet("One")
    rows.append([(money(Decimal("999999999999.99"), "EUR"), Look.NUMBER)])
    [xml] = parts(to_bytes(book), r"xl/worksheets/sheet1\.xml").values()
    assert "<v>999999999999.99</v>" in xml


def test_an_amount_of_more_than_15_digits_is_text_and_the_sheet_says_so() -> None:
    huge = "12,345,678,901,234,567.89"
    donors = (
        make_donor("DK", "Denmark", f"{huge} 999999999999.99 1e18 0.00"),
        make_donor("NO", "Norway", "0.02 0.00 0.00 0.00"),
    )
    workbook = opened(build(make_figures(donors=donors)))
    assert column(workbook, "By donor", "Pledged") == [huge, 0.02]
    assert column(workbook, "By donor", "Committed") == [999_999_999_999.99, 0]
    # Excel keeps a one and eighteen zeros: that is one digit.
    assert column(workbook, "By donor", "Allocated") == [10**18, 0]
    assert "All donors |  | 12,345,678,901,234,567.91 | 999,999,999,999.99" in grid(
        workbook, "By donor"
    )
    assert grid(workbook, "Cover").splitlines()[3].startswith("12,345,678,901,234,567.91 | ")
    told = {tab for tab in workbook.sheetnames if LONG_NUMBERS in grid(workbook, tab)}
    assert told == {"Cover", "By donor", "By aid type", "Postings", "Checks"}


def test_sheets_without_long_numbers_do_not_speak_of_them(workbook: Workbook) -> None:
    assert [tab for tab in workbook.sheetnames if LONG_NUMBERS in grid(workbook, tab)] == []


def test_a_chart_of_long_numbers_still_has_numbers() -> None:
    donors = (make_donor("DK", "Denmark", "12345678901234.56 0.00 0.00 0.00"),)
    workbook = opened(build(make_figures(donors=donors)))
    assert column(workbook, "By donor", "Pledged") == ["12,345,678,901,234.56"]
    assert column(workbook, "Donor chart data", "Pledged") == [12.345679]


@given(st.decimals(0, 10**27, places=2, allow_nan=False, allow_infinity=False))
def test_what_a_chart_shows_is_never_too_long_for_a_number(amount: Decimal) -> None:
    assert unit_for([amount]).scale(amount).is_exact_in_excel


@pytest.mark.parametrize(
    ("largest", "unit"),
    [
        ("0", ""),
        ("999999.99", ""),
        ("1000000", "million"),
        ("999999999.99", "million"),
        ("1000000000", "billion"),
        ("999999999999.99", "billion"),
        ("1e15", "trillion"),
    ],
)
def test_charts_count_in_a_unit_that_suits_their_largest_amount(largest: str, unit: str) -> None:
    assert unit_for([Decimal(0), Decimal(largest)]).name == unit
