"""Every SQL statement of the audit: whole tables, streamed in the order in which they are checked."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, Table, func, or_, select, union_all

from app.audit.domain.rows import PostingLine, VersionRow
from app.audit.errors import UnreadableRowError
from app.db import ReadSession, table_of
from app.journal.domain import Entry
from app.journal.tables import EntryRow, HeadRow
from app.legislation.domain import STREAM_KIND as LEGISLATIVE_REQUEST
from app.legislation.tables import LegislativeRequestRow
from app.pledges.domain import STREAM_KIND as PLEDGE
from app.pledges.domain import Cell, Effect, Posting
from app.pledges.tables import PledgeRow, PostingRow, RollupRow

Item = TypeVar("Item")
_ENTRY = table_of(EntryRow)
_HEAD = table_of(HeadRow)
_POSTING = table_of(PostingRow)
_ROLLUP = table_of(RollupRow)
_VERSIONS: Final = {
    PLEDGE: table_of(PledgeRow),
    LEGISLATIVE_REQUEST: table_of(LegislativeRequestRow),
}
_ENTRY_COLUMNS: Final = tuple(_ENTRY.c[name] for name in Entry.__dataclass_fields__)
_SUMS: Final = Effect._fields
_AT_ONCE: Final = 1_000


def get_head(session: ReadSession) -> tuple[int, datetime | None]:
    """Revision and instant that the head names; revision 0 where there is no head at all."""
    row = session.execute(select(_HEAD.c.revision, _HEAD.c.recorded_at)).first()
    return (row.revision, row.recorded_at) if row else (0, None)


def iter_entries(session: ReadSession) -> Iterator[Entry]:
    """All entries by revision.

    Raises:
        UnreadableRowError: a row holds what its columns cannot.
    """
    statement = select(*_ENTRY_COLUMNS).order_by(_ENTRY.c.revision)
    return _stream(session, statement, _ENTRY, _entry)


def iter_entries_by_stream(session: ReadSession, stream_kind: str) -> Iterator[Entry]:
    """The entries of all streams of a kind, stream by stream, each by version.

    Raises:
        UnreadableRowError: as above.
    """
    statement = (
        select(*_ENTRY_COLUMNS)
        .where(_ENTRY.c.stream_kind == stream_kind)
        .order_by(_ENTRY.c.stream_id, _ENTRY.c.version)
    )
    return _stream(session, statement, _ENTRY, _entry)


def iter_postings(session: ReadSession) -> Iterator[PostingLine]:
    """All postings by revision and line.

    Raises:
        UnreadableRowError: as above.
    """
    statement = select(_POSTING).order_by(_POSTING.c.revision, _POSTING.c.line)
    return _stream(session, statement, _POSTING, _posting_line)


def iter_versions(session: ReadSession, stream_kind: str) -> Iterator[VersionRow]:
    """The projection of all streams of a kind, stream by stream, each by version.

    Raises:
        UnreadableRowError: as above.
    """
    table = _VERSIONS[stream_kind]
    statement = select(table).order_by(table.c.id, table.c.version)
    return _stream(
        session, statement, table, lambda row: VersionRow(row.id, row.version, dict(row._mapping))
    )


def iter_rollup_differences(session: ReadSession) -> Iterator[tuple[Cell, Effect]]:
    """The cells whose roll-up is not the sum of their postings, each with what the roll-up has too much.

    The database compares: only what differs is read.

    Raises:
        UnreadableRowError: as above.
    """
    keys = Cell._fields
    both = union_all(
        select(*(_ROLLUP.c[name] for name in (*keys, *_SUMS))),
        select(
            *(_POSTING.c[name] for name in keys),
            *((-_POSTING.c[name]).label(name) for name in _SUMS),
        ),
    ).subquery()
    sums: list[ColumnElement[Any]] = [func.sum(both.c[name]) for name in _SUMS]
    statement = (
        select(*(both.c[name] for name in keys), *sums)
        .group_by(*(both.c[name] for name in keys))
        .having(or_(*(one != 0 for one in sums)))
        .order_by(*(both.c[name] for name in keys))
    )
    return _stream(
        session, statement, _ROLLUP, lambda row: (Cell(*row[:8]), Effect(*map(int, row[8:])))
    )


def _entry(row: Any) -> Entry:
    entry = Entry(**row._mapping)
    # SQLite keeps any kind of value in any column.
    stored: tuple[object, object] = (entry.payload, entry.leaf_hash)
    if not all(isinstance(one, bytes) for one in stored):
        raise TypeError("no bytes")
    return entry


def _posting_line(row: Any) -> PostingLine:
    values = row._mapping
    cell = Cell(**{name: values[name] for name in Cell._fields})
    effect = Effect(**{name: values[name] for name in _SUMS})
    return PostingLine(row.revision, row.line, row.pledge_id, Posting(cell, row.implied, effect))


def _stream(
    session: ReadSession, statement: Select[Any], table: Table, read: Callable[[Any], Item]
) -> Iterator[Item]:
    last: Item | None = None
    try:
        for row in session.execute(statement.execution_options(yield_per=_AT_ONCE)):
            last = read(row)
            yield last
    except (ValueError, TypeError, ArithmeticError, AttributeError) as error:
        raise UnreadableRowError(table.name, last) from error
