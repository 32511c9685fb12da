"""Every SQL statement of the log."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, Final

from sqlalchemy import CompoundSelect, Select, bindparam, delete, insert, select, union_all, update

from app.db import ReadSession, WriteSession, table_of
from app.transparency.domain.checkpoints import PublishedCheckpoint
from app.transparency.domain.tree import Leaves, Node, Row
from app.transparency.tables import CheckpointRow, NodeRow, TreeRow

_NODE = table_of(NodeRow)
_TREE = table_of(TreeRow)
_CHECKPOINT = table_of(CheckpointRow)
_CHECKPOINT_COLUMNS: Final = (
    _CHECKPOINT.c.size, _CHECKPOINT.c.root, _CHECKPOINT.c.note, _CHECKPOINT.c.vkey,
    _CHECKPOINT.c.signed_at,
)  # fmt: skip


def lock_tree(session: WriteSession) -> int:
    """Up to where the tree is complete; nobody else can make it grow until this transaction ends."""
    size: int = session.execute(select(_TREE.c.size).with_for_update()).scalar_one()
    return size


def get_tree_size(session: ReadSession) -> int:
    """Up to where the tree is complete."""
    size: int = session.execute(select(_TREE.c.size)).scalar_one()
    return size


def set_tree_size(session: WriteSession, size: int) -> None:
    """Say up to where it is."""
    session.execute(update(_TREE).values(size=size))


def insert_nodes(session: WriteSession, rows: Iterable[Row]) -> None:
    """Keep new subtrees; level 0 is left out, for the entries have it."""
    values = [
        {"level": row.level, "index": row.first + place, "hash": value}
        for row in rows
        if row.level
        for place, value in enumerate(row.hashes)
    ]
    if values:
        session.execute(insert(_NODE), values)


def delete_nodes(session: WriteSession) -> None:
    """Forget all subtrees."""
    session.execute(delete(_NODE))


def find_nodes(session: ReadSession, nodes: Collection[Node]) -> dict[Node, bytes]:
    """The hashes of these nodes, as far as they are there; one statement, which looks each up by its key."""
    if not nodes:
        return {}
    wanted: dict[str, int] = {}
    for number, node in enumerate(nodes):
        wanted |= {f"level_{number}": node.level, f"index_{number}": node.index}
    found = session.execute(_look_up(len(nodes)), wanted)
    return {Node(level, index): value for level, index, value in found}


@cache
def _look_up(count: int) -> CompoundSelect[Any]:
    """One branch per node: SQLite would read the whole table for pairs in a list.

    Made once for each count, of which there are few: making it takes much longer than running it.
    """
    columns = _NODE.c
    return union_all(
        *(
            select(columns.level, columns.index, columns.hash).where(
                columns.level == bindparam(f"level_{number}"),
                columns.index == bindparam(f"index_{number}"),
            )
            for number in range(count)
        )
    )


def list_hashes(session: ReadSession, level: int, places: Leaves) -> list[bytes]:
    """The hashes of neighbouring nodes of one level."""
    columns = _NODE.c
    statement = (
        select(columns.hash)
        .where(columns.level == level, columns.index >= places.start, columns.index < places.end)
        .order_by(columns.index)
    )
    return list(session.execute(statement).scalars())


def insert_checkpoint(session: WriteSession, published: PublishedCheckpoint) -> None:
    """Publish a checkpoint."""
    session.execute(
        insert(_CHECKPOINT).values(
            {column.name: getattr(published, column.name) for column in _CHECKPOINT_COLUMNS}
        )
    )


def find_newest_checkpoint(session: ReadSession) -> PublishedCheckpoint | None:
    """The checkpoint of the largest size."""
    statement = select(*_CHECKPOINT_COLUMNS).order_by(_CHECKPOINT.c.size.desc()).limit(1)
    return _published(session, statement)


def find_checkpoint(session: ReadSession, size: int) -> PublishedCheckpoint | None:
    """The checkpoint of this size."""
    return _published(session, select(*_CHECKPOINT_COLUMNS).where(_CHECKPOINT.c.size == size))


def _published(session: ReadSession, statement: Select[Any]) -> PublishedCheckpoint | None:
    row = session.execute(statement).one_or_none()
    return None if row is None else PublishedCheckpoint(**row._mapping)
