"""Promise: the verifier's tree is that of RFC 6962, for every size."""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256

import pytest

from tests.notary import root_of
from verifier.tree import Tree, hash_leaf

# draft-ietf-plants-merkle-tree-certs, accumulated test vectors over the subtrees of trees of up to 130 leaves: the
# SHA-256 of a line for each of 712 subtrees, 12,807 inclusion proofs and 42,893 consistency proofs.
SUBTREES = "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81"
INCLUSIONS = "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f"
CONSISTENCIES = "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74"
LEAVES = [hash_leaf(bytes([value])) for value in range(130)]


def root(leaves: list[bytes]) -> bytes:
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    assert tree.size == len(leaves)
    return tree.root()


def is_subtree(start: int, end: int) -> bool:
    """Whether a tree can have a node over exactly these leaves."""
    width = 1
    while width < end - start:
        width *= 2
    return start == end or start % width == 0


def subtrees(size: int) -> list[tuple[int, int]]:
    """All of them in the trees of up to this size, in the order of the draft."""
    ranges = [(start, end) for end in range(size + 1) for start in range(end + 1)]
    return [one for one in ranges if is_subtree(*one)]


@cache
def subtree(start: int, end: int) -> str:
    """The verifier's hash over these leaves, in hexadecimal."""
    return root(LEAVES[start:end]).hex()


def proof(known: tuple[int, int], low: int, high: int, *, whole: bool = True) -> list[str]:
    """That a range of leaves stands in the tree over ``low`` to ``high`` (RFC 6962, 2.1.1 and 2.1.2; the draft)."""
    start, end = known
    if known == (low, high):
        return [] if whole else [subtree(low, high)]
    middle = low + 1
    while middle - low < high - middle:
        middle += middle - low
    if end <= middle:
        return [*proof(known, low, middle, whole=whole), subtree(middle, high)]
    if start >= middle:
        return [*proof(known, middle, high, whole=whole), subtree(low, middle)]
    return [*proof((middle, end), middle, high, whole=False), subtree(low, middle)]


def fold(lines: Iterable[str]) -> tuple[int, str]:
    """How many lines there are, and the SHA-256 of all."""
    rolling, count = sha256(), 0
    for line in lines:
        rolling.update(f"{line}\n".encode())
        count += 1
    return count, rolling.hexdigest()


def test_all_subtrees_of_the_published_vector() -> None:
    lines = (f"[{start}, {end}) {subtree(start, end)}" for start, end in subtrees(130))
    assert fold(lines) == (712, SUBTREES)


def test_all_inclusion_proofs_of_the_published_vector() -> None:
    """Proofs that are put together from the verifier's hashes by the definition's own recursion."""
    lines = (
        " ".join([f"{index} [{start}, {end})", *proof((index, index + 1), start, end)])
        for start, end in subtrees(130)
        for index in range(start, end)
    )
    assert fold(lines) == (12_807, INCLUSIONS)


def test_all_consistency_proofs_of_the_published_vector() -> None:
    lines = (
        " ".join(
            [f"[{start}, {end}) {size}", *(proof((start, end), 0, size) if start < end else [])]
        )
        for size in range(131)
        for start, end in subtrees(size)
    )
    assert fold(lines) == (42_893, CONSISTENCIES)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 1000])
def test_the_root_is_that_of_the_definition(size: int) -> None:
    leaves = [hash_leaf(str(value).encode()) for value in range(size)]
    assert root(leaves) == root_of(leaves)


def test_the_root_can_be_asked_for_at_any_time() -> None:
    leaves = [hash_leaf(str(value).encode()) for value in range(40)]
    tree = Tree()
    for size, leaf in enumerate(leaves, 1):
        tree.append(leaf)
        assert tree.root() == root_of(leaves[:size])


def test_a_new_leaf_tells_the_subtrees_that_it_completes() -> None:
    leaves = [hash_leaf(str(value).encode()) for value in range(40)]
    tree = Tree()
    for size, leaf in enumerate(leaves, 1):
        widths = [2**level for level in range(1, 6) if size % 2**level == 0]
        assert tree.append(leaf) == [root_of(leaves[size - width : size]) for width in widths]
