"""A pledge says what it consists of, line by line; lines describe, and what was recorded without them still reads."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.kernel.errors import InvalidError
from app.pledges.domain import AmendPledge, Pledge, RecordPledge, apply, decide, pledge_record
from app.pledges.domain.model import read_record

TODAY = date(2026, 11, 22)
ID = UUID(int=1, version=4)
SHELLS = {
    "description": "round of ammunition for 155mm howitzer", "kind": "Ammunition for heavy weapon",
    "subkind": "155mm howitzer ammunition", "quantity": "5000", "delivered": "0", "unit": None,
    "unit_value": "3800", "value": "19000000.00", "currency": "USD", "note": "Price: SIPRI.",
}  # fmt: skip


def recorded(*items: Any) -> Pledge:
    command = RecordPledge(
        pledge_id=ID, donor="NO", title="Howitzers", aid_type="military", reference="NOM6",
        amount="57165320.77", currency="USD", items=list(items),
    )  # fmt: skip
    return decide(None, command, TODAY).pledge


def findings(*items: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as refused:
        recorded(*items)
    return [(one.pointer, one.code) for one in refused.value.findings]


def test_a_line_reads_back_as_it_was_given() -> None:
    pledge = recorded(SHELLS, {"description": "spare parts"})
    stored = json.loads(json.dumps(pledge_record(pledge)))
    assert stored["items"][0] == SHELLS
    assert stored["items"][1] == {**dict.fromkeys(SHELLS), "description": "spare parts"}
    assert read_record(stored) == pledge


def test_one_quantity_has_one_spelling() -> None:
    [item] = recorded({"description": "fuel", "quantity": "3800.50", "unit": "tonne"}).items
    [same] = recorded({"description": "fuel", "quantity": "3800.5", "unit": "tonne"}).items
    assert item == same
    stored: Any = pledge_record(recorded({"description": "fuel", "quantity": "1000.0"}))["items"]
    assert stored[0]["quantity"] == "1000"


def test_lines_post_nothing_and_need_not_add_up() -> None:
    command = AmendPledge(pledge_id=ID, changes={"items": [SHELLS]}, reason="A list appeared.")
    change = decide(recorded(), command, TODAY)
    assert change.postings == []
    assert change.data["changes"] == {"items": [[], [SHELLS]]}


def test_a_pledge_without_lines_is_written_as_before_there_were_any() -> None:
    record = pledge_record(recorded())
    assert "items" not in record
    assert read_record(record).items == ()


def test_lines_that_are_taken_away_are_gone_when_the_history_is_replayed() -> None:
    before = recorded(SHELLS)
    change = decide(before, AmendPledge(pledge_id=ID, changes={"items": []}, reason="No."), TODAY)
    assert change.data["changes"] == {"items": [[SHELLS], []]}
    after = apply(before, change.kind, change.data)
    assert after == change.pledge
    assert pledge_record(after) == change.record


@pytest.mark.parametrize(
    ("item", "pointer", "code"),
    [
        ({}, "/description", "blank"),
        ({"description": 301 * "a"}, "/description", "too-long"),
        ({"description": "a", "kind": 101 * "a"}, "/kind", "too-long"),
        ({"description": "a", "note": "\x00"}, "/note", "forbidden-character"),
        ({"description": "a", "quantity": "1.000.00"}, "/quantity", "invalid-amount"),
        ({"description": "a", "quantity": "-1"}, "/quantity", "invalid-amount"),
        ({"description": "a", "quantity": "1e3"}, "/quantity", "invalid-amount"),
        ({"description": "a", "quantity": 16 * "9"}, "/quantity", "invalid-amount"),
        ({"description": "a", "value": "5.00"}, "/currency", "currency-required"),
        ({"description": "a", "unit_value": "5"}, "/currency", "currency-required"),
        ({"description": "a", "currency": "usd"}, "/currency", "unknown-currency"),
        ({"description": "a", "value": "5.001", "currency": "USD"}, "/value", "too-many-decimals"),
        ({"description": "a", "value": "0", "currency": "USD"}, "/value", "zero-amount"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_at_its_place(
    item: dict[str, str], pointer: str, code: str
) -> None:
    assert findings(SHELLS, item) == [(f"/items/1{pointer}", code)]


def test_a_package_has_so_many_lines_and_no_more() -> None:
    assert len(recorded(*600 * [SHELLS]).items) == 600
    assert findings(*601 * [SHELLS]) == [("/items", "too-many")]
