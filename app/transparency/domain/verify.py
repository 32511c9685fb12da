"""Checks proofs as RFC 9162 sections 2.1.3.2 and 2.1.4.2 say, for a reader who has hashes and no tree."""

from collections.abc import Sequence
from typing import NamedTuple

from app.transparency.domain.tree import HASH_SIZE, node_hash
from app.transparency.errors import UnverifiedError


class Step(NamedTuple):
    """One step up the tree: the hash beside, whether it stands to the left, and what both make together."""

    sibling: bytes
    is_left: bool
    value: bytes


def climb(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> list[Step]:
    """The steps from the leaf hash at ``index``, from 0, to the root of a tree of this size, the last value.

    Raises:
        UnverifiedError: the proof is not as long as the way is.
    """
    _check_sizes(leaf, *proof)
    if not 0 <= index < size:
        raise UnverifiedError("The index lies outside the tree.")
    place, last = index, size - 1
    value = leaf
    steps: list[Step] = []
    for sibling in proof:
        if last == 0:
            raise UnverifiedError("The proof is too long.")
        is_left = place % 2 == 1 or place == last
        if is_left:
            value = node_hash(sibling, value)
            place, last = _climb(place, last)
        else:
            value = node_hash(value, sibling)
        steps.append(Step(sibling, is_left, value))
        place, last = place >> 1, last >> 1
    if last != 0:
        raise UnverifiedError("The proof does not lead to the root.")
    return steps


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Make sure that the leaf hash stands at ``index``, from 0, in the tree of this size and root.

    Raises:
        UnverifiedError: it is not proved.
    """
    _check_sizes(root)
    steps = climb(leaf, index, size, proof)
    if (steps[-1].value if steps else leaf) != root:
        raise UnverifiedError("The proof does not lead to the root.")


def check_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Make sure that the larger tree begins with the smaller one. From size 0 nothing is proved.

    Raises:
        UnverifiedError: it is not proved.
    """
    _check_sizes(old_root, root, *proof)
    if not 0 < old_size <= size:
        raise UnverifiedError("The sizes are not those of an earlier and a later tree.")
    if old_size == size:
        if proof or old_root != root:
            raise UnverifiedError("Trees of one size are one tree.")
        return
    if not proof:
        raise UnverifiedError("The proof is empty.")
    # Where the smaller tree is one complete subtree, its root is where the proof starts, and is left out.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if _combine(old_size, size, path) != (old_root, root):
        raise UnverifiedError("The proof does not lead to both roots.")


def _combine(old_size: int, size: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Both roots, as the path has them."""
    place, last = old_size - 1, size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    old, new = path[0], path[0]
    for step in path[1:]:
        if last == 0:
            raise UnverifiedError("The proof is too long.")
        if place % 2 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            place, last = _climb(place, last)
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise UnverifiedError("The proof is too short.")
    return old, new


def _climb(place: int, last: int) -> tuple[int, int]:
    """At the right edge, levels on which the node has no sibling are passed over."""
    while place and not place % 2:
        place, last = place >> 1, last >> 1
    return place, last


def _check_sizes(*hashes: bytes) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise UnverifiedError("Every hash has 32 bytes.")
