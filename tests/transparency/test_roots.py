"""Every answer names the root of the tree at its revision, and signing changes nothing about it."""

import base64
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.db import Database
from app.transparency.roots import Roots
from app.transparency.signer import Signer
from tests.client import Api
from tests.clock import StoppedClock
from tests.transparency import naive
from tests.transparency.build import append, leaves, signer

SIZE = 40


def expected(database: Database, revision: int) -> bytes:
    return naive.mth(leaves(database)[:revision])


@pytest.mark.parametrize("signed_at", [0, 1, 8, 27, SIZE])
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.integers(0, SIZE), min_size=1, max_size=12))
def test_the_root_of_any_revision_whatever_was_asked_before_and_signed(
    database: Database, clock: StoppedClock, tmp_path: Path, signed_at: int, asked: list[int]
) -> None:
    if not leaves(database):
        for count in filter(None, (signed_at, SIZE - signed_at)):
            append(database, clock, count)
            if count == signed_at:
                signer(database, clock, tmp_path).sign()
    roots = Roots()
    with database.reading() as session:
        for revision in asked:
            assert roots.find(session, revision) == expected(database, revision)


def test_a_revision_that_was_just_written_has_its_root_too(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.transparency.service.hashes.BATCH", 7)
    monkeypatch.setattr("app.transparency.roots.REMEMBERED", 3)
    roots = Roots()
    for _ in range(6):
        revision = append(database, clock, 5)
        with database.reading() as session:
            assert roots.find(session, revision) == expected(database, revision)
            assert roots.find(session, 2) == expected(database, 2)


def test_of_a_ledger_that_lost_entries_the_root_is_not_known(database: Database) -> None:
    with database.reading() as session:
        assert Roots().find(session, 5) is None


def test_an_answer_names_the_log_at_its_revision(
    api: Api, client: TestClient, database: Database, clock: StoppedClock
) -> None:
    api.record_pledge()
    api.record_pledge(title="Another package")
    root = base64.b64encode(expected_of(client, 1)).decode()
    for path in ("totals", "pledges", "donors", "entries", "legislative-requests/pending"):
        meta = client.get(f"/v1/{path}?as_of=1").json()["meta"]
        assert meta["checkpoint"] == {"size": 1, "root": root}
        meta = client.get(f"/v1/{path}").json()["meta"]
        assert meta["checkpoint"]["size"] == 2
    answer = client.get("/v1/totals.csv?as_of=1")
    assert answer.headers["Aid-Ledger-Revision"] == "1"
    assert answer.headers["Aid-Ledger-Checkpoint"] == f"1 {root}"


def test_signing_changes_no_answer(api: Api, client: TestClient, signer: Signer) -> None:
    api.record_pledge()
    paths = ("/v1/totals?as_of=1", "/v1/pledges?as_of=1", "/v1/totals")
    before = [client.get(path) for path in paths]
    signed = signer.sign()
    assert signed is not None
    after = [client.get(path) for path in paths]
    assert [(one.content, one.headers["ETag"]) for one in before] == [
        (one.content, one.headers["ETag"]) for one in after
    ]
    root = base64.b64encode(signed.checkpoint.root).decode()
    assert after[0].json()["meta"]["checkpoint"] == {"size": 1, "root": root}


def expected_of(client: TestClient, revision: int) -> bytes:
    """By the entries as they are served."""
    entries = [client.get(f"/v1/log/entries/{one}").content for one in range(1, revision + 1)]
    return naive.mth([naive.leaf(entry) for entry in entries])
