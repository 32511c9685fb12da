"""Promise: the legislation workbook keeps kinds of amount, currencies and requests apart, and text stays text.

US-2023-10   61,400,000,000.00 USD of money, on the floor and blocked, 72 days pending
KR-2023-08           520,000,000 KRW of money, law after 114 days
BE-2023-10    1,700,000,000.00 EUR of an envelope, only announced
"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from openpyxl.workbook import Workbook

from reports import legislation
from reports.kit.text import may_start_formula
from reports.kit.workbook import to_bytes
from reports.legislation_figures import (
    AskedAndEnacted,
    ClaimLine,
    Columns,
    LegislationFigures,
    PendingSum,
    PendingTotal,
    RequestState,
    TimelineStep,
)
from tests.reports.look import cells, column, dedent, grid, native_table, opened, parts
from tests.reports.make import make_stamp, span
from tests.reports.test_safe_text import HOSTILE, excel_reads, with_text

TABLES: Final = {
    "Pending": "Pending",
    "By state": "RequestStates",
    "Timeline": "Timeline",
    "Asked and enacted": "AskedAndEnacted",
    "Lines": "RequestLines",
}
ASKED: Final = Decimal("61400000000.00")
ZERO: Final = Decimal("0.00")


def make_state(**changes: Any) -> RequestState:
    state = RequestState(
        reference="US-2023-10",
        donor="US",
        donor_name="United States",
        title="National security request",
        kind="supplemental",
        state="floor",
        is_pending=True,
        is_over=False,
        flags=("blocked",),
        requested=span("2023-10-20"),
        pending_since=date(2023, 10, 20),
        ended=None,
        days_pending=72,
        days_in_state=52,
        days_silent=25,
        days_to_decision=None,
        dormant=True,
        currency="USD",
        pending=Columns(money=ASKED),
        last=date(2023, 12, 6),
        body="Senate",
        vehicles=("H.R. 815", "H.R. 8035"),
        revision=12,
        version=3,
    )
    return replace(state, **changes)


def make_figures(**changes: Any) -> LegislationFigures:
    pending = PendingSum(
        donor="US",
        donor_name="United States",
        component="military",
        standing="pending",
        currency="USD",
        amounts=Columns(money=ASKED),
        requests=1,
        unvalued=0,
    )
    belgian = replace(
        pending,
        donor="BE",
        donor_name="Belgium",
        component="mixed",
        standing="announced",
        currency="EUR",
        amounts=Columns(envelope=Decimal("1700000000.00")),
    )
    step = TimelineStep(
        reference="US-2023-10",
        donor="US",
        on=span("2023-12-06"),
        day=date(2023, 12, 6),
        is_ahead=False,
        body="Senate",
        vehicle="H.R. 815",
        state="floor",
        says="floor",
        flags=("blocked",),
        text="Cloture failed",
        language="en",
        yes=49,
        no=51,
        other=None,
        roll="Senate 118-1 no. 335",
        question="On the motion",
        substantive=True,
        known=None,
        source_url="https://example.org/vote",
    )
    asked = AskedAndEnacted(
        reference="US-2023-10",
        donor="US",
        donor_name="United States",
        component="military",
        column="money",
        currency="USD",
        asked=ASKED,
        pending=ASKED,
        enacted=ZERO,
        dead=ZERO,
        beyond=ZERO,
        unvalued=0,
    )
    korean = replace(
        asked,
        reference="KR-2023-08",
        donor="KR",
        donor_name="South Korea",
        currency="KRW",
        asked=Decimal(520000000),
        pending=Decimal(0),
        enacted=Decimal(520000000),
        dead=Decimal(0),
        beyond=Decimal(7),
    )
    line = ClaimLine(
        reference="US-2023-10",
        donor="US",
        key="usai",
        parent="dod",
        component="military",
        subcomponent="usai",
        label="Contracts",
        amount_kind="cash",
        beneficiary="recipient",
        year=2024,
        new_money=True,
        is_counted=True,
        amount=ASKED,
        pending=ASKED,
        enacted=ZERO,
        dead=ZERO,
        currency="USD",
        claim=ASKED,
        bound="exact",
        verification="official",
        preferred=True,
        reason="The letter itself.",
        retrieved=span("2026-11"),
        source_title="The letter",
        source_url="https://example.org/letter",
        note="Two years.",
    )
    figures = LegislationFigures(
        on=date(2023, 12, 31),
        known_on=None,
        pending=(pending, belgian),
        totals=(
            PendingTotal(currency="USD", amounts=Columns(money=ASKED), requests=1, unvalued=0),
        ),
        requests=(
            make_state(),
            make_state(
                reference="KR-2023-08", donor="KR", donor_name="South Korea", state="enacted",
                is_pending=False, is_over=True, flags=(), days_pending=114, days_in_state=None,
                days_silent=None, days_to_decision=114, dormant=False, currency="KRW",
                pending=Columns(money=Decimal(0)), ended=span("2023-12"), requested=span("2023-08"),
            ),
        ),
        timeline=(step,),
        asked=(asked, korean),
        lines=(line,),
    )  # fmt: skip
    return replace(figures, **changes)


def build(figures: LegislationFigures | None = None) -> bytes:
    stamp = make_stamp(currency="native", counts=None)
    return to_bytes(legislation.build(figures or make_figures(), stamp))


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return opened(build())


def test_each_kind_of_amount_and_each_currency_stands_by_itself(workbook: Workbook) -> None:
    lines = grid(workbook, "Pending").splitlines()
    assert lines[1] == (
        "Pending on 2023-12-31 · in no total of pledges · as of 2026-11-22 10:00 UTC · revision 1482"
    )
    assert "\n".join(lines[5:]) == dedent("""
        Donor | Code | Component | Standing | Currency | Money | Authority | Envelope | In kind | Guarantee | Out of scope | Requests | Unvalued
        United States | US | Military | Pending | USD | 61,400,000,000.00 | 0.00 | 0.00 | 0.00 | 0.00 | 0.00 | 1 | 0
        Belgium | BE | Mixed | Announced | EUR | 0.00 | 0.00 | 1,700,000,000.00 | 0.00 | 0.00 | 0.00 | 1 | 0
        All pending, USD |  |  |  | USD | 61,400,000,000.00 | 0.00 | 0.00 | 0.00 | 0.00 | 0.00 | 1 | 0
        """)  # noqa: E501 -- a row of the sheet


def test_the_cover_counts_requests_and_adds_no_amounts(workbook: Workbook) -> None:
    cover = grid(workbook, "Cover")
    assert (
        "Requests pending | of these awaiting signature | of these dormant | Longest pending, days"
    ) in cover
    assert "1 | 0 | 1 | 72" in cover
    assert "Enacted | 1 | are law" in cover
    assert "Ended otherwise | 0 | " in cover


def test_ages_are_numbers_and_vague_dates_stay_vague(workbook: Workbook) -> None:
    assert column(workbook, "By state", "Days pending") == [72, 114]
    assert column(workbook, "By state", "Days to decision") == [None, 114]
    assert column(workbook, "By state", "Requested on") == [date(2023, 10, 20), "2023-08"]
    assert column(workbook, "By state", "Ended on") == [None, "2023-12"]
    assert column(workbook, "Lines", "Year") == ["2024"]  # a year is no number to be added up


def test_what_was_asked_is_added_up_by_currency_and_kind(workbook: Workbook) -> None:
    assert grid(workbook, "Asked and enacted").splitlines()[-2:] == [
        "All, KRW |  |  |  | Money | KRW | 520,000,000 | 0 | 520,000,000 | 0 | 7 | 0",
        "All, USD |  |  |  | Money | USD | 61,400,000,000.00 | 61,400,000,000.00 | 0.00 | 0.00 | 0.00 | 0",
    ]


@pytest.mark.parametrize("tab", TABLES)
def test_each_sheet_is_a_native_table_with_its_headers_in_view_and_in_print(
    workbook: Workbook, tab: str
) -> None:
    table, bounds = native_table(workbook, tab)
    sheet = workbook[tab]
    assert table.displayName == TABLES[tab]
    assert sheet.freeze_panes == f"B{bounds.top + 1}"
    assert sheet.print_title_rows == f"${bounds.top}:${bounds.top}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight in {0, 1}


def test_a_workbook_of_nothing_has_all_its_sheets() -> None:
    nothing = LegislationFigures(
        on=date(2022, 2, 1),
        known_on=None,
        pending=(),
        totals=(),
        requests=(),
        timeline=(),
        asked=(),
        lines=(),
    )
    workbook = opened(build(nothing))
    assert workbook.sheetnames == ["Cover", *TABLES]
    for tab in TABLES:
        _, bounds = native_table(workbook, tab)
        assert str(workbook[tab].cell(row=bounds.top + 1, column=1).value).endswith("2022-02-01.")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is_and_is_no_formula(text: str) -> None:
    # The name of a kind of amount is our own word, and is looked up.
    told = with_text(make_figures(asked=()), text)
    file = build(told)
    sheets = parts(file, r"xl/worksheets/sheet\d\.xml")
    assert [name for name, xml in sheets.items() if re.search(r"<f[ />]|<hyperlink", xml)] == []
    lines = text.replace("\r", "\n")
    found = [cell for cell in cells(opened(file)) if excel_reads(cell.value) == lines]
    assert {cell.parent.title for cell in found} >= {"Pending", "By state", "Timeline", "Lines"}
    assert {cell.data_type for cell in found} == {"s"}
    assert {cell.quotePrefix for cell in found} == {may_start_formula(lines)}
