"""Every SQL statement of the journal."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.db import ReadSession, WriteSession, table_of, upsert
from app.journal.domain import Answer, Entry
from app.journal.errors import StreamMovedError
from app.journal.tables import EntryRow, HeadRow, IdempotencyRow

_ENTRY = table_of(EntryRow)
_HEAD = table_of(HeadRow)
_IDEMPOTENCY = table_of(IdempotencyRow)
_ENTRY_COLUMNS: Final = (
    _ENTRY.c.revision, _ENTRY.c.id, _ENTRY.c.stream_kind, _ENTRY.c.stream_id, _ENTRY.c.version, _ENTRY.c.kind,
    _ENTRY.c.recorded_at, _ENTRY.c.actor, _ENTRY.c.reason, _ENTRY.c.payload, _ENTRY.c.leaf_hash,
)  # fmt: skip


def lock_head(session: WriteSession) -> tuple[int, datetime | None]:
    """Revision and instant of the last entry; nobody else can append until this transaction ends."""
    # On SQLite the whole transaction is exclusive from its BEGIN IMMEDIATE on, and FOR UPDATE is left out.
    row = session.execute(select(_HEAD.c.revision, _HEAD.c.recorded_at).with_for_update()).one()
    return row.revision, row.recorded_at


def move_head(session: WriteSession, revision: int, recorded_at: datetime) -> None:
    """Say which entry is now the last."""
    session.execute(update(_HEAD).values(revision=revision, recorded_at=recorded_at))


def insert_entries(session: WriteSession, entries: Sequence[Entry]) -> None:
    """Append entries.

    Raises:
        StreamMovedError: a version of a stream exists already.
    """
    rows = [
        {column.name: getattr(entry, column.name) for column in _ENTRY_COLUMNS} for entry in entries
    ]
    try:
        session.execute(insert(_ENTRY), rows)
    except IntegrityError:
        raise StreamMovedError from None


def get_head(session: ReadSession) -> tuple[int, datetime | None]:
    """Revision and instant of the last entry that this session sees."""
    row = session.execute(select(_HEAD.c.revision, _HEAD.c.recorded_at)).one()
    return row.revision, row.recorded_at


def find_recorded_at(session: ReadSession, revision: int) -> datetime | None:
    """The instant of an entry."""
    return session.execute(
        select(_ENTRY.c.recorded_at).where(_ENTRY.c.revision == revision)
    ).scalar()


def last_revision_at(session: ReadSession, instant: datetime) -> int:
    """The last revision recorded at or before ``instant``; 0 where there is none."""
    statement = select(func.max(_ENTRY.c.revision)).where(_ENTRY.c.recorded_at <= instant)
    return session.execute(statement).scalar() or 0


def list_entries(session: ReadSession, *, after: int, limit: int) -> list[Entry]:
    """Up to ``limit`` entries behind revision ``after``, in order."""
    statement = (
        select(*_ENTRY_COLUMNS)
        .where(_ENTRY.c.revision > after)
        .order_by(_ENTRY.c.revision)
        .limit(limit)
    )
    return [Entry(**row._mapping) for row in session.execute(statement)]


def list_stream(session: ReadSession, stream_id: UUID, *, until: int) -> list[Entry]:
    """All entries of a stream up to revision ``until``, oldest first."""
    statement = (
        select(*_ENTRY_COLUMNS)
        .where(_ENTRY.c.stream_id == stream_id, _ENTRY.c.revision <= until)
        .order_by(_ENTRY.c.version)
    )
    return [Entry(**row._mapping) for row in session.execute(statement)]


def list_leaf_hashes(session: ReadSession, *, after: int, until: int) -> list[bytes]:
    """The leaf hashes of the entries behind ``after`` up to ``until``, in order."""
    statement = (
        select(_ENTRY.c.leaf_hash)
        .where(_ENTRY.c.revision > after, _ENTRY.c.revision <= until)
        .order_by(_ENTRY.c.revision)
    )
    return list(session.execute(statement).scalars())


def find_leaf_hashes(session: ReadSession, revisions: Collection[int]) -> dict[int, bytes]:
    """The leaf hashes of single entries, by revision."""
    statement = select(_ENTRY.c.revision, _ENTRY.c.leaf_hash).where(
        _ENTRY.c.revision.in_(revisions)
    )
    return {row.revision: row.leaf_hash for row in session.execute(statement)}


def list_payloads(session: ReadSession, *, after: int, until: int) -> list[bytes]:
    """The stored bytes of the entries behind ``after`` up to ``until``, in order."""
    statement = (
        select(_ENTRY.c.payload)
        .where(_ENTRY.c.revision > after, _ENTRY.c.revision <= until)
        .order_by(_ENTRY.c.revision)
    )
    return list(session.execute(statement).scalars())


def insert_claim(
    session: WriteSession, actor: str, key: str, fingerprint: bytes, at: datetime
) -> bool:
    """Claim an idempotency key; ``False`` where it is claimed already.

    On PostgreSQL the statement waits for a transaction that claims the same key, and sees what became of it.
    """
    statement = upsert(session, _IDEMPOTENCY).values(
        actor=actor, key=key, fingerprint=fingerprint, claimed_at=at
    )
    result = session.execute(statement.on_conflict_do_nothing().returning(_IDEMPOTENCY.c.key))
    return result.scalar() is not None


def find_claim(session: ReadSession, actor: str, key: str) -> tuple[bytes, Answer]:
    """Fingerprint and stored answer of a claimed key."""
    columns = _IDEMPOTENCY.c
    row = session.execute(
        select(columns.fingerprint, columns.status, columns.headers, columns.body).where(
            columns.actor == actor, columns.key == key
        )
    ).one()
    return row.fingerprint, Answer(row.status, json.loads(row.headers), row.body)


def keep_answer(session: WriteSession, actor: str, key: str, answer: Answer) -> None:
    """Store the answer beside the claim, in the same transaction as what it answers for."""
    columns = _IDEMPOTENCY.c
    session.execute(
        update(_IDEMPOTENCY)
        .where(columns.actor == actor, columns.key == key)
        .values(status=answer.status, headers=json.dumps(dict(answer.headers)), body=answer.body)
    )
