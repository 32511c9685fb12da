"""Promise: the reconciliation workbook sets two sums side by side, and its formulas come to what stands in them.

Worked by hand: Denmark 10.00 in both; Norway 25.00 in the other workbook and 27.50 here, of which 2.00 are a package
that the other counts twice and 0.50 nobody explains; the peace facility stands here alone, with 500.00.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from openpyxl.workbook import Workbook

from app.pledges.domain.model import AidType
from reports import reconciliation
from reports.figures import RateLine
from reports.kit.workbook import to_bytes
from reports.reconciliation import CauseLine, ReconciledSum, ReconciliationFigures
from tests.exports.office import recalculated
from tests.reports.look import column, dedent, formulas, grid, opened
from tests.reports.make import make_stamp
from tests.reports.test_safe_text import HOSTILE, with_text

NORWAY: Final = ReconciledSum(
    donor="NO",
    name="Norway",
    aid_type=AidType.MILITARY,
    workbook=Decimal("25.00"),
    ledger=Decimal("27.50"),
    verdict="Open",
)
TWICE: Final = CauseLine(
    donor="NO",
    name="Norway",
    aid_type=AidType.MILITARY,
    why="not-counted",
    euro=Decimal("2.00"),
    package="NOM1",
    cell="S12",
)
FIGURES: Final = ReconciliationFigures(
    sums=(
        replace(NORWAY, donor="DK", name="Denmark", workbook=Decimal("10.00"),
                ledger=Decimal("10.00"), verdict="Equal"),
        NORWAY,
        replace(NORWAY, donor="EPF", name="Peace facility", workbook=None,
                ledger=Decimal("500.00"), verdict="Explained"),
    ),
    causes=(
        TWICE,
        replace(TWICE, donor="EPF", name="Peace facility", why="not-in-summary",
                euro=Decimal("500.00"), package="EPM1", cell=None),
    ),
    rates=(
        RateLine(currency="NOK", base="EUR", asked_for=date(2022, 10, 3), on=date(2022, 10, 3),
                 value=Decimal(10), source="kiel-r7", provisional=False),
    ),
)  # fmt: skip


def build(figures: ReconciliationFigures = FIGURES) -> bytes:
    return to_bytes(reconciliation.build(figures, make_stamp(counts=None)))


@pytest.fixture(scope="module")
def file() -> bytes:
    return build()


@pytest.fixture(scope="module")
def workbook(file: bytes) -> Workbook:
    return opened(file)


def test_each_sum_stands_beside_the_other_with_what_explains_the_difference(
    workbook: Workbook,
) -> None:
    table = grid(workbook, "Sums").splitlines()[3:]
    assert "\n".join(table) == dedent("""
        Donor | Code | Aid type | Workbook | Ledger | Difference | Explained | Rest | Verdict
        Denmark | DK | Military | 10.00 | 10.00 | 0.00 | 0.00 | 0.00 | Equal
        Norway | NO | Military | 25.00 | 27.50 | 2.50 | 2.00 | 0.50 | Open
        Peace facility | EPF | Military |  | 500.00 | 500.00 | 500.00 | 0.00 | Explained
        All donors |  |  | 35.00 | 537.50 | 502.50 | 502.00 | 0.50
        """)


def test_the_cover_has_the_sums_and_counts_the_verdicts(workbook: Workbook) -> None:
    cover = grid(workbook, "Cover")
    assert "35.00 | 537.50 | 502.50" in cover
    for verdict in ("Equal", "Explained", "Open"):
        assert f"{verdict} | 1 | " in cover


def test_causes_and_rates_are_listed(workbook: Workbook) -> None:
    assert column(workbook, "Causes", "Cause") == ["Not counted", "Not in summary"]
    assert column(workbook, "Causes", "Package") == ["NOM1", "EPM1"]
    assert column(workbook, "Rates", "Units") == [10]
    assert workbook.sheetnames == ["Cover", "Sums", "Causes", "Rates", "Notes"]


def test_differences_and_totals_are_formulas_with_names(file: bytes) -> None:
    told = formulas(file)
    assert len(told["Sums"]) == 3 * 3 + 5
    assert told["Sums"]["F6"] == "ROUND(Sums[[#This Row],[Ledger]]-Sums[[#This Row],[Workbook]],2)"
    assert told["Sums"]["D9"] == "ROUND(SUM(Sums[Workbook]),2)"
    assert sorted(told["Cover"].values()) == ["Total_difference", "Total_ledger", "Total_workbook"]


def test_an_office_program_works_out_what_we_wrote(file: bytes, tmp_path: Path) -> None:
    ours, theirs = opened(file), recalculated(file, tmp_path)
    places = [(tab, cell) for tab, cells in formulas(file).items() for cell in cells]
    assert [theirs[tab][cell].value for tab, cell in places] == [
        ours[tab][cell].value for tab, cell in places
    ]


def test_a_workbook_without_sums_says_so() -> None:
    nothing = ReconciliationFigures(sums=(), causes=(), rates=())
    book = opened(build(nothing))
    assert "The other workbook has no sums." in grid(book, "Sums")
    assert "No sum differs." in grid(book, "Causes")
    assert "0.00 | 0.00 | 0.00" in grid(book, "Cover")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_the_other_workbook_becomes_a_formula(text: str) -> None:
    ours = set(formulas(build())["Sums"].values())
    assert set(formulas(build(with_text(FIGURES, text)))["Sums"].values()) == ours
