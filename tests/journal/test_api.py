"""Promise: whoever follows the feed sees every entry once, in order, and can check each by its hash."""

from hashlib import sha256
from typing import Any

import pytest
import rfc8785

from tests.client import Api


def record_five(api: Api) -> None:
    """Five entries of two pledges."""
    one = api.record_pledge(title="Пакет 13", sources=[{"url": "https://www.fmn.dk/a"}])
    other = api.record_pledge(amount=None, currency=None, announced_on=None)
    moved = api.record_movement(one, "delivered", amount="40.00", on="2023-12")
    api.amend_pledge(moved, amount="1500.00")
    api.record_movement(other, "cancelled")


def walk(api: Api, limit: int) -> list[dict[str, Any]]:
    """The whole feed, by the links that it offers."""
    path, entries = f"/v1/entries?limit={limit}", []
    while path:
        answer = api.client.get(path)
        assert answer.status_code == 200
        page = answer.json()
        assert len(page["data"]) <= limit
        entries += page["data"]
        link = answer.headers.get("Link", "")
        assert bool(link) == (page["next_cursor"] is not None)
        path = link.partition(">")[0].removeprefix("<")
    return entries


@pytest.mark.parametrize("limit", [1, 2, 5, 500])
def test_the_feed_has_every_entry_once_and_in_order(api: Api, limit: int) -> None:
    record_five(api)
    assert [entry["revision"] for entry in walk(api, limit)] == [1, 2, 3, 4, 5]


def test_an_entry_can_be_checked_by_its_hash(api: Api) -> None:
    record_five(api)
    for entry in walk(api, 500):
        leaf_hash = entry.pop("leaf_hash")
        payload = rfc8785.dumps({"format": 1, **entry})
        assert sha256(b"\x00" + payload).hexdigest() == leaf_hash


def test_an_entry_says_who_did_what_and_why(api: Api) -> None:
    record_five(api)
    entries = walk(api, 500)
    assert [(one["kind"], one["version"], one["reason"]) for one in entries] == [
        ("pledge.recorded", 1, None),
        ("pledge.recorded", 1, None),
        ("pledge.movement_recorded", 2, None),
        ("pledge.amended", 3, "it was so"),
        ("pledge.movement_recorded", 2, None),
    ]
    assert {one["actor"] for one in entries} == {"contributor of the tests"}
    assert {one["recorded_at"] for one in entries} == {"2026-11-22T10:00:00Z"}
    assert entries[3]["data"] == {"changes": {"amount": ["1000.00", "1500.00"]}}
    assert entries[3]["postings"] == [
        ["pledged", "2023-11-14", "2023-11-14", "2023-11-14", "DK", "military", "in_kind", "DKK",
         "500.00", 0, 0, False],
    ]  # fmt: skip


def test_the_feed_goes_on_where_the_reader_left_off(api: Api) -> None:
    record_five(api)
    rest = api.get("/v1/entries", after=3)
    assert [entry["revision"] for entry in rest["data"]] == [4, 5]
    assert rest["meta"].pop("checkpoint")["size"] == 5
    assert rest["meta"] == {"revision": 5, "as_of": "2026-11-22T10:00:00Z"}
    for after in (5, 6, 2**62 - 1):
        assert api.get("/v1/entries", after=after)["data"] == []


def test_a_feed_that_has_not_moved_is_not_sent_again(api: Api) -> None:
    record_five(api)
    tag = api.client.get("/v1/entries").headers["ETag"]
    held = {"If-None-Match": tag}
    assert api.client.get("/v1/entries", headers=held).status_code == 304
    api.record_pledge()
    moved = api.client.get("/v1/entries", headers=held)
    assert (moved.status_code, len(moved.json()["data"])) == (200, 6)
    assert moved.headers["ETag"] != tag
