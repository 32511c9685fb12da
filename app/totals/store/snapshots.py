"""Writes and finds the snapshots of the posting sums: what they hold follows from the postings alone."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Row,
    Select,
    String,
    delete,
    except_,
    func,
    literal,
    or_,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.types import TypeEngine

from app.db import ReadSession, WriteSession, dialect_of, table_of, upsert
from app.pledges.tables import PostingRow
from app.totals.tables import CompleteSnapshotRow, PostingSnapshotRow

_POSTING: Final = table_of(PostingRow)
_SNAPSHOT: Final = table_of(PostingSnapshotRow)
_COMPLETE: Final = table_of(CompleteSnapshotRow)
# Any number will do, as long as every process uses the same one.
_TURN: Final = 7_204_112_023
_CELL: Final = (
    "stage", "donor", "aid_type", "instrument", "currency", "valued_on", "first", "last",
)  # fmt: skip
_DAYS: Final = frozenset({"valued_on", "first", "last"})
_SUMS: Final = ("amount", "pledges", "unvalued")


class SnapshotCells(NamedTuple):
    """A whole snapshot: its revision, and how many cells it has. ``(0, 0)`` stands for the empty ledger."""

    revision: int = 0
    cells: int = 0


def find_snapshot(session: ReadSession, revision: int) -> int:
    """The revision of the last whole snapshot at or before ``revision``; 0 where there is none."""
    statement = select(func.max(_COMPLETE.c.revision)).where(_COMPLETE.c.revision <= revision)
    return session.execute(statement).scalar() or 0


def list_snapshots(session: ReadSession) -> list[SnapshotCells]:
    """All whole snapshots, oldest first."""
    statement = select(_COMPLETE.c.revision, _COMPLETE.c.cells).order_by(_COMPLETE.c.revision)
    return [SnapshotCells(*row) for row in session.execute(statement)]


def find_last_complete(session: ReadSession) -> SnapshotCells:
    """The last whole snapshot."""
    statement = select(_COMPLETE.c.revision, _COMPLETE.c.cells).order_by(
        _COMPLETE.c.revision.desc()
    )
    row = session.execute(statement.limit(1)).one_or_none()
    return SnapshotCells(*row) if row else SnapshotCells()


def find_boundary(session: ReadSession, after: int, postings: int) -> int | None:
    """The revision with which ``postings`` postings stand behind ``after``; ``None`` before there are so many."""
    statement = (
        select(_POSTING.c.revision)
        .where(_POSTING.c.revision > after)
        .order_by(_POSTING.c.revision, _POSTING.c.line)
        .offset(postings - 1)
        .limit(1)
    )
    return session.execute(statement).scalar()


def take_turn(session: WriteSession) -> bool:
    """Whether this transaction is the only one that takes snapshots on PostgreSQL; its end ends the turn."""
    return bool(session.execute(select(func.pg_try_advisory_xact_lock(_TURN))).scalar())


def copy_cells(session: WriteSession, base: int, revision: int) -> None:
    """Write the sums of all postings up to ``revision``, from the snapshot at ``base`` on, in one statement."""
    # However long it takes, nobody waits for it.
    session.execute(text("SET LOCAL statement_timeout = 0"))
    sums = _sums(base, revision).add_columns(literal(revision))
    names = [*_CELL, *_SUMS, "revision"]
    session.execute(
        upsert(dialect_of(session), _SNAPSHOT).from_select(names, sums).on_conflict_do_nothing()
    )


def iter_cells(
    session: ReadSession, base: int, revision: int, *, batch: int
) -> Iterator[Sequence[Row[Any]]]:
    """The same sums, read in batches in the order of their cells; days as SQLite keeps them, which is text."""
    statement = _sums(base, revision, days_as=String()).order_by(*_CELL)
    rows = session.execute(statement, execution_options={"yield_per": batch})
    yield from rows.partitions()


def add_cells(session: WriteSession, revision: int, rows: Sequence[Row[Any]]) -> None:
    """Add rows of ``iter_cells`` to a snapshot on SQLite; those that are there already are the same, and stay."""
    names = ", ".join(f'"{name}"' for name in (*_CELL, *_SUMS))
    places = ", ".join("?" for _ in (*_CELL, *_SUMS))
    # The driver takes the rows as they are, ten times as fast as through the types of the columns.
    session.connection().exec_driver_sql(
        f"INSERT INTO posting_snapshot ({names}, revision) VALUES ({places}, {revision:d})"  # noqa: S608 -- our own words
        " ON CONFLICT DO NOTHING",
        [tuple(row) for row in rows],
    )


def complete(session: WriteSession, revision: int) -> None:
    """Say that a snapshot is whole; from now on it is read."""
    cells = select(func.count()).where(_SNAPSHOT.c.revision == revision).scalar_subquery()
    statement = upsert(dialect_of(session), _COMPLETE).values(revision=revision, cells=cells)
    session.execute(statement.on_conflict_do_nothing())


def drop_snapshot(session: WriteSession, revision: int) -> None:
    """Remove one snapshot."""
    session.execute(delete(_COMPLETE).where(_COMPLETE.c.revision == revision))
    session.execute(delete(_SNAPSHOT).where(_SNAPSHOT.c.revision == revision))


def is_right(session: ReadSession, base: int, held: SnapshotCells) -> bool:
    """Whether a snapshot is what the one at ``base`` and the postings behind that add up to."""
    columns = [_SNAPSHOT.c[name] for name in (*_CELL, *_SUMS)]
    rows = select(*columns).where(_SNAPSHOT.c.revision == held.revision)
    sums = _sums(base, held.revision)
    for one, other in ((rows, sums), (sums, rows)):
        if session.execute(except_(one, other).limit(1)).first():
            return False
    return session.execute(rows.with_only_columns(func.count())).scalar() == held.cells


def _sums(base: int, revision: int, *, days_as: TypeEngine[Any] | None = None) -> Select[Any]:
    """The rows of the snapshot at ``base`` and the postings behind it, added up by their cells."""
    names = (*_CELL, *_SUMS)
    before = select(*(_SNAPSHOT.c[name] for name in names)).where(_SNAPSHOT.c.revision == base)
    tail = select(*(_POSTING.c[name] for name in names)).where(
        _POSTING.c.revision > base, _POSTING.c.revision <= revision
    )
    lines = union_all(before, tail).subquery("line").c
    cell = [lines[name] for name in _CELL]
    shown = [type_coerce(one, days_as) if days_as and one.name in _DAYS else one for one in cell]
    sums = [func.sum(lines[name]).label(name) for name in _SUMS]
    return select(*shown, *sums).group_by(*cell).having(or_(*(one != 0 for one in sums)))
