"""Promise: the summary shows each figure where a reader looks for it, and what the totals leave out beside them.

The little ledger, worked by hand at 1 USD = 0.90 EUR, 1 DKK = 0.134 EUR and 1 KRW = 0.0007 EUR:

    US-PDA-05    800,000,000.00 USD   2022-03-16   720,000,000.00 EUR, allocated; 90,000,000.00 delivered;
                                                   committed 90 million in February, 630 million in March
    DK-2022-01   100,000,000.10 DKK   2022-03       13,400,000.01 EUR, committed in March
    DK-2022-02   not published        undated
    KR-2022-01   5,000,000,000  KRW   2022           3,500,000.00 EUR, committed, in no month
    US-FRAME     5,000,000,000.00 USD                a frame: in no total

720,000,000.00 + 13,400,000.01 + 3,500,000.00 = 736,900,000.01.
"""

from typing import Final

import pytest
from openpyxl.workbook import Workbook

from reports import REPORTS, summary
from reports.sheets.cover import READING
from tests.reports.look import dedent, grid, opened
from tests.reports.make import build, make_stamp

TABS: Final = [
    "Cover",
    "By donor",
    "By aid type",
    "Over time",
    "Pledges",
    "Pending requests",
    "Postings",
    "Rates",
    "Checks",
    "Notes",
    "Donor chart data",
    "Month chart data",
]


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return opened(build())


def test_it_has_its_sheets_in_order(workbook: Workbook) -> None:
    assert workbook.sheetnames == TABS


def test_by_donor_lists_the_largest_first_and_its_total_is_a_number(workbook: Workbook) -> None:
    assert grid(workbook, "By donor") == dedent("""
        Aid by donor and stage
        Amounts in EUR · as of 2026-11-22 10:00 UTC · revision 1482
        Each stage contains the later ones: compare the stages, never add them to each other.
        Unvalued: pledges without a published amount. Undated: pledged amounts without a day.
        Donor | Code | Pledged | Committed | Allocated | Delivered | Pledges | Unvalued | Undated
        United States | US | 720,000,000.00 | 720,000,000.00 | 720,000,000.00 | 90,000,000.00 | 1 | 0 | 0.00
        Denmark | DK | 13,400,000.01 | 13,400,000.01 | 0.00 | 0.00 | 2 | 1 | 0.00
        South Korea | KR | 3,500,000.00 | 3,500,000.00 | 0.00 | 0.00 | 1 | 0 | 3,500,000.00
        All donors |  | 736,900,000.01 | 736,900,000.01 | 720,000,000.00 | 90,000,000.00 | 4 | 1 | 3,500,000.00
        """)


def test_over_time_adds_up_to_the_total_once_undated_amounts_are_added(workbook: Workbook) -> None:
    assert grid(workbook, "Over time") == dedent("""
        Commitments by month and donor
        Committed amounts in EUR · as of 2026-11-22 10:00 UTC · revision 1482
        Undated amounts stand below the table; they are in no month and in no chart.
        Month | All donors | United States | Denmark | South Korea
        2022-02 | 90,000,000.00 | 90,000,000.00 | 0.00 | 0.00
        2022-03 | 643,400,000.01 | 630,000,000.00 | 13,400,000.01 | 0.00
        2022-04 | 0.00 | 0.00 | 0.00 | 0.00
        Undated | 3,500,000.00 | 0.00 | 0.00 | 3,500,000.00
        Total | 736,900,000.01 | 720,000,000.00 | 13,400,000.01 | 3,500,000.00
        """)


def test_pledges_stand_in_their_own_currency_and_in_the_reports(workbook: Workbook) -> None:
    what, amounts, record = slice(0, 10), slice(10, 18), slice(18, 26)
    rows = [row.split(" | ") for row in grid(workbook, "Pledges").splitlines()[5:]]
    assert table(rows, what) == dedent("""
        Reference | Donor | Code | Title | Aid type | Instrument | Status | Announced | From | Date precision
        US-PDA-05 | United States | US | Drawdown | Military | In kind | Allocated | 2022-03-16 | 2022-03-16 | Day
        DK-2022-01 | Denmark | DK | Weapons | Military | In kind | Committed | 2022-03 | 2022-03-01 | Month
        DK-2022-02 | Denmark | DK | Boats, value not published | Military | In kind | Pledged |  |  | Unknown
        KR-2022-01 | South Korea | KR | Relief | Humanitarian | Grant | Committed | 2022 | 2022-01-01 | Year
        US-FRAME | United States | US | A ceiling | Military | Authority | Committed | 2023-06-14 | 2023-06-14 | Day
        """)
    assert table(rows, amounts) == dedent("""
        Bound | Amount | Currency | Pledged, EUR | Committed, EUR | Allocated, EUR | Delivered, EUR | In totals
        Up to | 800,000,000.00 | USD | 720,000,000.00 | 720,000,000.00 | 720,000,000.00 | 90,000,000.00 | Yes
        About | 100,000,000.10 | DKK | 13,400,000.01 | 13,400,000.01 | 0.00 | 0.00 | Yes
        Up to |  |  |  |  |  |  | Yes
        Up to | 5,000,000,000 | KRW | 3,500,000.00 | 3,500,000.00 | 0.00 | 0.00 | Yes
        Up to | 5,000,000,000.00 | USD | 4,500,000,000.00 | 0.00 | 0.00 | 0.00 | No
        """)
    assert table(rows, record) == dedent("""
        Verification | Notes | Overlaps | Source | Source address | Sources | Revision | Version
        Official |  |  | A page | https://example.org/a | 1 | 7 | 1
        Official |  |  | A page | https://example.org/a | 1 | 7 | 1
        Official | Two boats.⏎Names not given. |  |  |  | 0 | 7 | 1
        Official |  |  | A page | https://example.org/a | 1 | 7 | 1
        Official |  | US-PDA-05, US-PDA-06 | A page | https://example.org/a | 1 | 7 | 1
        """)


