"""Ledger and workbook agree to the cent, or the difference is told with its cause; the causes add up to it."""

from decimal import Decimal
from typing import Any

import pytest

from app.imports.domain.cells import Book
from app.imports.domain.kiel.columns import find_table
from app.imports.domain.kiel.mapper import map_book
from app.imports.domain.kiel.packages import Measure, read_packages
from app.imports.domain.kiel.reconciliation import Compared, Held, Why, reconcile
from app.imports.domain.kiel.release import read_release
from app.imports.domain.kiel.summary import find_summary
from app.pledges.domain import AidType
from tests.imports.kiel.workbook import (
    dirty_rows,
    line,
    rates,
    summary,
    to_book,
    to_csv_book,
    valued,
    workbook,
)


def held_by(book: Book) -> dict[str, Held]:
    """A ledger into which the whole book was imported, and that nobody touched since."""
    return {
        one.external_id: Held(
            one.fields["donor"],
            AidType(one.fields["aid_type"]),
            one.fields["currency"],
            Decimal(one.fields["amount"]) if one.fields["amount"] else None,
        )
        for one in map_book(book).proposals
    }


def compare(book: Book, held: dict[str, Held] | None = None) -> dict[tuple[str, str], Compared]:
    table, sums = find_table(book), find_summary(book, Measure.COMMITMENT)
    assert table
    assert sums
    release = read_release(book)
    packages, _ = read_packages(table, release.coverage)
    held = held_by(book) if held is None else held
    found = reconcile(packages, sums, release.rates, held, Measure.COMMITMENT)
    for one in found:
        parts = sum((cause.euro for cause in one.causes), Decimal(0))
        assert abs(parts - one.difference) < Decimal("0.005")
    return {(one.donor, one.aid_type.value): one for one in found}


def causes(one: Compared) -> list[tuple[Any, ...]]:
    return [(cause.why.value, cause.euro, cause.package_id) for cause in one.causes]


def test_sums_that_agree_have_no_cause() -> None:
    # 75 DKK at 7.5 and 20 EUR are 30 euro.
    rows = [valued("DKM1", amount=75, currency="DKK"), valued("DKM2", amount=20)]
    book = to_book(workbook(*rows, sums=summary(("Denmark", 0, 0, 30))))
    one = compare(book)["DK", "military"]
    assert one.workbook == one.ledger == 30
    assert one.causes == ()
    assert one.is_equal


def test_every_trap_of_the_dirty_workbook_is_named() -> None:
    # Worked by hand: what the workbook's own formulas, which compare letter by letter, come to.
    sums = summary(
        ("Denmark", 0, 0, 10_000_000),
        ("Norway", 0, 0, "38.75"),
        ("Estonia", 0, 0, 5_300_000),
        ("Latvia", 0, 0, 600),
        ("Czech Republic", 0, 0, 10),
        ("Turkey", 0, 0, 0),
        ("Finland", 10, 0, 0),
        ("EU (Commission and Council)", 10, 0, 0),
        ("Slovenia", 0, 0, 280),
        ("Germany", 0, 0, 0),
        ("Poland", 0, 0, 10),
        ("United States", 0, 0, "11281.25"),
    )
    found = compare(to_book(workbook(*dirty_rows(), sums=sums)))
    different = {place: causes(one) for place, one in found.items() if not one.is_equal}
    assert different == {
        # The second spelling of Czechia has no row of its own.
        ("CZ", "military"): [("spelt-otherwise", 10, "CZM2")],
        ("DE", "military"): [("not-counted", 30_666_666, "DEM2")],
        ("DK", "military"): [("not-counted", pytest.approx(Decimal("109.33"), abs=Decimal("0.01")), "DKM3")],
        ("EIB", "financial"): [("not-in-summary", 500, "EIF1")],
        ("EPF", "military"): [("not-in-summary", 500, "EPM1")],
        # TRH1 is typed with a trailing blank, TRH2 is Turkiye; both are left out.
        ("TR", "humanitarian"): [("spelt-otherwise", 10, "TRH1"), ("spelt-otherwise", 10, "TRH2")],
    }  # fmt: skip
    assert all(one.unexplained == 0 for one in found.values())


def test_a_cause_says_where_to_look() -> None:
    rows = [valued("DKM3", currency="DKK", euro=None), line("DEM2", "Germany", given=5)]
    found = compare(
        to_book(workbook(*rows, sums=summary(("Denmark", 0, 0, 0), ("Germany", 0, 0, 0))))
    )
    cells = {place: cause.cell for place, one in found.items() for cause in one.causes}
    assert cells == {("DK", "military"): "S2", ("DE", "military"): "R3"}


def test_a_sum_that_is_not_that_of_its_rows_is_told_as_unknown() -> None:
    book = to_book(workbook(valued("DKM1", amount=20), sums=summary(("Denmark", 0, 0, 50))))
    one = compare(book)["DK", "military"]
    assert causes(one) == [("unknown", -30, None)]
    assert one.difference == one.unexplained == -30


