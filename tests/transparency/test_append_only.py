"""Promise: a published checkpoint can be neither changed nor removed, not even by the database's owner.

As tests/journal/test_append_only.py shows it of entries and postings.
"""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.db import Database
from app.transparency import service
from tests.clock import StoppedClock
from tests.rows import Rows, dump
from tests.transparency.build import append, signer

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
ON_POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"])
UPSERT = (
    "INSERT INTO log_checkpoint SELECT * FROM log_checkpoint WHERE size = 3"
    " ON CONFLICT (size) DO UPDATE SET note = 'x'"
)
CHANGES = {
    "update": "UPDATE log_checkpoint SET note = 'x' WHERE size = 3",
    "idle update": "UPDATE log_checkpoint SET size = size",
    "delete all": "DELETE FROM log_checkpoint",
    "delete one": "DELETE FROM log_checkpoint WHERE size = 5",
    "upsert": UPSERT,
}


@pytest.fixture
def published(database: Database, clock: StoppedClock, tmp_path: Path) -> Rows:
    """Checkpoints of 3 and of 5 entries."""
    one = signer(database, clock, tmp_path)
    for step in (3, 2):
        append(database, clock, step)
        one.sign()
    return dump(database)


def attack(database: Database, *statements: str) -> None:
    with database.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def assert_refused(database: Database, before: Rows, *statements: str) -> None:
    with pytest.raises(DBAPIError, match="is append-only"):
        attack(database, *statements)
    assert dump(database) == before


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES.keys())
def test_a_checkpoint_is_neither_changed_nor_removed(
    database: Database, published: Rows, statement: str
) -> None:
    assert_refused(database, published, statement)


@ON_SQLITE
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO log_checkpoint SELECT * FROM log_checkpoint",
        "INSERT OR IGNORE INTO log_checkpoint SELECT * FROM log_checkpoint",
        "UPDATE OR REPLACE log_checkpoint SET size = 5 WHERE size = 3",
        "INSERT OR REPLACE INTO log_checkpoint SELECT '3', root, 'x', vkey, signed_at FROM log_checkpoint",
    ],
)
def test_sqlite_writes_over_no_checkpoint(
    database: Database, published: Rows, recursive: str, statement: str
) -> None:
    with database.engine.connect() as connection:
        connection.connection.execute(f"PRAGMA recursive_triggers={recursive}")
    assert_refused(database, published, statement)


@ON_POSTGRESQL
@pytest.mark.parametrize("replication", ["origin", "local", "replica"])
@pytest.mark.parametrize(
    "statement", [*CHANGES.values(), "TRUNCATE log_checkpoint"], ids=[*CHANGES, "truncate"]
)
def test_postgresql_refuses_whatever_the_replication_role(
    database: Database, published: Rows, statement: str, replication: str
) -> None:
    assert_refused(
        database, published, f"SET LOCAL session_replication_role = {replication}", statement
    )


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "statement",
    [
        *CHANGES.values(),
        "TRUNCATE log_checkpoint",
        "ALTER TABLE log_checkpoint DISABLE TRIGGER ALL",
        "DROP TRIGGER log_checkpoint_no_change ON log_checkpoint",
        "DROP TABLE log_checkpoint",
    ],
)
def test_the_role_of_the_service_may_not_even_try(
    database: Database, published: Rows, statement: str
) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        attack(database, "SET LOCAL ROLE aidledger_app", statement)
    assert dump(database) == published


@ON_POSTGRESQL
def test_the_role_of_the_service_can_grow_and_sign(
    database: Database, published: Rows, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 4)
    one = signer(database, clock, tmp_path)
    with database.transaction() as session:
        session.execute(text("SET LOCAL ROLE aidledger_app"))
        signed = service.sign(session, one.key, one.file.find(), clock)
        assert signed is not None
        assert signed.checkpoint.size == 9
        assert service.rebuild(session) == 9
