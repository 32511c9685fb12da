"""Promise: what was filled in reads as the API reads the same body, and each finding stands beside its field."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.domain import Form, FormKind, OnRecord, flatten, name_of, nest
from app.desk.schemas import read_form, show_fields, to_body
from app.kernel.errors import InvalidError, NotFoundError
from app.legislation.domain import AmendLegislativeRequest, RecordFunding
from app.legislation.schemas import ActionIn, LegislativeRequestIn
from app.pledges.domain import (
    AmendPledge,
    RecordMovement,
    RecordPledge,
    WithdrawMovement,
    decide,
    pledge_record,
)
from app.pledges.schemas import AmendmentIn, PledgeIn
from tests.pledges.paper import TODAY, pledged

PLEDGE = {
    "donor": "DK",
    "title": " Donation package 13 ",
    "aid_type": "military",
    "amount": "1000.00",
    "currency": "DKK",
    "announced_on": "2023-11-14",
    "status": "pledged",
    "instrument": "",
    "notes": "",
    "overlaps": "DKM1, DKM2\r\nDKM3",
    "sources/0/url": "",
    "sources/0/title": "",
    "sources/2/url": "https://www.fmn.dk/en/",
    "sources/2/kind": "official",
}


def form(kind: FormKind = FormKind.PLEDGE, **changes: Any) -> Form:
    return Form(id=uuid4(), kind=kind, **{"fields": PLEDGE, **changes})


def codes(read: Any) -> dict[str, list[str]]:
    return {name: [one.code for one in found] for name, found in read.findings.items()}


def test_a_form_makes_the_body_that_the_api_takes() -> None:
    body, places = to_body(PledgeIn, nest(PLEDGE))
    assert body == {
        "donor": "DK",
        "title": "Donation package 13",
        "aid_type": "military",
        "amount": "1000.00",
        "currency": "DKK",
        "announced_on": "2023-11-14",
        "status": "pledged",
        "overlaps": ["DKM1", "DKM2", "DKM3"],
        "sources": [{"url": "https://www.fmn.dk/en/", "kind": "official"}],
    }
    assert places == {
        "/overlaps/0": "overlaps",
        "/overlaps/1": "overlaps",
        "/overlaps/2": "overlaps",
        "/sources/0": "sources/2",
    }


def test_a_form_makes_a_command() -> None:
    read = read_form(form())
    assert isinstance(read.command, RecordPledge)
    assert read.command.title == "Donation package 13"
    assert read.command.instrument is None
    assert read.findings == {}


def test_a_finding_stands_beside_the_field_of_the_row_that_was_filled_in() -> None:
    read = read_form(form(fields={**PLEDGE, "sources/2/url": "a" * 5_000, "donor": ""}))
    assert codes(read) == {"donor": ["missing"], "sources/2/url": ["string_too_long"]}
    assert name_of("/sources/0/url", read.places) == "sources/2/url"
    assert name_of("/overlaps/1", read.places) == "overlaps"
    assert name_of("/amount", read.places) == "amount"
    assert name_of("", read.places) == ""


def test_numbers_and_switches_of_a_request_are_read() -> None:
    fields = {
        "lines/0/component": "military", "lines/0/amount": "61.40", "lines/0/year": "2024", "lines/0/new_money": "on",
        "lines/0/claims/0/amount": "61.40", "lines/0/claims/0/source/url": "https://example.org/",
        "lines/0/claims/0/preferred": "true", "lines/1/component": "", "lines/1/amount": " ",
    }  # fmt: skip
    body, _ = to_body(LegislativeRequestIn, nest(fields))
    assert body == {
        "lines": [
            {
                "component": "military",
                "amount": "61.40",
                "year": 2024,
                "new_money": True,
                "claims": [
                    {
                        "amount": "61.40",
                        "source": {"url": "https://example.org/"},
                        "preferred": True,
                    }
                ],
            }
        ]
    }


def test_a_vote_is_read_and_an_empty_one_is_none() -> None:
    filled, _ = to_body(ActionIn, nest({"on": "2024-04-20", "vote/yes": "311", "vote/no": "112"}))
    assert filled == {"on": "2024-04-20", "vote": {"yes": 311, "no": 112}}
    empty, _ = to_body(ActionIn, nest({"on": "2024-04-20", "vote/yes": "", "flag/name": " "}))
    assert empty == {"on": "2024-04-20"}
    read = read_form(
        form(FormKind.ACTION, target=uuid4(), fields={"on": "2024", "vote/yes": "many"})
    )
    assert codes(read) == {"vote/yes": ["int_type"]}


def test_an_amendment_makes_unknown_what_may_be_and_refuses_the_rest() -> None:
    fields = {"reason": "It was so.", "amount": "", "notes": "", "title": "", "sources/0/url": ""}
    body, _ = to_body(AmendmentIn, nest(fields), nullable=("amount", "notes"))
    assert body == {
        "reason": "It was so.", "amount": None, "notes": None, "title": "", "sources": [],
    }  # fmt: skip


def test_an_amendment_shows_the_pledge_as_it_is() -> None:
    pledge = pledged(sources=[{"url": "https://www.fmn.dk/en/", "title": None, "kind": "official"}])
    fields = show_fields(FormKind.AMENDMENT, pledge_record(pledge))
    read = read_form(
        form(
            FormKind.AMENDMENT,
            target=pledge.id,
            version=1,
            fields={**fields, "reason": "It was so."},
        )
    )
    assert isinstance(read.command, AmendPledge)
    assert fields["sources/0/url"] == "https://www.fmn.dk/en/"
    with pytest.raises(InvalidError) as refused:
        decide(pledge, read.command, TODAY)
    assert [one.code for one in refused.value.findings] == ["nothing-changed"]


REQUEST: dict[str, Any] = {
    "version": 3,
    "vehicles": [{"identifier": "H.R. 815"}, {"identifier": "H.R. 8035"}],
    "lines": [
        {"key": "arms", "residual": False, "amount": "60.00", "claims": [], "year": 2024},
        {"key": "rest", "residual": True, "amount": "5.00", "claims": [], "year": None},
        {"key": "budget", "residual": False, "amount": "30.00", "claims": [], "year": None},
    ],
}


def test_what_a_form_shows_in_part_is_put_back_whole() -> None:
    about = {"target": uuid4(), "version": 3}
    fields = {"reason": "A letter.", "claims/1/amount": "31.00", "claims/1/preferred": "true"}
    claims = form(FormKind.CLAIMS, part="budget", fields=fields, **about)
    read = read_form(claims, OnRecord(document=REQUEST))
    assert isinstance(read.command, AmendLegislativeRequest)
    arms, budget = read.command.changes["lines"]
    assert arms == REQUEST["lines"][0]
    assert (budget["amount"], [one["amount"] for one in budget["claims"]]) == (None, ["31.00"])
    # The ledger makes the residual line itself; of what it is told, the budget is the second line.
    assert name_of("/lines/1/claims/0/reason", read.places) == "claims/1/reason"
    assert name_of("/lines/1/claims", read.places) == "claims"
    link = form(
        FormKind.VEHICLE_LINK, fields={"reason": "So.", "vehicle/identifier": "S. 1"}, **about
    )
    read = read_form(link, OnRecord(document=REQUEST))
    assert isinstance(read.command, AmendLegislativeRequest)
    assert [one["identifier"] for one in read.command.changes["vehicles"]] == [
        "H.R. 815",
        "H.R. 8035",
        "S. 1",
    ]
    assert name_of("/vehicles/2/role", read.places) == "vehicle/role"
    changed = {
        "reason": "So.",
        "lines/0/key": "arms",
        "lines/0/component": "military",
        "lines/0/amount": "",
    }
    amendment = form(FormKind.REQUEST_AMENDMENT, fields=changed, **about)
    read = read_form(amendment, OnRecord(document=REQUEST))
    assert isinstance(read.command, AmendLegislativeRequest)
    [line] = read.command.changes["lines"]
    assert (line["amount"], line["component"], line["year"]) == (None, "military", 2024)


def test_a_pledge_that_nobody_knows_pays_for_nothing() -> None:
    fields = {"enacted_line": "E1", "pledge": "US-P", "amount": "1.00"}
    funding = form(FormKind.FUNDING, target=uuid4(), fields=fields)
    assert codes(read_form(funding)) == {"pledge": ["unknown-pledge"]}
    known = uuid4()
    read = read_form(funding, OnRecord(pledges={"US-P": known}))
    assert isinstance(read.command, RecordFunding)
    assert read.command.pledge_id == known


def test_a_movement_and_a_withdrawal_name_their_pledge() -> None:
    target, part = uuid4(), uuid4()
    moved = read_form(
        form(FormKind.MOVEMENT, target=target, version=3, fields={"stage": "committed"})
    )
    assert isinstance(moved.command, RecordMovement)
    assert (moved.command.pledge_id, moved.command.expected_version) == (target, 3)
    taken = form(
        FormKind.MOVEMENT_WITHDRAWAL,
        target=target,
        part=part,
        version=3,
        fields={"reason": "Twice."},
    )
    withdrawn = read_form(taken)
    assert isinstance(withdrawn.command, WithdrawMovement)
    assert (withdrawn.command.movement_id, withdrawn.command.reason) == (part, "Twice.")


@pytest.mark.parametrize("kind", [kind for kind in FormKind if not kind.makes_new])
def test_a_form_that_changes_something_says_what(kind: FormKind) -> None:
    fields = {
        "reason": "a", "title": "b", "stage": "committed", "on": "2024-01-01", "actions/0/on": "2024-01-01",
        "enacted_line": "E1", "pledge": "US-P", "amount": "1.00", "vehicle/identifier": "H.R. 815",
    }  # fmt: skip
    usual = {
        FormKind.MOVEMENT: ("stage",), FormKind.AMENDMENT: ("reason", "title"), FormKind.ACTION: ("on",),
        FormKind.REQUEST_AMENDMENT: ("reason", "title"), FormKind.VEHICLE_AMENDMENT: ("reason", "title"),
        FormKind.ENACTMENT: ("on",), FormKind.VEHICLE_ACTIONS: ("actions/0/on",),
        FormKind.FUNDING: ("enacted_line", "pledge", "amount"),
        FormKind.VEHICLE_LINK: ("reason", "vehicle/identifier"),
    }.get(kind, ("reason",))  # fmt: skip
    with pytest.raises(NotFoundError):
        read_form(form(kind, fields={name: fields[name] for name in usual}))


@pytest.mark.parametrize(
    "name",
    [
        "surprise",
        "donor/0",
        "sources/x/url",
        "sources",
        "sources/0",
        "a//b",
        "/",
        "",
        "Ж",
        "vote/yes/no",
    ],
)
def test_a_field_that_no_body_has_is_refused(name: str) -> None:
    read = read_form(form(fields={**PLEDGE, name: "x"}))
    assert read.command is None
    assert read.findings


NAMES = st.sampled_from(
    [
        *PLEDGE,
        "sources",
        "sources/0",
        "sources/1/url",
        "items/0/quantity",
        "lines/0/year",
        "vote/yes",
        "reason",
    ]
)
FIELDS = st.dictionaries(st.one_of(NAMES, st.text(max_size=12)), st.text(max_size=20), max_size=12)


@given(st.sampled_from(FormKind), FIELDS)
def test_no_fields_break_the_reader(kind: FormKind, fields: dict[str, str]) -> None:
    read = read_form(form(kind, target=uuid4(), part=uuid4(), version=1, fields=fields))
    assert (read.command is None) is bool(read.findings)


TREES = st.recursive(
    st.text("ab", min_size=1, max_size=3),
    lambda below: st.dictionaries(
        st.sampled_from(["a", "b", "c_d"]), below, min_size=1, max_size=3
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c_d"]), TREES, max_size=3))
def test_fields_are_the_way_back_of_the_tree(tree: dict[str, Any]) -> None:
    assert nest(flatten(tree)) == tree