def test_what_the_ledger_has_otherwise_is_told_package_by_package() -> None:
    book = to_book(
        workbook(
            valued("DKM1", amount=20), valued("DKM2", amount=5), valued("DKM3", amount=7),
            sums=summary(("Denmark", 0, 0, 32), ("Norway", 0, 0, 0)),
        )
    )  # fmt: skip
    held = held_by(book)
    held["DKM1"] = Held("DK", AidType.MILITARY, "EUR", Decimal(25))
    held["DKM2"] = Held("NO", AidType.MILITARY, "EUR", Decimal(5))
    del held["DKM3"]
    found = compare(book, held)
    assert causes(found["DK", "military"]) == [
        ("ledger-differs", 5, "DKM1"), ("ledger-differs", -5, "DKM2"), ("not-in-ledger", -7, "DKM3"),
    ]  # fmt: skip
    assert causes(found["NO", "military"]) == [("ledger-differs", 5, "DKM2")]
    assert found["NO", "military"].difference == 5


def test_a_conversion_at_another_rate_is_told() -> None:
    rows = [valued("DKM1", amount=75, currency="DKK", euro=11)]
    one = compare(to_book(workbook(*rows, sums=summary(("Denmark", 0, 0, 11)))))["DK", "military"]
    assert causes(one) == [("converted-otherwise", -1, "DKM1")]


def test_without_a_rate_the_workbooks_own_conversion_stands() -> None:
    sheets = workbook(
        valued("JPF1", "Japan", 1000, aid_type="Financial", currency="JPY", euro=7),
        sums=summary(("Japan", 7, 0, 0)),
    )
    assert compare(to_book(sheets))["JP", "financial"].is_equal


def test_fractions_of_a_cent_are_rounding_and_no_difference() -> None:
    rows = [valued("NOM1", "Norway", Decimal("10.004"), euro=Decimal("10.004"))]
    one = compare(to_book(workbook(*rows, sums=summary(("Norway", 0, 0, "10.004")))))[
        "NO", "military"
    ]
    assert one.is_equal
    assert all(cause.why is Why.ROUNDING for cause in one.causes)


def test_the_printed_form_has_decimal_strings() -> None:
    rows = [valued("EPM1", "European Peace Facility", 500)]
    book = to_book(workbook(*rows, sums=summary(("Norway", 0, 0, 0))))
    assert compare(book)["EPF", "military"].to_json() == {
        "donor": "EPF", "aid_type": "military", "workbook": None, "ledger": "500.00", "difference": "500.00",
        "causes": [{"cause": "not-in-summary", "amount": "500.00", "package": "EPM1", "cell": "S2"}],
    }  # fmt: skip


# -------------------------------------------------------------------------- the workbook's own tables


def test_rates_and_period_are_read_from_the_workbook() -> None:
    release = read_release(to_book(workbook()))
    assert release.rates == {"EUR": 1, "USD": Decimal("0.8"), "DKK": Decimal("7.5"), "NOK": 10}
    assert (release.number, release.label) == (7, "kiel-r7")
    assert str(release.coverage and release.coverage.last) == "2022-10-03"


@pytest.mark.parametrize(
    ("title", "number", "coverage"),
    [
        ("Release 28 (covering January 24, 2022 to February 28, 2026)", 28, "2026-02-28"),
        ("Ukraine Support Tracker - 3rd release (Jan 24 – May 10, 2022)", 3, "2022-05-10"),
        ("Our 7th release", None, None),
        ("Release 9 (covering Smarch 24 to October 3, 2022)", None, None),
        ("Release 9 (covering February 30 to October 3, 2022)", None, None),
    ],
)
def test_titles_of_other_releases_are_read_too(
    title: str, number: int | None, coverage: str | None
) -> None:
    release = read_release(to_book({"README ": [(title,)]}))
    assert release.number == number
    assert (release.coverage.last.isoformat() if release.coverage else None) == coverage


def test_rates_that_are_none_are_left_out() -> None:
    table: dict[str, Any] = {"EUR": 1, "XYZ": 3, "USD": ".", "DKK": 0, "NOK": "10.25"}
    release = read_release(to_book({"Exchange rates": rates(table)}))
    assert release.rates == {"EUR": 1, "NOK": Decimal("10.25")}


def test_the_summary_is_found_by_its_headers() -> None:
    group = summary(("European Union", 1, 2, 3), title="Numbers by donor group")
    book = to_book({"Groups": group, "Sums": summary(("Norway", 1, 2, 3), ("Denmark", 4, 5, 6))})
    found = find_summary(book, Measure.COMMITMENT)
    assert found
    assert found.sheet == "Sums"
    assert found.donors == {"NO", "DK"}
    assert {place[1].value: one.euro for place, one in found.sums.items() if place[0] == "DK"} == {
        "financial": 4, "humanitarian": 5, "military": 6,
    }  # fmt: skip
    assert find_summary(book, Measure.ALLOCATION) is None
    assert find_summary(to_csv_book(("id", "country"), ("a", "b")), Measure.COMMITMENT) is None
