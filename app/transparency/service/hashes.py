"""The tree's hashes as the database has them: entries' leaf hashes below, stored subtrees above."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from app.db import ReadSession
from app.journal import service as journal
from app.transparency import store
from app.transparency.domain import tree
from app.transparency.domain.tree import Leaves, Node
from app.transparency.errors import LogDamagedError, LogForkError

BATCH: Final = 4_096
# A root is compared with the entries themselves at least this far back; older subtrees are taken as
# stored. `aidledger verify` goes over everything.
RECHECKED: Final = 4_096


def find_hashes(session: ReadSession, nodes: Collection[Node]) -> dict[Node, bytes]:
    """The hashes of all these nodes, in at most two statements.

    Raises:
        LogDamagedError: one is missing.
    """
    leaves = {node.index + 1: node for node in nodes if node.level == 0}
    hashes = store.find_nodes(session, [node for node in nodes if node.level])
    if leaves:
        found = journal.find_leaf_hashes(session, leaves)
        hashes |= {leaves[revision]: value for revision, value in found.items()}
    if len(hashes) < len(nodes):
        raise LogDamagedError
    return hashes


def list_leaf_hashes(session: ReadSession, leaves: Leaves) -> list[bytes]:
    """The leaf hashes of neighbouring entries.

    Raises:
        LogForkError: one of the entries is gone.
    """
    hashes = journal.list_leaf_hashes(session, after=leaves.start, until=leaves.end)
    if len(hashes) != leaves.end - leaves.start:
        raise LogForkError(f"Of the entries {leaves.start + 1} to {leaves.end} some are missing.")
    return hashes


def list_proof(session: ReadSession, ranges: Sequence[Leaves]) -> list[bytes]:
    """The hashes of these ranges.

    Raises:
        LogDamagedError: the tree is incomplete.
    """
    hashes = find_hashes(session, tree.nodes_of(ranges))
    return [tree.range_hash(leaves, hashes.__getitem__) for leaves in ranges]


def edge(session: ReadSession, size: int) -> dict[Node, bytes]:
    """The complete subtrees that the tree of this size is made of.

    Raises:
        LogDamagedError: the tree is incomplete.
    """
    return find_hashes(session, tree.complete_subtrees(Leaves(0, size)))


def edge_at(
    session: ReadSession, size: int, known_size: int = 0, known: Mapping[Node, bytes] | None = None
) -> Mapping[Node, bytes]:
    """The edge of the tree of this size, also where the stored tree has not grown so far yet.

    Args:
        session: shows ``size`` entries at least.
        size: how many entries.
        known_size: how many entries a tree had whose edge is at hand, at most ``size``.
        known: that edge.

    Raises:
        LogForkError: an entry is missing.
        LogDamagedError: the stored tree is incomplete.
    """
    done, hashes = known_size, known or {}
    stored = min(store.get_tree_size(session), size)
    if stored > done:
        done, hashes = stored, edge(session, stored)
    return _grown(session, done, hashes, size)


def root_of(size: int, hashes: Mapping[Node, bytes]) -> bytes:
    """The root of the tree of this size, from its edge."""
    return tree.root(size, hashes.__getitem__)


def _grown(
    session: ReadSession, done: int, hashes: Mapping[Node, bytes], size: int
) -> Mapping[Node, bytes]:
    """The edge at ``size``, from the one at ``done`` and the entries behind it."""
    while done < size:
        leaves = list_leaf_hashes(session, Leaves(done, min(size, done + BATCH)))
        hashes = tree.next_edge(hashes, tree.grow(done, hashes, leaves))
        done += len(leaves)
    return hashes


def root_from_entries(session: ReadSession, size: int) -> bytes:
    """The root of the first ``size`` entries, by their own hashes as far back as is quick.

    Raises:
        LogForkError: an entry is gone.
    """
    stored = min(store.get_tree_size(session), max(0, size - RECHECKED))
    done = stored - stored % RECHECKED
    hashes: Mapping[Node, bytes]
    try:
        hashes = edge(session, done)
    except LogDamagedError:
        done, hashes = 0, {}
    return root_of(size, _grown(session, done, hashes, size))
