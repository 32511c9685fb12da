"""Promise: a ledger that was recorded is found clean; the audit looks at every column of every table it checks."""

from pathlib import Path
from typing import Any

import pytest

from app.audit import service as audits
from app.audit import store
from app.audit.domain.kinds import KINDS
from app.audit.service import Audit
from app.db import Database, table_of
from app.fx import service as fx
from app.imports import fact_files as imports
from app.imports.domain.facts import Layout
from app.journal.tables import EntryRow
from app.legislation.tables import LegislativeRequestRow
from app.pledges.tables import PledgeRow, PostingRow, RollupRow
from app.totals import upkeep
from app.totals.tables import CompleteSnapshotRow, PostingSnapshotRow
from app.transparency.tables import CheckpointRow, NodeRow, TreeRow
from tests.clock import StoppedClock
from tests.small_ledger import SIZE, commands, record_one, record_small_ledger
from tests.transparency.build import signer

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])


def audit(database: Database, **options: Any) -> Audit:
    with database.reading() as session:
        return audits.audit(session, **options)


def test_an_empty_ledger_is_clean(database: Database) -> None:
    found = audit(database)
    assert (found.is_clean, found.revision) == (True, 0)


def test_a_ledger_with_everything_in_it_is_clean(database: Database, clock: StoppedClock) -> None:
    record_small_ledger(database, clock)
    found = audit(database)
    assert found.faults.first == []
    assert (found.is_clean, found.revision) == (True, SIZE)


def test_a_ledger_that_is_signed_now_and_then_and_has_snapshots_is_clean(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    """The tree ends where the last checkpoint does; entries behind it are no fault."""
    for number, command in enumerate(commands(), 1):
        with database.transaction() as session:
            record_one(session, command, clock)
        if number in {1, 4, 5, 9}:
            signer(database, clock, tmp_path).sign()
    assert upkeep.take_snapshots(database, min_postings=3)
    found = audit(database)
    assert (found.faults.first, found.revision) == ([], SIZE)


def test_the_demo_facts_are_clean(database: Database, clock: StoppedClock) -> None:
    with database.transaction() as session:
        fx.load_reference_rates(session)
        rows = imports.read_files(imports.FACTS, Layout.FACTS)
        imports.import_rows(session, rows, actor="facts", clock=clock, dry_run=False)
    found = audit(database)
    assert (found.faults.first, found.revision) == ([], 233)


def test_what_is_written_meanwhile_does_not_disturb(
    database: Database, clock: StoppedClock
) -> None:
    record_small_ledger(database, clock)
    with database.reading() as session:
        assert audits.audit(session).revision == SIZE
        with database.transaction() as writing:
            imports.import_rows(
                writing,
                imports.read_files(imports.FACTS, Layout.FACTS),
                actor="facts",
                clock=clock,
                dry_run=False,
            )
        assert (audits.audit(session).is_clean, audits.audit(session).revision) == (True, SIZE)


@ONE_ENGINE
def test_progress_is_told_and_reaches_the_end(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audits, "_EVERY", 4)
    record_small_ledger(database, clock)
    told: list[tuple[str, int, int]] = []
    audit(database, progress=lambda *given: told.append(given))
    assert told == [
        *(("Entries", done, SIZE) for done in (4, 8, 12)),
        *(("Log", done, SIZE) for done in (4, 8, 12)),
        *(("Replay", done, SIZE) for done in (5, 8, 12)),
    ]


@pytest.mark.parametrize(
    ("kind", "table"),
    [("pledge", table_of(PledgeRow)), ("legislative_request", table_of(LegislativeRequestRow))],
)
@ONE_ENGINE
def test_every_column_of_a_projection_is_compared(
    database: Database, clock: StoppedClock, kind: str, table: Any
) -> None:
    """A new column has to be told to the audit, or nobody would notice that it was changed."""
    record_small_ledger(database, clock)
    rules = KINDS[kind]
    with database.reading() as session:
        [first, *_] = store.iter_entries_by_stream(session, kind)
    state = rules.apply(None, first.kind, first.read()["data"])
    common = {"id", "version", "since_revision", "until_revision", "recorded_at"}
    assert set(rules.columns(state)) | common == {column.name for column in table.columns}


def test_the_tables_of_the_journal_the_sums_and_the_log_are_those_that_the_audit_knows() -> None:
    columns = {
        table: {column.name for column in table_of(table).columns}
        for table in (
            EntryRow, PostingRow, RollupRow, PostingSnapshotRow, CompleteSnapshotRow, NodeRow, TreeRow, CheckpointRow,
        )
    }  # fmt: skip
    cell = {"donor", "aid_type", "instrument", "stage", "currency", "valued_on", "first", "last"}
    sums = {"amount", "pledges", "unvalued"}
    assert columns[RollupRow] == cell | sums
    assert columns[PostingRow] == cell | sums | {"revision", "line", "pledge_id", "implied"}
    assert columns[PostingSnapshotRow] == cell | sums | {"revision"}
    assert columns[CompleteSnapshotRow] == {"revision", "cells"}
    assert columns[NodeRow] == {"level", "index", "hash"}
    assert columns[TreeRow] == {"id", "size"}
    # When it was signed stands nowhere else, and proves nothing.
    assert columns[CheckpointRow] == {"size", "root", "note", "vkey", "signed_at"}
    assert columns[EntryRow] == {
        "revision", "id", "stream_kind", "stream_id", "version", "kind", "recorded_at", "actor", "reason", "payload",
        "leaf_hash",
    }  # fmt: skip
