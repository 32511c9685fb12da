"""Promise: each step can be taken, taken back and taken again; and the tables are those of the models."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import TextClause, inspect, select, text
from sqlalchemy.exc import DBAPIError

from app import migrate
from app.db import MIGRATIONS, Database, table_of
from app.legislation import service as legislation
from app.legislation.domain import RecordDependency, WithdrawDependency
from app.legislation.domain.commands import Command as LegislationCommand
from app.legislation.tables import LegislativeRequestRow
from app.pledges import service as pledges
from app.pledges.domain import RecordMovement
from tests.clock import StoppedClock
from tests.legislation.build import recording
from tests.migrations.schema import BOOKKEEPING, all_tables, read_rights, read_schema
from tests.migrations.test_versions import scripts
from tests.pledges.paper import new_pledge
from tests.rows import Rows, dump

REVISIONS: Sequence[str] = ["base", *(step.revision for step in scripts())]
THE_LEDGER = "0001_ledger"
BEFORE_AWAITED = "0008_rate_imports"
REQUEST = table_of(LegislativeRequestRow)


def test_every_step_up_can_be_taken_back_and_taken_again(blank: Database) -> None:
    before = read_schema(blank)
    for below, revision in pairwise(REVISIONS):
        migrate.upgrade(blank, revision)
        after = read_schema(blank)
        assert after != before, revision
        migrate.downgrade(blank, below)
        assert read_schema(blank) == before, revision
        migrate.upgrade(blank, revision)
        assert read_schema(blank) == after, revision
        before = after
    assert migrate.current_head(blank) == migrate.expected_head() == REVISIONS[-1]


def test_all_the_way_down_nothing_is_left_and_all_the_way_up_everything_is_there(
    blank: Database,
) -> None:
    nothing = read_schema(blank)
    migrate.upgrade(blank)
    everything = read_schema(blank)
    migrate.downgrade(blank, "base")
    assert read_schema(blank) == nothing
    assert migrate.current_head(blank) is None
    migrate.upgrade(blank)
    assert read_schema(blank) == everything


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_the_service_has_the_same_rights_after_going_down_and_up(blank: Database) -> None:
    migrate.upgrade(blank)
    rights = read_rights(blank)
    migrate.downgrade(blank, "base")
    migrate.upgrade(blank)
    assert read_rights(blank) == rights
    for table in ("entry", "posting"):
        assert sorted(what for name, what in rights if name == table) == ["INSERT", "SELECT"]


def test_migrating_again_changes_nothing(database: Database) -> None:
    before, rows = read_schema(database), dump(database, but=())
    migrate.upgrade(database)
    assert read_schema(database) == before
    assert dump(database, but=()) == rows


def test_the_tables_of_the_database_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, all_tables()) == []


def test_names_and_keys_are_those_of_the_models_too(database: Database, blank: Database) -> None:
    # What `alembic check` does not look at: check constraints, and how everything is called.
    with blank.engine.begin() as connection:
        all_tables().create_all(connection)
    assert _anatomy(database) == _anatomy(blank)


def _anatomy(database: Database) -> dict[str, Any]:
    with database.engine.connect() as connection:
        look = inspect(connection)
        return {
            table: {
                "columns": sorted(
                    (one["name"], str(one["type"]), one["nullable"], str(one["default"]))
                    for one in look.get_columns(table)
                ),
                "key": look.get_pk_constraint(table),
                "unique": sorted(map(str, look.get_unique_constraints(table))),
                "checks": sorted(map(str, look.get_check_constraints(table))),
                "foreign": sorted(map(str, look.get_foreign_keys(table))),
                "indexes": sorted(str(_plain(one)) for one in look.get_indexes(table)),
            }
            for table in look.get_table_names()
            if table != BOOKKEEPING
        }


def _plain(value: Any) -> Any:
    """The condition of a partial index comes as an object of its own."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return str(value) if isinstance(value, TextClause) else value


