"""Promise: the verifier's tree is that of RFC 6962, for every size."""

from hashlib import sha256

import pytest

from tests.notary import root_of
from verifier.tree import Tree, hash_leaf

# draft-ietf-plants-merkle-tree-certs, accumulated test vector over all 712 subtrees of the trees of up to 130 leaves.
SUBTREES = "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81"


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


def test_all_subtrees_of_the_published_vector() -> None:
    leaves = [hash_leaf(bytes([value])) for value in range(130)]
    rolling = sha256()
    ranges = [(start, end) for end in range(131) for start in range(end + 1)]
    for start, end in ranges:
        if is_subtree(start, end):
            rolling.update(f"[{start}, {end}) {root(leaves[start:end]).hex()}\n".encode())
    assert rolling.hexdigest() == SUBTREES


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
