"""Promise: the legislation workbook keeps kinds of amount, currencies and requests apart, and text stays text.

US-2023-10   61,400,000,000.00 USD of money, on the floor and blocked, 72 days pending
KR-2023-08           520,000,000 KRW of money, law after 114 days
BE-2023-10    1,700,000,000.00 EUR of an envelope, only announced

Every total is a formula over the lines, and its result stands beside it.
"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any, Final

import pytest
from openpyxl.workbook import Workbook

from reports import legislation
from reports.kit.formulas import ALLOWED
from reports.kit.text import may_start_formula
from reports.kit.workbook import to_bytes
from reports.legislation_figures import (
    AskedAndEnacted,
    ClaimLine,
    Columns,
    LegislationFigures,
    LiveLine,
    PendingSum,
    PendingTotal,
    RequestState,
    TimelineStep,
)
from tests.reports.look import (
    cells,
    charts_of,
    column,
    dedent,
    formulas,
    grid,
    native_table,
    opened,
    parts,
)
from tests.reports.make import make_stamp, span
from tests.reports.test_charts import CHART, texts, value
from tests.reports.test_safe_text import HOSTILE, excel_reads, with_text

TABLES: Final = {
    "Pending": "Pending",
    "By state": "RequestStates",
    "Ages": "Ages",
    "Timeline": "Timeline",
    "Asked and enacted": "AskedAndEnacted",
    "Pending lines": "PendingLines",
    "Lines": "RequestLines",
    "Checks": "Checks",
    "Notes": "Notes",
}
# What lists nothing but facts, and so says that there are none.
LISTS: Final = (
    "Pending",
    "By state",
    "Ages",
    "Timeline",
    "Asked and enacted",
    "Pending lines",
    "Lines",
)
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
    live = LiveLine(
        reference="US-2023-10",
        revision=12,
        donor="US",
        donor_name="United States",
        title="National security request",
        state="floor",
        standing="pending",
        days_pending=72,
        key="usai",
        label="Contracts",
        component="military",
        column="money",
        beneficiary="recipient",
        native=ASKED,
        native_currency="USD",
        valued_on=None,
        amount=ASKED,
        currency="USD",
        requests=1,
        of_component=1,
        verification="official",
        source_url="https://example.org/letter",
    )
    fund = replace(
        live,
        reference="BE-2023-10",
        revision=14,
        donor="BE",
        donor_name="Belgium",
        state="announced",
        standing="announced",
        days_pending=None,
        component="mixed",
        column="envelope",
        native=Decimal("1700000000.00"),
        native_currency="EUR",
        amount=Decimal("1700000000.00"),
        currency="EUR",
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
        revision=12,
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
        revision=13,
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
        revision=12,
        donor="US",
        key="usai",
        parent="dod",
        component="military",
        subcomponent="usai",
        label="Contracts",
        amount_kind="cash",
        beneficiary="recipient",
        column="money",
        year=2024,
        new_money=True,
        is_added=False,
        is_first=True,
        is_counted=True,
        amount=ASKED,
        asked=ASKED,
        pending=ASKED,
        enacted=ZERO,
        dead=ZERO,
        beyond=ZERO,
        unvalued=0,
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
    won = replace(
        line,
        reference="KR-2023-08",
        revision=13,
        donor="KR",
        key="aid",
        parent=None,
        currency="KRW",
        amount=Decimal(520000000),
        asked=Decimal(520000000),
        pending=Decimal(0),
        enacted=Decimal(520000000),
        dead=Decimal(0),
        beyond=Decimal(7),
        claim=None,
    )
    figures = LegislationFigures(
        on=date(2023, 12, 31),
        known_on=None,
        pending=(pending, belgian),
        totals=(
            PendingTotal(currency="USD", amounts=Columns(money=ASKED), requests=1, unvalued=0),
        ),
        live=(live, fund),
        is_converted=False,
        rates=(),
        requests=(
            make_state(),
            make_state(
                reference="KR-2023-08", revision=13, donor="KR", donor_name="South Korea", state="enacted",
                is_pending=False, is_over=True, flags=(), days_pending=114, days_in_state=None,
                days_silent=None, days_to_decision=114, dormant=False, currency="KRW",
                pending=Columns(money=Decimal(0)), ended=span("2023-12"), requested=span("2023-08"),
            ),
        ),
        timeline=(step,),
        asked=(asked, korean),
        lines=(line, won),
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
        "Money pending, USD | Requests pending | of these awaiting signature | of these dormant"
    ) in cover
    assert "61,400,000,000.00 | 1 | 0 | 1" in cover
    assert "Enacted | 1 | are law" in cover
    assert "Ended otherwise | 0 | " in cover


def test_ages_are_numbers_and_vague_dates_stay_vague(workbook: Workbook) -> None:
    assert column(workbook, "By state", "Days pending") == [72, 114]
    assert column(workbook, "By state", "Days to decision") == [None, 114]
    assert column(workbook, "By state", "Requested on") == [date(2023, 10, 20), "2023-08"]
    assert column(workbook, "By state", "Ended on") == [None, "2023-12"]
    assert column(workbook, "Lines", "Year") == ["2024"] * 2  # a year is no number to be added up


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
    # A chart above the table would take up all that is in view.
    assert sheet.freeze_panes == ("B1" if tab == "Ages" else f"B{bounds.top + 1}")
    assert sheet.print_title_rows == f"${bounds.top}:${bounds.top}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight in {0, 1}


def test_a_workbook_of_nothing_has_all_its_sheets() -> None:
    nothing = LegislationFigures(
        on=date(2022, 2, 1),
        known_on=None,
        pending=(),
        totals=(),
        live=(),
        is_converted=False,
        rates=(),
        requests=(),
        timeline=(),
        asked=(),
        lines=(),
    )
    workbook = opened(build(nothing))
    assert workbook.sheetnames == ["Cover", *TABLES]
    for tab in LISTS:
        _, bounds = native_table(workbook, tab)
        assert str(workbook[tab].cell(row=bounds.top + 1, column=1).value).endswith("2022-02-01.")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is_and_is_no_formula(text: str) -> None:
    told = with_text(make_figures(), text)
    file = build(told)
    sheets = parts(file, r"xl/worksheets/sheet\d+\.xml")
    found_formulas = [one for xml in sheets.values() for one in re.findall(r"<f>([^<]*)</f>", xml)]
    assert found_formulas
    assert [one for one in found_formulas if not ALLOWED.fullmatch(unescape(one))] == []
    assert [name for name, xml in sheets.items() if re.search(r"<f[ /]|<hyperlink", xml)] == []
    lines = text.replace("\r", "\n")
    found = [cell for cell in cells(opened(file)) if excel_reads(cell.value) == lines]
    assert {cell.parent.title for cell in found} >= {*LISTS}
    assert {cell.data_type for cell in found} == {"s"}
    assert {cell.quotePrefix for cell in found} == {may_start_formula(lines)}


def test_every_total_is_a_formula_over_the_lines() -> None:
    told = formulas(build())
    assert told["Pending"]["F8"] == (
        "SUMIFS(PendingLines[Minor units],PendingLines[Code],Pending[[#This Row],[Code]],"
        "PendingLines[Component],Pending[[#This Row],[Component]],"
        "PendingLines[Standing],Pending[[#This Row],[Standing]],"
        'PendingLines[Currency],Pending[[#This Row],[Currency]],PendingLines[Counts as],"Money")/100'
    )
    assert told["Pending"]["F10"] == (
        'SUMIFS(PendingLines[Minor units],PendingLines[In totals],"Yes",'
        'PendingLines[Currency],"USD",PendingLines[Counts as],"Money")/100'
    )
    # A request is found by a number: a reference may look like a date. The won has no smaller unit.
    assert told["Asked and enacted"]["G9"] == (
        "SUMIFS(RequestLines[Asked in minor units],"
        "RequestLines[Revision],AskedAndEnacted[[#This Row],[Revision]],"
        "RequestLines[Component],AskedAndEnacted[[#This Row],[Component]],"
        "RequestLines[Counts as],AskedAndEnacted[[#This Row],[Counts as]])"
    )


def test_checks_hold_what_was_asked_for_to_what_became_of_it(workbook: Workbook) -> None:
    assert set(column(workbook, "Checks", "Result")) == {"OK"}
    figures = column(workbook, "Checks", "Figure")
    assert "Asked and enacted: Money, USD: asked less its parts" in figures
    assert "Asked and enacted: Money, USD: as on sheet Pending" in figures
    assert "Pending: all, Money, USD" in figures


def test_a_line_that_vanishes_is_told_by_the_checks() -> None:
    figures = make_figures()
    [us, korean] = figures.lines
    for broken in (
        replace(figures, live=figures.live[1:]),
        replace(figures, lines=(replace(us, enacted=Decimal("0.01")), korean)),
    ):
        assert "Differs" in column(opened(build(broken)), "Checks", "Result")


def test_key_figures_have_names(workbook: Workbook) -> None:
    def named(name: str) -> Any:
        [(tab, address)] = workbook.defined_names[name].destinations
        return workbook[tab][address.replace("$", "")].value

    assert named("Pending_money_USD") == ASKED
    assert named("Pending_requests_USD") == 1
    assert named("All_enacted_money_KRW") == 520_000_000
    assert named("Checks_result") == "OK"


def test_numbers_too_long_for_a_spreadsheet_are_text_and_in_no_formula() -> None:
    long = Decimal("12345678901234567.89")
    figures = make_figures()
    [live, fund] = figures.live
    [pending, belgian] = figures.pending
    changed = replace(
        figures,
        live=(replace(live, native=long, amount=long), fund),
        pending=(replace(pending, amounts=Columns(money=long)), belgian),
        totals=(replace(figures.totals[0], amounts=Columns(money=long)),),
    )
    file = build(changed)
    assert column(opened(file), "Pending", "Money")[0] == "12,345,678,901,234,567.89"
    assert "F8" not in formulas(file)["Pending"]
    assert "Not computed" in column(opened(file), "Checks", "Result")


def test_donors_are_charted_where_they_share_a_currency() -> None:
    figures = make_figures()
    german = replace(
        figures.pending[0], donor="DE", donor_name="Germany", amounts=Columns(envelope=Decimal(7))
    )
    file = build(replace(figures, pending=(*figures.pending, german)))
    by_donor, ages = charts_of(file)
    assert texts(by_donor) == ["Pending in parliaments: by donor", "Donor", "billion USD"]
    assert texts(ages) == [
        "Days pending, and days without an action that moved the request on", "Request", "days",
    ]  # fmt: skip
    names = [one.findtext(f"{CHART}tx//{CHART}v") for one in by_donor.iter(f"{CHART}ser")]
    assert names == ["Money", "Envelope"]
    [axis] = by_donor.iter(f"{CHART}valAx")
    assert value(axis, f"{CHART}scaling/{CHART}min") == "0"
    two = replace(figures.totals[0], currency="EUR")
    assert len(charts_of(build(replace(figures, totals=(*figures.totals, two))))) == 1