def table(rows: list[list[str]], columns: slice) -> str:
    return "\n".join(" | ".join(row[columns]) for row in rows)


def test_pending_requests_say_that_they_are_in_no_total(workbook: Workbook) -> None:
    rows = grid(workbook, "Pending requests").splitlines()
    assert rows[:3] == [
        "Requests pending in parliaments",
        "Pending on 2023-10-25 · in no total of pledges · as of 2026-11-22 10:00 UTC · revision 1482",
        "A pending amount is no pledge and is part of no total in this workbook.",
    ]
    assert rows[-1] == (
        "US-2023-10 | United States | US | National security request | House | In committee | 2023-10-23 | 2023-10-20"
        " | 5 | Military | Equipment | Cash | Recipient | 30,000,000,000.00 | USD | Official | https://example.org/request"
    )


def test_the_numbers_behind_the_charts_are_in_the_unit_of_the_axis(workbook: Workbook) -> None:
    assert (
        grid(workbook, "Donor chart data").splitlines()[1:]
        == dedent("""
        In million EUR · as of 2026-11-22 10:00 UTC · revision 1482
        Rounded, for the picture only. The account itself stands on sheet “By donor”.
        Donor | Pledged | Committed | Allocated | Delivered
        United States | 720.000 | 720.000 | 720.000 | 90.000
        Denmark | 13.400 | 13.400 | 0.000 | 0.000
        South Korea | 3.500 | 3.500 | 0.000 | 0.000
        """).splitlines()
    )
    assert (
        grid(workbook, "Month chart data").splitlines()[3:]
        == dedent("""
        Month | United States | Denmark | South Korea | United States, running | Denmark, running | South Korea, running
        2022-02 | 90.000 | 0.000 | 0.000 | 90.000 | 0.000 | 0.000
        2022-03 | 630.000 | 13.400 | 0.000 | 720.000 | 13.400 | 0.000
        2022-04 | 0.000 | 0.000 | 0.000 | 720.000 | 13.400 | 0.000
        """).splitlines()
    )


def test_the_cover_says_which_ledger_it_is_and_what_the_totals_leave_out(
    workbook: Workbook,
) -> None:
    rows = grid(workbook, "Cover").splitlines()
    assert (
        rows[: rows.index("How to read it")]
        == dedent("""
        Aid pledged to Ukraine
        Totals, pledges and pending requests.
        Pledged, EUR | Committed, EUR | Allocated, EUR | Delivered, EUR
        736,900,000.01 | 736,900,000.01 | 720,000,000.00 | 90,000,000.00
        What this covers
        Donors | United States, Denmark, South Korea
        As of | 2026-11-22 10:00 UTC
        Ledger revision | 1,482, recorded 2026-11-21 16:05 UTC
        Checkpoint | not signed yet
        Currency | EUR
        Conversion | At the reference rate of the day on which an amount took effect.
        | Provisional: one rate is not published yet.
        Made at | 2026-11-22 10:00 UTC
        Beside the totals
        Pledges | 4 | stand behind the totals
        Donors | 3 | have these pledges
        Unvalued pledges | 1 | have no published amount and add nothing to the totals
        Undated, EUR | 3,500,000.00 | of the amount has no day
        Frames left out | 1 | contain other pledges and are in no total
        Checks | OK | is what the formulas say of themselves; see sheet Checks
        """).splitlines()
    )
    assert rows[-2:] == ["Licence | CC BY 4.0", "Cite as | Aid Ledger, revision 1482."]


def test_the_cover_explains_how_to_read_it(workbook: Workbook) -> None:
    cover = " ".join(grid(workbook, "Cover").split())
    assert [each for each in READING if each not in cover] == []


def test_the_cover_says_when_nothing_was_filtered() -> None:
    workbook = opened(build(stamp=make_stamp(filters=())))
    assert "Filters | None: the whole ledger" in grid(workbook, "Cover")


def test_a_long_filter_runs_over_lines_and_loses_no_word() -> None:
    donors = ", ".join(f"Donor number {number}" for number in range(60))
    workbook = opened(build(stamp=make_stamp(filters=(("Donors", donors),))))
    assert donors in " ".join(grid(workbook, "Cover").replace(" | ", " ").replace("| ", "").split())


def test_the_same_figures_give_the_same_workbook() -> None:
    first, second = (opened(build()) for _ in range(2))
    assert [grid(first, tab) for tab in TABS] == [grid(second, tab) for tab in TABS]


def test_it_is_listed_by_name() -> None:
    assert REPORTS["summary"].build is summary.build
    assert REPORTS["summary"].title == summary.TITLE
