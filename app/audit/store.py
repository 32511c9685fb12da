"""Every SQL statement of the audit: whole tables, streamed in the order in which they are checked."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, Table, func, or_, select, union_all

from app.audit.domain.log import NodeLine, PublishedLine
from app.audit.domain.rows import PostingLine, SnapshotLine, VersionRow
from app.audit.errors import UnreadableRowError
from app.db import ReadSession, table_of
from app.journal.domain import Entry
from app.journal.tables import EntryRow, HeadRow
from app.legislation.domain import STREAM_KIND as LEGISLATIVE_REQUEST
from app.legislation.domain import VEHICLE_STREAM
from app.legislation.tables import LegislativeRequestRow, VehicleRow
from app.pledges.domain import STREAM_KIND as PLEDGE
from app.pledges.domain import Cell, Effect, Posting
from app.pledges.tables import PledgeRow, PostingRow, RollupRow
from app.totals.tables import CompleteSnapshotRow, PostingSnapshotRow
from app.transparency.tables import CheckpointRow, NodeRow, TreeRow

Item = TypeVar("Item")
_ENTRY = table_of(EntryRow)
_HEAD = table_of(HeadRow)
_POSTING = table_of(PostingRow)
_ROLLUP = table_of(RollupRow)
_SNAPSHOT = table_of(PostingSnapshotRow)
_COMPLETE = table_of(CompleteSnapshotRow)
_NODE = table_of(NodeRow)
_TREE = table_of(TreeRow)
_CHECKPOINT = table_of(CheckpointRow)
_VERSIONS: Final = {
    PLEDGE: table_of(PledgeRow),
    LEGISLATIVE_REQUEST: table_of(LegislativeRequestRow),
    VEHICLE_STREAM: table_of(VehicleRow),
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
    return _stream(session, _surplus(_lines(_ROLLUP), _owed(_POSTING)), _ROLLUP, _difference)


def list_snapshots(session: ReadSession) -> list[SnapshotLine]:
    """All whole snapshots, oldest first: how many cells they are said to have, and how many they have."""
    held = (
        select(func.count())
        .where(_SNAPSHOT.c.revision == _COMPLETE.c.revision)
        .correlate(_COMPLETE)
        .scalar_subquery()
    )
    statement = select(_COMPLETE.c.revision, _COMPLETE.c.cells, held).order_by(_COMPLETE.c.revision)
    return [SnapshotLine(*row) for row in session.execute(statement)]


def iter_snapshot_differences(
    session: ReadSession, base: int, revision: int
) -> Iterator[tuple[Cell, Effect]]:
    """The cells of a snapshot that are not those of the one at ``base`` and the postings since, as above."""
    columns = _POSTING.c
    since = (columns.revision > base, columns.revision <= revision)
    statement = _surplus(
        _lines(_SNAPSHOT).where(_SNAPSHOT.c.revision == revision),
        _owed(_SNAPSHOT).where(_SNAPSHOT.c.revision == base),
        _owed(_POSTING).where(*since),
    )
    return _stream(session, statement, _SNAPSHOT, _difference)


def get_tree_size(session: ReadSession) -> int:
    """Up to which entry the stored tree was built; 0 where nothing says so."""
    return session.execute(select(_TREE.c.size)).scalar() or 0


def iter_payloads(session: ReadSession) -> Iterator[tuple[int, bytes]]:
    """Revision and bytes of all entries.

    Raises:
        UnreadableRowError: as above.
    """
    statement = select(_ENTRY.c.revision, _ENTRY.c.payload).order_by(_ENTRY.c.revision)
    return _stream(session, statement, _ENTRY, lambda row: (row.revision, _bytes(row.payload)))


def iter_nodes(session: ReadSession) -> Iterator[NodeLine]:
    """The stored tree in the order in which its subtrees were completed, the smaller first.

    Raises:
        UnreadableRowError: as above.
    """
    columns = _NODE.c
    completed_by = (columns.index + 1).bitwise_lshift(columns.level)
    statement = select(columns.level, columns.index, columns.hash).order_by(
        completed_by, columns.level
    )
    return _stream(
        session, statement, _NODE, lambda row: NodeLine(row.level, row.index, _bytes(row.hash))
    )


def iter_checkpoints(session: ReadSession) -> Iterator[PublishedLine]:
    """The published checkpoints by size.

    Raises:
        UnreadableRowError: as above.
    """
    columns = _CHECKPOINT.c
    statement = select(columns.size, columns.root, columns.note, columns.vkey).order_by(
        columns.size
    )
    return _stream(
        session,
        statement,
        _CHECKPOINT,
        lambda row: PublishedLine(row.size, _bytes(row.root), _text(row.note), _text(row.vkey)),
    )


def _lines(table: Table) -> Select[Any]:
    return select(*(table.c[name] for name in (*Cell._fields, *_SUMS)))


def _owed(table: Table) -> Select[Any]:
    """The same with the signs turned round."""
    sums = ((-table.c[name]).label(name) for name in _SUMS)
    return select(*(table.c[name] for name in Cell._fields), *sums)


def _surplus(*lines: Select[Any]) -> Select[Any]:
    """The cells in which lines do not add up to nothing, and to what they do."""
    both = union_all(*lines).subquery()
    keys = [both.c[name] for name in Cell._fields]
    sums: list[ColumnElement[Any]] = [func.sum(both.c[name]) for name in _SUMS]
    standing = or_(*(one != 0 for one in sums))
    return select(*keys, *sums).group_by(*keys).having(standing).order_by(*keys)


def _difference(row: Any) -> tuple[Cell, Effect]:
    return Cell(*row[:8]), Effect(*map(int, row[8:]))


def _entry(row: Any) -> Entry:
    entry = Entry(**row._mapping)
    _bytes(entry.payload)
    _bytes(entry.leaf_hash)
    return entry


def _bytes(value: object) -> bytes:
    # SQLite keeps any kind of value in any column.
    if not isinstance(value, bytes):
        raise TypeError("no bytes")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


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
        # Whoever stops in the midst of it leaves no cursor open.
        with session.execute(statement.execution_options(yield_per=_AT_ONCE)) as rows:
            for row in rows:
                last = read(row)
                yield last
    except (ValueError, TypeError, ArithmeticError, AttributeError) as error:
        raise UnreadableRowError(table.name, last) from error
