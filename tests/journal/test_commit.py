"""Promise: nobody is told that something was recorded before it is committed.

A regression test. By default the framework ends a dependency's transaction after the answer has been
sent, so a commit that fails would already have been answered with 201. Here the database itself
makes the commit fail: a deferred constraint is checked at no other time.
"""

import pytest
from sqlalchemy import text

from app.db import Database
from tests.client import PLEDGE, Api
from tests.rows import dump

KEY = {"Idempotency-Key": "the-same-call"}
DOOM = {
    "sqlite": [
        "CREATE TABLE nowhere (id INTEGER PRIMARY KEY)",
        "CREATE TABLE doomed (id INTEGER REFERENCES nowhere DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER doom AFTER INSERT ON entry BEGIN INSERT INTO doomed VALUES (1); END",
    ],
    "postgresql": [
        """CREATE FUNCTION doom() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$""",
        """CREATE CONSTRAINT TRIGGER doom AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION doom()""",
    ],
}
RELIEF = {"sqlite": "DROP TRIGGER doom", "postgresql": "DROP TRIGGER doom ON entry"}


def run(ledger: Database, *statements: str) -> None:
    with ledger.transaction() as session:
        for statement in statements:
            session.execute(text(statement))


@pytest.fixture
def doomed(ledger: Database, engine_name: str) -> Database:
    """A ledger that takes every statement and no commit of an entry."""
    run(ledger, *DOOM[engine_name])
    return ledger


# A single pledge goes through the recorder that gathers calls, a batch through a session of its own.
WRITES = {"/v1/pledges": PLEDGE, "/v1/pledges/batch": {"pledges": [PLEDGE]}}


@pytest.mark.parametrize("path", list(WRITES))
def test_a_commit_that_fails_is_not_answered_as_a_success(
    api: Api, doomed: Database, path: str
) -> None:
    before = dump(doomed)
    answer = api.post(path, WRITES[path], **KEY)
    assert answer.status_code in {500, 503}
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Location" not in answer.headers
    assert dump(doomed) == before
    assert api.get("/v1/pledges")["data"] == []


@pytest.mark.parametrize("path", list(WRITES))
def test_the_same_call_goes_through_once_the_database_commits_again(
    api: Api, doomed: Database, engine_name: str, path: str
) -> None:
    assert api.post(path, WRITES[path], **KEY).status_code in {500, 503}
    run(doomed, RELIEF[engine_name])
    answer = api.post(path, WRITES[path], **KEY)
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers
    [pledge] = api.get("/v1/pledges")["data"]
    assert (pledge["revision"], pledge["reference"]) == (1, "DK-2023-0001")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_full_disk_is_a_reason_to_try_again(api: Api, doomed: Database) -> None:
    answer = api.post("/v1/pledges", PLEDGE)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"


def test_what_was_answered_with_201_is_there_for_everybody_at_once(
    api: Api, ledger: Database
) -> None:
    for number in range(1, 11):
        pledge = api.record_pledge(title=f"Package {number}")
        with ledger.reading() as session:
            count = session.execute(text("SELECT count(*) FROM entry")).scalar_one()
        assert (pledge["revision"], count) == (number, number)
