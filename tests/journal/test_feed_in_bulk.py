"""Promise: the feed in bulk is the same feed, with the bytes that were hashed, and without a gap whoever is writing."""

import json
from hashlib import sha256

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.journal import service as journal
from app.pledges import service as pledges
from tests.client import Api
from tests.clock import StoppedClock
from tests.journal.test_api import record_five
from tests.small_ledger import commands


def lines(client: TestClient, query: str = "") -> list[bytes]:
    answer = client.get(f"/v1/entries.ndjson{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    return answer.content.splitlines()


@pytest.mark.parametrize("page", [1, 2, 500])
def test_each_line_is_an_entry_of_the_feed_with_the_bytes_of_its_hash(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr("app.journal.api.PAGE", page)
    record_five(api)
    feed = api.get("/v1/entries")["data"]
    found = lines(client)
    assert len(found) == len(feed) == 5
    for line, entry in zip(found, feed, strict=True):
        leaf_hash = entry.pop("leaf_hash")
        assert json.loads(line) == {"leaf_hash": leaf_hash, "payload": {"format": 1, **entry}}
        payload = line.partition(b'"payload":')[2].removesuffix(b"}")
        assert sha256(b"\x00" + payload).hexdigest() == leaf_hash


@pytest.mark.parametrize(
    ("query", "revisions"),
    [("?after=3", [4, 5]), ("?after=1&limit=2", [2, 3]), ("?as_of=2", [1, 2]), ("?after=5", [])],
)
def test_a_part_of_it(api: Api, client: TestClient, query: str, revisions: list[int]) -> None:
    record_five(api)
    assert [json.loads(line)["payload"]["revision"] for line in lines(client, query)] == revisions


def test_what_has_not_moved_is_not_sent_again(api: Api, client: TestClient) -> None:
    record_five(api)
    tag = client.get("/v1/entries.ndjson").headers["ETag"]
    again = client.get("/v1/entries.ndjson", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_not_committed_is_not_in_the_feed_and_leaves_no_gap(
    database: Database, clock: StoppedClock
) -> None:
    def seen() -> list[int]:
        with database.reading() as session:
            return [one.revision for one in journal.list_entries(session, after=0, limit=10)]

    first, second, *_ = commands()
    with database.transaction() as session:
        pledges.record(session, [first], actor="desk", clock=clock)  # type: ignore[list-item]
        assert seen() == []
    assert seen() == [1]
    with database.transaction() as session:
        pledges.record(session, [second], actor="desk", clock=clock)  # type: ignore[list-item]
        session.rollback()
    with database.transaction() as session:
        pledges.record(session, [second], actor="desk", clock=clock)  # type: ignore[list-item]
        assert seen() == [1]
    assert seen() == [1, 2]
