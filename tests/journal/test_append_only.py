"""Promise: what was recorded can be neither changed nor removed, not even by the database's owner.

Invariant 1. Every attack is straight SQL; afterwards each row reads as it did before.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.db import Database
from app.pledges import service as pledges
from app.pledges.domain import AmendPledge, Command, RecordMovement
from app.settings import Settings
from tests import postgres
from tests.clock import StoppedClock
from tests.databases import PostgresDatabases
from tests.pledges.paper import REASON, new_pledge
from tests.rows import Rows, dump

ON_SQLITE = pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("ledger", ["postgresql"], indirect=True)
TABLES = ("entry", "posting")
KEYS = {"entry": "revision", "posting": "revision, line"}
UPSERT = (
    "INSERT INTO {table} SELECT * FROM {table} WHERE revision = 1 ON CONFLICT ({key}) DO UPDATE"
)
MERGE = (
    "MERGE INTO {table} USING (SELECT 1 AS revision) AS mine"
    " ON {table}.revision = mine.revision WHEN MATCHED THEN"
)
POSTING = (
    "revision, line, pledge_id, donor, aid_type, instrument, stage, currency, valued_on, first,"
    " last, amount, pledges, unvalued, implied"
)
ENTRY = (
    "revision, id, stream_kind, stream_id, version, kind, recorded_at, actor, reason, payload,"
    " leaf_hash"
)


def record_some(database: Database, clock: StoppedClock) -> None:
    """Two pledges, a movement and an amendment: four entries."""
    one, other = new_pledge(), new_pledge(reference="DK-2", amount=None)
    movement = RecordMovement(
        pledge_id=one.pledge_id, movement_id=uuid4(), stage="delivered", amount="40.00"
    )
    amendment = AmendPledge(pledge_id=one.pledge_id, changes={"amount": "150.00"}, reason=REASON)
    batches: list[list[Command]] = [[one, other], [movement, amendment]]
    for commands in batches:
        with database.transaction() as session:
            pledges.record(session, commands, actor="desk", clock=clock)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ledger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """One ledger for all attacks: they are refused, so none of them leaves a trace."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("attacked") / "ledger.db"
        shutil.copyfile(request.getfixturevalue("_sqlite_templates")(False), path)
        url = f"sqlite:///{path}"
    else:
        databases: PostgresDatabases = request.getfixturevalue("_postgres_databases")
        name = databases.take(rates=False)
        url = databases.url(name)
    database = Database(Settings(database_url=url))
    record_some(database, StoppedClock())
    yield database
    database.dispose()
    if not database.is_sqlite:
        databases.give_back(name, rates=False)


@pytest.fixture(scope="module")
def recorded(ledger: Database) -> Rows:
    """What the ledger holds before the first attack, and after each."""
    rows = dump(ledger)
    assert len(rows["entry"]) == 4
    assert len(rows["posting"]) > 4
    return rows


def attack(database: Database, *statements: str) -> None:
    """Run the statements in one transaction and commit it, as somebody with a console would."""
    with database.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def assert_refused(database: Database, before: Rows, *statements: str) -> None:
    with pytest.raises(DBAPIError, match="is append-only"):
        attack(database, *statements)
    assert dump(database) == before


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET revision = 99 WHERE revision = 1",
        "UPDATE {table} SET revision = revision",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE revision = 4",
        UPSERT + " SET revision = 99",
        UPSERT + " SET revision = excluded.revision",
    ],
    ids=["update", "idle update", "delete all", "delete one", "upsert", "idle upsert"],
)
def test_a_recorded_row_is_neither_changed_nor_removed(
    ledger: Database, recorded: Rows, table: str, statement: str
) -> None:
    assert_refused(ledger, recorded, statement.format(table=table, key=KEYS[table]))