def record_a_thousand(database: Database) -> Rows:
    """500 pledges and a movement of each."""
    openings = [new_pledge(reference=None, title=f"Package {number}") for number in range(500)]
    movements = [
        RecordMovement(
            pledge_id=one.pledge_id, movement_id=uuid4(), stage="delivered", amount="40.00"
        )
        for one in openings
    ]
    with database.transaction() as session:
        pledges.record(session, [*openings, *movements], actor="desk", clock=StoppedClock())
    rows = dump(database)
    assert len(rows["entry"]) == 1_000
    return rows


def test_what_was_recorded_outlives_every_step_but_the_one_that_made_its_table(
    database: Database,
) -> None:
    full = record_a_thousand(database)
    above_the_ledger = REVISIONS[REVISIONS.index(THE_LEDGER) :]
    for revision in reversed(above_the_ledger[:-1]):
        migrate.downgrade(database, revision)
        kept = {table: len(rows) for table, rows in dump(database).items()}
        assert {"entry", "posting", "pledge", "rollup", "head"} <= kept.keys()
        assert {table: kept[table] for table in full if table in kept} == {
            table: len(rows) for table, rows in full.items() if table in kept
        }
        migrate.upgrade(database)
        again = dump(database)
        for table in kept.keys() & full.keys() - {BOOKKEEPING}:
            assert again[table] == full[table], (revision, table)


def test_requests_that_pledges_wait_for_are_found_in_an_older_ledger(
    database: Database, clock: StoppedClock
) -> None:
    waited_for, no_longer, never = (recording() for _ in range(3))
    opening = new_pledge(reference=None)
    hang = [
        RecordDependency(
            request_id=one.request_id, dependency_id=uuid4(), pledge_id=opening.pledge_id
        )
        for one in (waited_for, no_longer)
    ]
    let_go = WithdrawDependency(
        request_id=no_longer.request_id, dependency_id=hang[1].dependency_id, reason="An error."
    )
    with database.transaction() as session:
        pledges.record(session, [opening], actor="desk", clock=clock)
        changes: list[LegislationCommand] = [waited_for, no_longer, never, *hang, let_go]
        legislation.record(session, changes, actor="desk", clock=clock)
    migrate.downgrade(database, BEFORE_AWAITED)
    migrate.upgrade(database)
    with database.reading() as session:
        found = session.execute(
            select(REQUEST.c.id, REQUEST.c.version).where(REQUEST.c.awaited)
        ).all()
    # From the version on in which something hangs on it, up to the one in which nothing does any more.
    assert set(map(tuple, found)) == {(waited_for.request_id, 2), (no_longer.request_id, 2)}


def test_the_guards_stand_again_after_a_step_down_and_up(database: Database) -> None:
    record_a_thousand(database)
    migrate.downgrade(database, THE_LEDGER)
    migrate.upgrade(database)
    before = dump(database)
    for table in ("entry", "posting"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET revision = 1"):
            with pytest.raises(DBAPIError, match="append-only"):
                _execute(database, statement)
    assert dump(database) == before


def _execute(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement))


MIGRATE = """
from app import migrate
from app.db import Database
from app.settings import Settings
migrate.upgrade(Database(Settings.from_environment()))
"""


def test_processes_that_migrate_at_once_take_turns(blank: Database) -> None:
    environment = {"AIDLEDGER_DATABASE_URL": blank.url.render_as_string(hide_password=False)}

    def run(_number: int) -> str:
        process = subprocess.run(
            [sys.executable, "-c", MIGRATE],
            cwd=MIGRATIONS.parent,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return process.stderr if process.returncode else ""

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(run, range(3))) == ["", "", ""]
    assert migrate.current_head(blank) == migrate.expected_head()
    with blank.reading() as session:
        assert session.execute(text("SELECT count(*) FROM head")).scalar_one() == 1
