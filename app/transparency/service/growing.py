"""Lets the tree grow with the journal."""

from app.db import WriteSession
from app.journal import service as journal
from app.transparency import store
from app.transparency.domain.tree import Leaves, grow, next_edge
from app.transparency.errors import LogForkError
from app.transparency.service import hashes


def lock(session: WriteSession) -> None:
    """Let nobody else sign or make the tree grow until this transaction ends."""
    store.lock_tree(session)


def integrate(session: WriteSession, *, at_most: int | None = None) -> int:
    """Take entries into the tree that are not in it yet.

    Args:
        session: the transaction; the caller commits it.
        at_most: how many, where one transaction must not take long.

    Returns:
        How many entries the tree has now.

    Raises:
        LogForkError: the journal has lost entries.
    """
    size = store.lock_tree(session)
    head = journal.head_revision(session)
    if head < size:
        raise LogForkError(f"The journal ends at {head}, but the tree was built up to {size}.")
    until = head if at_most is None else min(head, size + at_most)
    edge = hashes.edge(session, size)
    while size < until:
        leaves = Leaves(size, min(size + hashes.BATCH, until))
        rows = grow(size, edge, hashes.list_leaf_hashes(session, leaves))
        store.insert_nodes(session, rows)
        edge = next_edge(edge, rows)
        size = leaves.end
    store.set_tree_size(session, size)
    return size


def rebuild(session: WriteSession) -> int:
    """Make the tree anew from the entries; returns its size. What was signed stays as it is."""
    store.lock_tree(session)
    store.delete_nodes(session)
    store.set_tree_size(session, 0)
    return integrate(session)