@pytest.mark.parametrize("table", TABLES)
def test_inserting_a_recorded_row_again_changes_nothing(
    ledger: Database, recorded: Rows, table: str
) -> None:
    # PostgreSQL leaves the row out without a word, SQLite refuses.
    with suppress(DBAPIError):
        attack(ledger, f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING")
    with pytest.raises(DBAPIError):
        attack(ledger, f"INSERT INTO {table} SELECT * FROM {table}")
    assert dump(ledger) == recorded


# ------------------------------------------------------------------------------------------- SQLite

OVERWRITE = {
    "insert or replace": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "replace into": "REPLACE INTO {table} SELECT * FROM {table} WHERE revision = 1",
    "insert or ignore": "INSERT OR IGNORE INTO {table} SELECT * FROM {table}",
    "update or replace": "UPDATE OR REPLACE {table} SET revision = 2 WHERE revision = 1",
    "update or ignore": "UPDATE OR IGNORE {table} SET revision = 77 WHERE revision = 1",
    "truncating delete": "DELETE FROM {table} WHERE true",
}
OVERWRITE_ENTRY = {
    # Any of the three keys finds the row to replace, whatever type the number comes in.
    "by id": f"SELECT 99, id, stream_kind, hex(randomblob(16)), 1, {ENTRY.split(', ', 5)[5]}",
    "by version": "SELECT 99, hex(randomblob(16)), stream_kind, stream_id, version,"
    f" {ENTRY.split(', ', 5)[5]}",
    "by text": "SELECT '1', hex(randomblob(16)), stream_kind, hex(randomblob(16)), 1,"
    f" {ENTRY.split(', ', 5)[5]}",
    "by real": "SELECT 1.0, hex(randomblob(16)), stream_kind, hex(randomblob(16)), 1,"
    f" {ENTRY.split(', ', 5)[5]}",
}


def set_recursive_triggers(database: Database, switch: str) -> None:
    """Off, INSERT OR REPLACE removes a row without a delete trigger seeing it."""
    with database.engine.connect() as connection:
        connection.execute(text(f"PRAGMA recursive_triggers={switch}"))
    # The pool lends the same connection again, which the attack then runs on.
    with database.engine.connect() as connection:
        state = connection.execute(text("PRAGMA recursive_triggers")).scalar_one()
    assert state == (switch == "ON")


@ON_SQLITE
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", OVERWRITE.values(), ids=OVERWRITE.keys())
def test_sqlite_writes_over_no_row(
    ledger: Database, recorded: Rows, table: str, recursive: str, statement: str
) -> None:
    set_recursive_triggers(ledger, recursive)
    assert_refused(ledger, recorded, statement.format(table=table))


@ON_SQLITE
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("selection", OVERWRITE_ENTRY.values(), ids=OVERWRITE_ENTRY.keys())
def test_sqlite_writes_over_no_entry_by_any_of_its_keys(
    ledger: Database, recorded: Rows, recursive: str, selection: str
) -> None:
    set_recursive_triggers(ledger, recursive)
    statement = f"INSERT OR REPLACE INTO entry ({ENTRY}) {selection} FROM entry WHERE revision = 1"
    assert_refused(ledger, recorded, statement)


@ON_SQLITE
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("name", ["rowid", "oid", "_rowid_"])
def test_a_hidden_rowid_is_no_way_in(
    ledger: Database, recorded: Rows, recursive: str, name: str
) -> None:
    set_recursive_triggers(ledger, recursive)
    columns = POSTING.removeprefix("revision, line, ")
    with pytest.raises(DBAPIError):
        attack(
            ledger,
            f"INSERT OR REPLACE INTO posting ({name}, {POSTING})"
            f" SELECT 1, 99, 1, {columns} FROM posting LIMIT 1",
        )
    assert dump(ledger) == recorded


# --------------------------------------------------------------------------------------- PostgreSQL


@ON_POSTGRESQL
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE {table}",
        "TRUNCATE entry, posting CASCADE",
        MERGE + " UPDATE SET revision = 99",
        MERGE + " DELETE",
        "WITH gone AS (DELETE FROM {table} RETURNING *) SELECT count(*) FROM gone",
    ],
    ids=["truncate", "truncate cascade", "merge update", "merge delete", "delete in a query"],
)
@pytest.mark.parametrize("replication", ["origin", "local", "replica"])
def test_postgresql_refuses_whatever_the_replication_role(
    ledger: Database, recorded: Rows, table: str, statement: str, replication: str
) -> None:
    if statement.startswith("MERGE") and _version(ledger) < 15:
        pytest.skip("MERGE came with PostgreSQL 15")
    assert_refused(
        ledger,
        recorded,
        f"SET LOCAL session_replication_role = {replication}",
        statement.format(table=table),
    )


@ON_POSTGRESQL
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET revision = 99 WHERE revision = 1",
        "DELETE FROM {table}",
        UPSERT + " SET revision = 99",
    ],
    ids=["update", "delete", "upsert"],
)
def test_a_replica_refuses_as_the_origin_does(
    ledger: Database, recorded: Rows, table: str, statement: str
) -> None:
    assert_refused(
        ledger,
        recorded,
        "SET LOCAL session_replication_role = replica",
        statement.format(table=table, key=KEYS[table]),
    )


def _version(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


DENIED = {
    "update": "UPDATE {table} SET revision = 99",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
    "upsert": UPSERT + " SET revision = 99",
    "disable trigger": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "drop trigger": "DROP TRIGGER {table}_no_change ON {table}",
    "drop table": "DROP TABLE {table}",
    "replace function": "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger"
    " LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "replication role": "SET LOCAL session_replication_role = replica",
}


@ON_POSTGRESQL
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", DENIED.values(), ids=DENIED.keys())
def test_the_role_of_the_service_may_not_even_try(
    ledger: Database, recorded: Rows, table: str, statement: str
) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        attack(
            ledger,
            "SET LOCAL ROLE aidledger_app",
            statement.format(table=table, key=KEYS[table]),
        )
    assert dump(ledger) == recorded


@ON_POSTGRESQL
def test_the_role_of_the_service_may_not_touch_the_schema_revision(
    ledger: Database, recorded: Rows
) -> None:
    for statement in (
        "DELETE FROM alembic_version",
        "UPDATE alembic_version SET version_num = 'x'",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            attack(ledger, "SET LOCAL ROLE aidledger_app", statement)
    assert dump(ledger) == recorded


@pytest.fixture
def restricted(database: Database, postgres_server: str) -> Iterator[Database]:
    """The same ledger, as a login that is only a member of the service's role."""
    login, password = f"aidledger_member_{uuid4().hex}", uuid4().hex
    postgres.execute(
        postgres_server,
        f"CREATE ROLE {login} LOGIN PASSWORD '{password}' IN ROLE aidledger_app",
    )
    url = make_url(database.engine.url).set(username=login, password=password)
    member = Database(Settings(database_url=url.render_as_string(hide_password=False)))
    yield member
    member.dispose()
    postgres.execute(postgres_server, f"DROP ROLE {login}")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_the_role_of_the_service_can_do_all_that_the_service_needs(
    database: Database, restricted: Database, clock: StoppedClock
) -> None:
    record_some(restricted, clock)
    rows = dump(restricted, but=())
    assert rows == dump(database, but=())
    assert len(rows["entry"]) == 4
    assert rows["head"][0][1] == 4
    assert {row[0] for row in rows["posting"]} == {1, 2, 3, 4}
