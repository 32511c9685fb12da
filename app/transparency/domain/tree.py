"""The Merkle tree of RFC 6962 and RFC 9162 (SHA-256): which hashes make a root or a proof, and how they combine.

The tree over n leaves is kept as the hashes of its *complete* subtrees, of 1, 2, 4, 8, ... leaves. They never
change once they are there, and every other hash is made of a few of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from typing import Final, NamedTuple

HASH_SIZE: Final = 32
NODE_PREFIX: Final = b"\x01"
EMPTY_ROOT: Final = sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree: ``2**level`` leaves, the ``index``-th of its size from the left, from 0."""

    level: int
    index: int


class Leaves(NamedTuple):
    """The leaves from ``start`` up to, but not including, ``end``."""

    start: int
    end: int


HashOf = Callable[[Node], bytes]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(NODE_PREFIX + left + right).digest()


def complete_subtrees(leaves: Leaves) -> list[Node]:
    """The fewest complete subtrees that make up these leaves, from left to right.

    ``leaves.start`` is a multiple of the least power of two that is not below their number, as it is
    for every range of a root and of a proof.
    """
    nodes: list[Node] = []
    start, left = leaves.start, leaves.end - leaves.start
    while left:
        level = left.bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
        left -= 1 << level
    return nodes


def range_hash(leaves: Leaves, hash_of: HashOf) -> bytes:
    """The Merkle Tree Hash of these leaves (RFC 6962 section 2.1)."""
    hashes = [hash_of(node) for node in complete_subtrees(leaves)]
    if not hashes:
        return EMPTY_ROOT
    # The left half is the largest power of two, so complete subtrees hang one below the other on the right.
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def root(size: int, hash_of: HashOf) -> bytes:
    """The root of the tree over the first ``size`` leaves."""
    return range_hash(Leaves(0, size), hash_of)


def proof_ranges(known: Leaves, size: int) -> list[Leaves]:
    """The ranges whose hashes prove that ``known`` stands in the tree of ``size`` leaves, from below upwards.

    One leaf gives the inclusion proof of RFC 6962 section 2.1.1, a beginning of the tree the consistency
    proof of section 2.1.2; any subtree that the tree could have by itself is proved likewise.
    """
    start, end = known
    low, high = 0, size
    split = False
    ranges: list[Leaves] = []
    while (low, high) != (start, end):
        middle = low + _largest_power_below(high - low)
        if end <= middle:
            ranges.append(Leaves(middle, high))
            high = middle
            continue
        ranges.append(Leaves(low, middle))
        low = middle
        if start < middle:
            # Our hash covers leaves on both sides: the left part is known, the right is to be proved.
            start, split = middle, True
    if split:
        ranges.append(Leaves(low, high))
    ranges.reverse()
    return ranges


def inclusion_ranges(index: int, size: int) -> list[Leaves]:
    """What an inclusion proof of the leaf ``index`` in the tree of ``size`` leaves is made of."""
    return proof_ranges(Leaves(index, index + 1), size)


def consistency_ranges(old_size: int, size: int) -> list[Leaves]:
    """What a proof is made of that the tree of ``size`` leaves continues that of ``old_size``, above zero."""
    return proof_ranges(Leaves(0, old_size), size)


def nodes_of(ranges: Iterable[Leaves]) -> set[Node]:
    """All complete subtrees that these ranges are made of: what is to be looked up."""
    return {node for leaves in ranges for node in complete_subtrees(leaves)}


def proof(ranges: Iterable[Leaves], hash_of: HashOf) -> list[bytes]:
    """The hashes of a proof."""
    return [range_hash(leaves, hash_of) for leaves in ranges]


@dataclass(frozen=True, slots=True)
class Row:
    """Neighbouring nodes of one level: their hashes, from ``Node(level, first)`` to the right."""

    level: int
    first: int
    hashes: Sequence[bytes]


def grow(size: int, edge: Mapping[Node, bytes], leaves: Sequence[bytes]) -> list[Row]:
    """The complete subtrees that arise when leaves follow, level by level; level 0 is the leaves themselves.

    Args:
        size: how many leaves there are already.
        edge: the hashes of ``complete_subtrees(Leaves(0, size))``.
        leaves: the leaf hashes that follow.
    """
    rows: list[Row] = []
    level, first, hashes = 0, size, list(leaves)
    while hashes:
        rows.append(Row(level, first, hashes))
        if first % 2:
            hashes = [edge[Node(level, first - 1)], *hashes]
        hashes = list(map(node_hash, hashes[0:-1:2], hashes[1::2]))
        level, first = level + 1, first // 2
    return rows


def next_edge(edge: Mapping[Node, bytes], rows: Sequence[Row]) -> dict[Node, bytes]:
    """The edge of the tree that ``grow`` made, which is where it grows on from."""
    if not rows:
        return dict(edge)
    size = rows[0].first + len(rows[0].hashes)
    return {node: _find(node, edge, rows) for node in complete_subtrees(Leaves(0, size))}


def _find(node: Node, edge: Mapping[Node, bytes], rows: Sequence[Row]) -> bytes:
    if node.level < len(rows) and node.index >= rows[node.level].first:
        return rows[node.level].hashes[node.index - rows[node.level].first]
    return edge[node]


def _largest_power_below(count: int) -> int:
    """The largest power of two below ``count``, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1
