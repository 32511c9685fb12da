"""Packages become pledges: nothing of the real workbook's dirt is lost, and nothing is made up."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from app.imports.domain.findings import Severity
from app.imports.domain.kiel.mapper import map_book, recognises
from app.imports.domain.proposals import Mapped, Proposal
from app.pledges.domain import Pledge, RecordPledge, decide
from tests.imports.kiel.workbook import (
    HEADERS,
    dirty_rows,
    line,
    main_data,
    midnight,
    to_book,
    to_csv_book,
    valued,
    workbook,
)

TODAY = date(2026, 11, 22)


def mapped(*rows: list[Any]) -> dict[str, Proposal]:
    return by_id(map_book(to_book(workbook(*rows))))


def by_id(found: Mapped) -> dict[str, Proposal]:
    return {one.external_id: one for one in found.proposals}


def pledge(proposal: Proposal) -> Pledge:
    """The pledge that recording the proposal gives: the rules of the ledger take all of it."""
    command = RecordPledge(
        pledge_id=UUID(int=1, version=4), **proposal.fields, items=list(proposal.items or ())
    )
    return decide(None, command, TODAY).pledge


def codes(proposal: Proposal, *, besides: Sequence[str] = ("date-not-exact",)) -> list[str]:
    return [one.code for one in proposal.findings if one.code not in besides]


# ------------------------------------------------------------------------------------------------ packages


def test_every_kind_of_dirt_becomes_a_pledge() -> None:
    found = mapped(*dirty_rows())
    assert len(found) == 18
    assert {name for name, one in found.items() if one.is_refused} == set()
    for proposal in found.values():
        assert pledge(proposal).reference == proposal.external_id


@pytest.mark.parametrize(
    ("package", "amount", "currency", "announced_on", "findings"),
    [
        ("DKM1", "75000000.00", "DKK", "2022-03-01", []),
        ("DKM2", None, None, "2022-03-01", []),
        ("NOM1", "31.00", "USD", "2022-03-01", []),
        ("EEM3", "5300000.00", "EUR", None, ["impossible-date"]),
        ("LVM1", "600.00", "EUR", "2022-01-24/2022-04-06", 2 * ["drag-filled-date"]),
        ("CZM1", "10.00", "EUR", "2022-03-04/2022-03-11", []),
        ("CZM2", "10.00", "EUR", "2022-04", []),
        ("TRH1", "10.00", "EUR", "2022-02-24/2022-10-03", []),
        ("TRH2", "10.00", "EUR", None, []),
        ("SIM4", "280.00", "EUR", "2022-03-01", ["estimate-in-other-currency"]),
        ("DKM3", "820.00", "DKK", "2022-03-01", ["converted-value-missing"]),
        ("DEM2", "30666666.00", "EUR", "2022-03-01", ["total-missing"]),
        ("PLM1", "10.00", "EUR", "2022-03-01", ["garbled-number"]),
        ("USM1", "9025.00", "USD", "2022-03-01/2022-09-28", ["total-by-hand"]),
    ],
)
def test_a_package_has_one_value_and_one_date(
    package: str, amount: str | None, currency: str | None, announced_on: str | None, findings: list[str]
) -> None:  # fmt: skip
    proposal = mapped(*dirty_rows())[package]
    told = proposal.fields
    assert (told["amount"], told["currency"], told["announced_on"]) == (
        amount,
        currency,
        announced_on,
    )
    assert codes(proposal) == findings


def test_donors_and_aid_types_are_known_in_all_their_spellings() -> None:
    found = mapped(*dirty_rows())
    assert {
        name: (one.fields["donor"], one.fields["aid_type"], one.fields["instrument"])
        for name, one in found.items()
        if name in {"CZM1", "CZM2", "TRH1", "TRH2", "FIF1", "EUF1", "EPM1", "EIF1"}
    } == {
        "CZM1": ("CZ", "military", "in_kind"),
        "CZM2": ("CZ", "military", "in_kind"),
        "TRH1": ("TR", "humanitarian", "grant"),
        "TRH2": ("TR", "humanitarian", "grant"),
        "FIF1": ("FI", "financial", "loan"),
        "EUF1": ("EU", "financial", "guarantee"),
        "EPM1": ("EPF", "military", "in_kind"),
        "EIF1": ("EIB", "financial", "loan"),
    }


# The 28 spellings of the seventh release, by the instrument that they mean.
IN_KIND = (
    "Weapons and equipment", "Weapons and Equipment", "Equipment", "Weapons", "Military Equipment",
    "Equipment and assistance", "Weapons and Assistance", "Equipment and Assistance", "Material assistance",
    "Assistance and Equipment", "Weapons ", "Weapons, equipment and assistance", "Equipment and medicines",
    "Protective equipment and medical supplies", "Medicines", "Equipment ", "Weapons and training",
)  # fmt: skip
GRANT = (
    "Assistance", "Grant", "Reconstruction", "European Peace Facility", "Infrastructure", "Assitance",
    "Funding for Weapon Acquisition Program", "Humanitarian",
)  # fmt: skip
FORMS = [*((one, "in_kind") for one in IN_KIND), *((one, "grant") for one in GRANT),
         ("Loan", "loan"), ("Swap-line", "loan"), ("Guarantee", "guarantee")]  # fmt: skip


@pytest.mark.parametrize(("spelling", "instrument"), FORMS)
def test_each_of_the_28_spellings_is_one_way_of_giving(spelling: str, instrument: str) -> None:
    [proposal] = mapped(valued("A1", form=spelling)).values()
    assert proposal.fields["instrument"] == instrument
    assert codes(proposal) == []


def test_there_are_28_spellings() -> None:
    assert len({spelling for spelling, _ in FORMS}) == 28


def test_a_new_way_of_giving_is_told_and_the_usual_instrument_taken() -> None:
    [proposal] = mapped(valued("A1", form="Barter")).values()
    assert codes(proposal) == ["unknown-form"]
    assert pledge(proposal).instrument.value == "in_kind"


def test_repeated_values_are_not_added_up() -> None:
    # SUM over the rows of DKM1 would be nine times the money.
    proposal = mapped(*dirty_rows())["DKM1"]
    assert proposal.fields["amount"] == "75000000.00"
    assert len(proposal.items or ()) == 9


def test_the_sum_of_own_estimates_stands_in_where_no_source_gives_a_value() -> None:
    rows = [line("A1", currency="USD", estimate=one, item="part") for one in (19, Decimal("0.505"))]
    [proposal] = mapped(*rows).values()
    assert (proposal.fields["amount"], proposal.fields["currency"]) == ("19.50", "USD")
    assert proposal.fields["bound"] == "about"


def test_the_source_wins_over_the_estimate() -> None:
    [proposal] = mapped(valued("A1", amount=100, estimate=250, item="part")).values()
    assert (proposal.fields["amount"], proposal.fields["bound"]) == ("100.00", "exact")


def test_unknown_is_not_zero() -> None:
    for total in (".", 0, -5, None):
        [proposal] = mapped(line("A1", total=total)).values()
        assert proposal.fields["amount"] is None


def test_an_id_of_two_donors_is_two_packages() -> None:
    found = mapped(valued("A1", "Denmark"), valued("A1", "Norway"))
    assert {name: one.fields["donor"] for name, one in found.items()} == {"A1": "DK", "A1-2": "NO"}
    assert codes(found["A1-2"]) == ["id-used-twice"]


def test_rows_of_one_package_need_not_stand_together() -> None:
    found = mapped(valued("A1", item="rifle"), valued("B1"), line("A1", item="helmet"))
    assert [one["description"] for one in found["A1"].items or ()] == ["rifle", "helmet"]


@pytest.mark.parametrize(
    ("values", "code"),
    [({"donor": "Ruritania"}, "unknown-donor"), ({"aid_type": "Moral"}, "unknown-aid-type")],
)
def test_what_cannot_be_recorded_is_an_error_at_its_cell(values: Any, code: str) -> None:
    [proposal] = mapped(valued("A1", **values)).values()
    [finding] = proposal.findings
    assert (finding.severity, finding.code) == (Severity.ERROR, code)
    assert finding.place.startswith("Bilateral assistance, MAIN DATA!")
    assert finding.raw == next(iter(values.values()))


def test_a_row_without_an_id_is_an_error() -> None:
    found = map_book(to_book(workbook(valued("A1"), valued("."))))
    assert [(one.code, one.row) for one in found.findings if one.severity is Severity.ERROR] == [
        ("id-missing", 3)
    ]


# ------------------------------------------------------------------------------------- sources, lines, words


def test_sources_come_along_with_the_flag() -> None:
    found = mapped(
        valued("A1", source_1="https://www.politico.eu/a", source_2="https://www.regjeringen.no/b"),
        valued("B1", source_1="https://www.politico.eu/a", official="No "),
        valued("C1", source_1="https://www.politico.eu/a", official="Yes "),
    )
    kinds = {
        name: [(one["url"].split("/")[2], one["kind"]) for one in proposal.fields["sources"]]
        for name, proposal in found.items()
    }
    assert kinds == {
        "A1": [("www.politico.eu", "other"), ("www.regjeringen.no", "official")],
        "B1": [("www.politico.eu", "other")],
        # The row is flagged and no address is a government's: one of them must be it.
        "C1": [("www.politico.eu", "official")],
    }


def test_what_is_no_address_is_told_in_words() -> None:
    [proposal] = mapped(valued("A1", source_2="E-Mail from the Ministry")).values()
    assert proposal.fields["notes"] == "What A1 is. Source: E-Mail from the Ministry"
    tranche = mapped(*dirty_rows())["USM1"]
    assert tranche.fields["sources"][1]["url"] == "https://www.state.gov/a%20b/"
    assert "Source: E-Mail from the Ministry of Defence" in str((tranche.items or ())[1]["note"])


def test_more_sources_than_a_pledge_can_hold_stand_beside_their_lines() -> None:
    rows = [
        line("A1", item="part", source_1=f"https://www.state.gov/{one}") for one in range(1, 24)
    ]
    [proposal] = mapped(*rows).values()
    assert [one["url"][-3:] for one in proposal.fields["sources"]] == [
        f"/{one}"[-3:].rjust(3, "v") for one in range(1, 21)
    ]
    notes = [str(one["note"]) for one in proposal.items or ()]
    assert [note for note in notes if "Source" in note] == [
        f"Source: https://www.state.gov/{one}" for one in (21, 22, 23)
    ]


def test_a_line_has_what_its_row_says() -> None:
    found = mapped(*dirty_rows())
    assert found["NOM1"].items == (
        item("drone", kind="Aviation and drones", quantity="2", unit_value="10.5", value="21.00"),
        item("helmet", kind="Aviation and drones", quantity="5", unit_value="2", value="10.00"),
        item("van", unit_value="7", note="Quantity: undisclosed. Delivered: dozens."),
    )
    assert found["PLM1"].items == (item("shell", quantity="1000", unit_value="3193503.68"),)
    assert found["SIM4"].items == (
        item("T-55 tank", quantity="28", unit_value="10", value="280.00", note="Of Soviet origin."),
    )
    assert found["CZM1"].items == ()


def test_what_only_a_later_row_says_stands_beside_its_line() -> None:
    first, second = mapped(*dirty_rows())["USM1"].items or ()
    assert first == item("The first tranche.", currency=None)
    assert second == item(
        "The second tranche.", currency=None,
        note="Announced: 2022-09-28. The source gives 200 USD. "
        "Source: E-Mail from the Ministry of Defence The second tranche.",
    )  # fmt: skip


def item(description: str, **fields: str | None) -> dict[str, str | None]:
    names = ("kind", "subkind", "quantity", "delivered", "unit", "unit_value", "value", "note")
    return {"description": description, "currency": "USD", **dict.fromkeys(names), **fields}


def test_a_delivery_of_nothing_is_known_and_a_price_of_nothing_is_not() -> None:
    [proposal] = mapped(valued("A1", item="gun", quantity=7, delivered=0, price=0)).values()
    [gun] = proposal.items or ()
    assert (gun["delivered"], gun["unit_value"], gun["currency"]) == ("0", None, None)


def test_the_title_says_how_and_what() -> None:
    found = mapped(
        valued("A1", form="weapons and equipment", item="rifle"),
        line("A1", item="helmet"), line("A1", item="rifle"), line("A1", item="van"), line("A1", item="tent"),
        valued("B1", form="Grant", text="Norway gives. It gives more."),
        valued("C1", form=".", text="."),
    )  # fmt: skip
    assert [one.fields["title"] for one in found.values()] == [
        "Weapons and equipment: rifle, helmet, van and 1 more", "Grant: Norway gives", "C1",
    ]  # fmt: skip


# ---------------------------------------------------------------------------- sheets, headers, later releases


def test_the_sheet_is_found_by_its_headers_wherever_it_stands() -> None:
    # Release 28 has a new first column and its headers on row 8.
    moved = [(None, "A title"), *6 * [(None,)], *((None, *row) for row in main_data(valued("A1")))]
    book = to_book({"Commercial assistance": [("ID", "countries")], "Data": moved})
    assert recognises(book)
    [proposal] = map_book(book).proposals
    assert (proposal.sheet, proposal.row, proposal.fields["amount"]) == ("Data", 9, "100.00")


def test_case_and_blanks_of_headers_do_not_matter() -> None:
    headers = [f" {one.upper()} " if one else one for one in HEADERS]
    [proposal] = map_book(to_book({"Data": [headers, valued("A1", item="rifle")]})).proposals
    assert proposal.fields["amount"] == "100.00"
    assert [one["description"] for one in proposal.items or ()] == ["rifle"]


def test_a_header_that_stands_twice_is_told_and_the_first_counts() -> None:
    book = to_book(workbook(valued("A1", item="van", subkind="truck", subkind_again="other")))
    found = map_book(book)
    assert [(one.code, one.cell) for one in found.findings] == [("duplicate-header", "AD1")]
    assert (by_id(found)["A1"].items or ())[0]["subkind"] == "Truck"


def test_a_book_without_main_data_is_an_error_and_not_recognised() -> None:
    book = to_book({"Sheet1": [("name", "amount"), ("a", 1)]})
    assert not recognises(book)
    assert [one.code for one in map_book(book).findings] == ["no-main-data"]


def test_the_file_says_what_it_covers() -> None:
    assert map_book(to_book(workbook(valued("A1")))).coverage == "2022-01-24/2022-10-03"
    assert map_book(to_book({"Data": main_data(valued("A1"))})).coverage is None


FLAT = (
    "activity_id", "sub_activity_id", "donor", "announcement_date", "aid_type_general", "aid_type_specific",
    "explanation", "measure", "reporting_currency", "source_reported_value", "tot_activity_value",
    "tot_activity_value_EUR", "tot_sub_activity_value", "tot_sub_activity_value_EUR", "source_of_aid_1",
)  # fmt: skip


def flat(*rows: tuple[str | None, ...]) -> dict[str, Proposal]:
    return by_id(map_book(to_csv_book(FLAT, *rows)))


def flat_row(
    package: str, part: str, measure: str, total: str | None, share: str | None
) -> tuple[str | None, ...]:
    return (
        package, part, "Sweden", "2024-02-20", "Military", "Weapons and equipment", "A package.", measure,
        "SEK", "7100000000", total, None, share, None, "https://www.government.se/a",
    )  # fmt: skip


def test_the_flat_shape_of_later_releases_says_what_is_allocated() -> None:
    found = flat(
        flat_row("SEM15", "a", "Allocation", "7100000000.00", "7000000000.00"),
        flat_row("SEM15", "b", "Allocation", None, "100000000.00"),
        flat_row("SEM16", "a", "Commitment", "500", None),
        flat_row("SEM17", "a", "Commitment", "300", "0"),
        flat_row("SEM17", "b", "allocation ", "0", "120.50"),
    )
    stages = {
        name: (
            one.fields["amount"],
            one.fields["status"],
            [m["amount"] for m in one.movements or ()],
        )
        for name, one in found.items()
    }
    assert stages == {
        "SEM15": ("7100000000.00", "allocated", []),
        "SEM16": ("500.00", "committed", []),
        "SEM17": ("300.00", "committed", ["120.50"]),
    }
    assert found["SEM15"].fields["announced_on"] == "2024-02-20"
    assert found["SEM15"].fields["currency"] == "SEK"


def test_more_allocated_than_committed_is_told_and_bounded() -> None:
    [proposal] = flat(
        flat_row("SEM18", "a", "Commitment", "100", None),
        flat_row("SEM18", "b", "Allocation", None, "150"),
    ).values()
    assert "allocated-beyond-committed" in codes(proposal)
    assert [one["amount"] for one in proposal.movements or ()] == ["100.00"]


def test_where_only_euro_are_given_euro_are_recorded() -> None:
    headers = (
        "id",
        "country",
        "Announcement Date",
        "type_of_aid_general",
        "donation_type",
        "eur_value",
    )
    row = ("NOM1", "Norway", "2/16/2023", "Military", "Commitment", "658779314.5961")
    [proposal] = map_book(to_csv_book(headers, row)).proposals
    assert (proposal.fields["amount"], proposal.fields["currency"]) == ("658779314.60", "EUR")


def test_a_date_may_come_typed_or_as_text() -> None:
    rows = [
        valued("A1", on=one)
        for one in (midnight(2022, 3, 1), date(2022, 3, 1), "2022-03-01", "3/1/2022")
    ]
    for row in rows:
        [proposal] = mapped(row).values()
        assert proposal.fields["announced_on"] == "2022-03-01"
