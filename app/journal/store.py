"""Every SQL statement of the journal."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Final
from uuid import UUID

from sqlalchemy import Executable, bindparam, func, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from app.db import (
    ReadSession,
    WriteSession,
    dialect_of,
    insert_rows,
    sent_together,
    table_of,
    upsert,
)
from app.journal.domain import Answer, Claim, Entry
from app.journal.errors import StreamMovedError
from app.journal.tables import EntryRow, HeadRow, IdempotencyRow

_ENTRY = table_of(EntryRow)
_HEAD = table_of(HeadRow)
_IDEMPOTENCY = table_of(IdempotencyRow)
_ENTRY_COLUMNS: Final = (
    _ENTRY.c.revision, _ENTRY.c.id, _ENTRY.c.stream_kind, _ENTRY.c.stream_id, _ENTRY.c.version, _ENTRY.c.kind,
    _ENTRY.c.recorded_at, _ENTRY.c.actor, _ENTRY.c.reason, _ENTRY.c.payload, _ENTRY.c.leaf_hash,
)  # fmt: skip
_ENTRY_NAMES: Final = tuple(column.name for column in _ENTRY_COLUMNS)
_entry_values: Final = attrgetter(*_ENTRY_NAMES)
# Both engines limit how many values one statement may bind.
_CHUNK: Final = 500

# The hot statements are built once: building one can take longer than running it. And they are run on the connection,
# for the session looks for mapped objects in each of them.
_LOCKING: Final = select(
    _HEAD.c.revision, _HEAD.c.recorded_at, _HEAD.c.settled_at
).with_for_update()
_MOVING: Final = update(_HEAD)
_KEEPING: Final = update(_IDEMPOTENCY).where(
    _IDEMPOTENCY.c.actor == bindparam("of_actor"), _IDEMPOTENCY.c.key == bindparam("of_key")
)


def lock_head(session: WriteSession) -> tuple[int, datetime | None, datetime | None]:
    """Revision and instant of the last entry, and the settled instant; until the end, nobody else can append."""
    # On SQLite the whole transaction is exclusive from its BEGIN IMMEDIATE on, and FOR UPDATE is left out.
    row = session.connection().execute(_LOCKING).one()
    return row.revision, row.recorded_at, row.settled_at


def move_head(session: WriteSession, revision: int, recorded_at: datetime) -> None:
    """Say which entry is now the last."""
    session.connection().execute(_MOVING, {"revision": revision, "recorded_at": recorded_at})


def settle(session: WriteSession, instant: datetime) -> None:
    """Say that nothing more will be recorded at ``instant`` or before it."""
    session.execute(update(_HEAD).values(settled_at=instant))


def is_settled(session: ReadSession, instant: datetime) -> bool:
    """Whether nothing more can be recorded at ``instant`` or before it, as far as this session sees."""
    columns = _HEAD.c
    later = or_(columns.recorded_at > instant, columns.settled_at >= instant)
    return bool(session.execute(select(func.count()).select_from(_HEAD).where(later)).scalar())


@contextmanager
def writing(session: WriteSession) -> Iterator[None]:
    """Has what the block writes go to the database together.

    Raises:
        StreamMovedError: a version of a stream exists already.
    """
    try:
        with sent_together(session):
            yield
    except IntegrityError:
        raise StreamMovedError from None


def insert_entries(session: WriteSession, entries: Sequence[Entry]) -> None:
    """Append entries."""
    rows = [dict(zip(_ENTRY_NAMES, _entry_values(entry), strict=True)) for entry in entries]
    insert_rows(session, _ENTRY, rows)


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


def list_entries(session: ReadSession, *, after: int, until: int, limit: int) -> list[Entry]:
    """Up to ``limit`` entries behind revision ``after`` up to revision ``until``, in order."""
    statement = (
        select(*_ENTRY_COLUMNS)
        .where(_ENTRY.c.revision > after, _ENTRY.c.revision <= until)
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


def list_streams(session: ReadSession, stream_ids: Collection[UUID], *, until: int) -> list[Entry]:
    """All entries of several streams up to revision ``until``, in order."""
    found: list[Entry] = []
    ids = sorted(stream_ids)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        statement = select(*_ENTRY_COLUMNS).where(
            _ENTRY.c.stream_id.in_(chunk), _ENTRY.c.revision <= until
        )
        found += [Entry(**row._mapping) for row in session.execute(statement)]
    return sorted(found, key=lambda entry: entry.revision)


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


def insert_claims(session: WriteSession, claims: Mapping[Claim, bytes], at: datetime) -> set[Claim]:
    """Claim idempotency keys for calls with these fingerprints; returns those that nobody had claimed.

    The transaction holds the journal's lock, so nobody else is claiming one of them meanwhile.
    """
    if not claims:
        return set()
    rows = [
        {"actor": actor, "key": key, "fingerprint": fingerprint, "claimed_at": at}
        for (actor, key), fingerprint in claims.items()
    ]
    return {(row.actor, row.key) for row in session.execute(_claiming(dialect_of(session)), rows)}


@cache
def _claiming(dialect: str) -> Executable:
    columns = _IDEMPOTENCY.c
    statement = upsert(dialect, _IDEMPOTENCY).on_conflict_do_nothing()
    return statement.returning(columns.actor, columns.key)


def find_answers(
    session: ReadSession, claims: Collection[Claim]
) -> dict[Claim, tuple[bytes, Answer]]:
    """Fingerprint and stored answer of claimed keys."""
    if not claims:
        return {}
    columns = _IDEMPOTENCY.c
    statement = select(_IDEMPOTENCY).where(tuple_(columns.actor, columns.key).in_(sorted(claims)))
    return {
        (row.actor, row.key): (
            row.fingerprint,
            Answer(row.status, json.loads(row.headers), row.body),
        )
        for row in session.execute(statement)
    }


def keep_answers(session: WriteSession, answers: Mapping[Claim, Answer]) -> None:
    """Store answers beside the claims, in the same transaction as what they answer for."""
    if not answers:
        return
    rows = [
        {
            "of_actor": actor,
            "of_key": key,
            "status": answer.status,
            "headers": json.dumps(dict(answer.headers)),
            "body": answer.body,
        }
        for (actor, key), answer in answers.items()
    ]
    # On the connection: the session would take rows for the update of mapped objects.
    session.connection().execute(_KEEPING, rows)
