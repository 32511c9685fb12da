"""What must hold of a ledger at rest, whatever befell its servers: DESIGN section 8, read from the bare tables."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from app.audit import service as audits
from app.db import Database
from app.settings import Settings
from tests.writers import Call
from verifier.checkpoint import Checkpoint

CELL: Final = "stage, donor, aid_type, instrument, currency, valued_on, first, last"
SUMS: Final = "sum(amount), sum(pledges), sum(unvalued)"
FOREVER: Final = 2**62


def check_ledger(database: Database) -> None:
    """Assert every invariant that the tables alone can prove."""
    with database.engine.connect() as connection:
        entries = connection.execute(text("SELECT * FROM entry ORDER BY revision")).all()
        _check_revisions(connection, entries)
        _check_streams(connection, entries)
        _check_bytes(entries)
        _check_postings(connection, entries)
        unanswered = "SELECT count(*) FROM idempotency WHERE status IS NULL OR body IS NULL"
        assert connection.execute(text(unanswered)).scalar() == 0, "a key without its answer"
        if database.is_sqlite:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def _check_revisions(connection: Connection, entries: Any) -> None:
    head = connection.execute(text("SELECT revision FROM head")).scalar()
    assert [entry.revision for entry in entries] == list(range(1, len(entries) + 1)), "a gap"
    assert head == len(entries), "the head is not the last entry"
    assert all(one.recorded_at <= other.recorded_at for one, other in pairwise(entries))


def _check_streams(connection: Connection, entries: Any) -> None:
    """Versions have no gap, and each version was current from its own revision to the next one's."""
    revisions = defaultdict(list)
    for entry in entries:
        revisions[_id(entry.stream_id)].append(entry.revision)
        assert entry.version == len(revisions[_id(entry.stream_id)]), "a gap in the versions"
    shown: defaultdict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for row in connection.execute(text("SELECT * FROM pledge ORDER BY id, version")):
        assert row.version == len(shown[_id(row.id)]) + 1
        shown[_id(row.id)].append((row.since_revision, row.until_revision))
    assert shown == {stream: list(pairwise([*made, FOREVER])) for stream, made in revisions.items()}


def _check_bytes(entries: Any) -> None:
    for entry in entries:
        assert entry.leaf_hash == sha256(b"\x00" + entry.payload).digest(), "not the hashed bytes"
        document = json.loads(entry.payload)
        assert document["revision"] == entry.revision
        assert UUID(document["stream_id"]) == _id(entry.stream_id)
        assert document["version"] == entry.version


def _check_postings(connection: Connection, entries: Any) -> None:
    posted = text(f"SELECT {CELL}, {SUMS} FROM posting GROUP BY {CELL}")
    rolled_up = text(f"SELECT {CELL}, {SUMS} FROM rollup GROUP BY {CELL}")
    assert _sums(connection.execute(posted)) == _sums(connection.execute(rolled_up))
    lines = Counter(connection.execute(text("SELECT revision FROM posting")).scalars())
    said = {entry.revision: len(json.loads(entry.payload)["postings"]) for entry in entries}
    assert lines == {revision: count for revision, count in said.items() if count}


def _sums(rows: Any) -> dict[tuple[Any, ...], tuple[int, ...]]:
    found = {tuple(row[:8]): tuple(map(int, row[8:])) for row in rows}
    return {cell: sums for cell, sums in found.items() if any(sums)}


def _id(stored: object) -> UUID:
    return UUID(str(stored))


def check_effects(database: Database, calls: Sequence[Call]) -> None:
    """Assert that the ledger holds one entry for each call, one pledge for each that asked for one, and no more."""
    with database.engine.connect() as connection:
        entries = connection.execute(text("SELECT count(*) FROM entry")).scalar()
        first_versions = "SELECT document FROM pledge WHERE version = 1"
        stored = connection.execute(text(first_versions)).scalars().all()
    assert entries == len(calls)
    titles = sorted(json.loads(document)["title"] for document in stored)
    assert titles == sorted(str(call.body["title"]) for call in calls if call.makes_a_pledge)


def audit(url: str, calls: Sequence[Call]) -> None:
    """Both of the above, for the ledger at this address, once nobody writes."""
    database = Database(Settings(database_url=url))
    try:
        check_ledger(database)
        check_effects(database, calls)
    finally:
        database.dispose()


def check_audit(url: str, checkpoints: Sequence[Checkpoint] = ()) -> int:
    """Assert that the service's own audit finds the ledger clean, and a continuation of all these checkpoints.

    Returns:
        How many entries it has.
    """
    database = Database(Settings(database_url=url))
    try:
        with database.reading() as session:
            found = audits.audit(session, checkpoints=checkpoints)
    finally:
        database.dispose()
    assert found.is_clean, found.faults.first
    return found.revision
