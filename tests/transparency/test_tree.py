"""Promise: roots and proofs are those of RFC 6962, and no other proof passes.

The expected values come from the definition (naive.py) and from three constants that the appendix of
draft-ietf-plants-merkle-tree-certs publishes: each folds the hashes or proofs of all subtrees of trees up to
130 leaves into one SHA-256, 56,412 cases together.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.transparency.domain import tree
from app.transparency.domain.tree import Leaves, Node
from app.transparency.domain.verify import check_consistency, check_inclusion
from app.transparency.errors import UnverifiedError
from tests.transparency import naive

LEAVES = [naive.leaf(bytes([number])) for number in range(130)]
MANY = [naive.leaf(str(number).encode()) for number in range(1_030)]
AROUND_POWERS = [71, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025]


class Grown:
    """A tree that grew by these steps, as the service lets it grow."""

    def __init__(self, leaves: Sequence[bytes], *steps: int) -> None:
        self.nodes: dict[Node, bytes] = {}
        edge: dict[Node, bytes] = {}
        done = 0
        for step in (*steps, len(leaves)):
            rows = tree.grow(done, edge, leaves[done : min(done + step, len(leaves))])
            for row in rows:
                for place, value in enumerate(row.hashes):
                    # A complete subtree never changes and is never made twice.
                    assert self.nodes.setdefault(Node(row.level, row.first + place), value) is value
            edge = tree.next_edge(edge, rows)
            done = min(done + step, len(leaves))

    def __call__(self, node: Node) -> bytes:
        return self.nodes[node]

    def inclusion(self, index: int, size: int) -> list[bytes]:
        ranges = tree.inclusion_ranges(index, size)
        return [tree.range_hash(leaves, self) for leaves in ranges]

    def consistency(self, old: int, size: int) -> list[bytes]:
        ranges = tree.consistency_ranges(old, size)
        return [tree.range_hash(leaves, self) for leaves in ranges]


SMALL = Grown(LEAVES)
LARGE = Grown(MANY, 1, 6, 250, 255, 3)


# --------------------------------------------------------------------------- the published constants


def subtrees(size: int, *, empty: bool) -> Iterator[Leaves]:
    """All subtrees that a tree of up to this size could have by itself, in the order of the draft."""
    for end in range(size + 1):
        for start in range(end + 1):
            count = end - start
            if (empty or count) and start % (1 << max(0, count - 1).bit_length()) == 0:
                yield Leaves(start, end)


def fold(lines: Iterator[str]) -> tuple[int, str]:
    digest, count = sha256(), 0
    for line in lines:
        digest.update(f"{line}\n".encode())
        count += 1
    return count, digest.hexdigest()


def spaced(hashes: Sequence[bytes]) -> str:
    return "".join(f" {one.hex()}" for one in hashes)


def test_all_subtree_hashes_of_trees_up_to_130_leaves() -> None:
    lines = (
        f"[{one.start}, {one.end}) {tree.range_hash(one, SMALL).hex()}"
        for one in subtrees(130, empty=True)
    )
    assert fold(lines) == (712, "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81")


def test_all_inclusion_proofs_within_subtrees_of_trees_up_to_130_leaves() -> None:
    def lines() -> Iterator[str]:
        for start, end in subtrees(130, empty=False):
            for index in range(start, end):
                ranges = tree.inclusion_ranges(index - start, end - start)
                hashes = [tree.range_hash(Leaves(a + start, b + start), SMALL) for a, b in ranges]
                yield f"{index} [{start}, {end}){spaced(hashes)}"

    assert fold(lines()) == (
        12_807, "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f",
    )  # fmt: skip


def test_all_consistency_proofs_of_subtrees_of_trees_up_to_130_leaves() -> None:
    cache: dict[Leaves, bytes] = {}

    def range_hash(leaves: Leaves) -> bytes:
        if leaves not in cache:
            cache[leaves] = tree.range_hash(leaves, SMALL)
        return cache[leaves]

    def lines() -> Iterator[str]:
        for size in range(131):
            for one in subtrees(size, empty=True):
                ranges = tree.proof_ranges(one, size) if one.end > one.start else []
                hashes = spaced(list(map(range_hash, ranges)))
                yield f"[{one.start}, {one.end}) {size}{hashes}"

    assert fold(lines()) == (
        42_893, "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74",
    )  # fmt: skip


# ----------------------------------------------------------------------------------- the definition


@pytest.mark.parametrize("size", [*range(71), *AROUND_POWERS])
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert tree.root(size, LARGE) == naive.mth(MANY[:size])


@pytest.mark.parametrize("size", [*range(1, 71), *AROUND_POWERS])
def test_inclusion_proofs_are_those_of_the_definition_and_are_verified(size: int) -> None:
    root = naive.mth(MANY[:size])
    for index in range(size) if size <= 71 else sample(size):
        proof = LARGE.inclusion(index, size)
        assert proof == naive.path(index, MANY[:size])
        check_inclusion(MANY[index], index, size, proof, root)


@pytest.mark.parametrize("size", [*range(1, 71), *AROUND_POWERS])
def test_consistency_proofs_are_those_of_the_definition_and_are_verified(size: int) -> None:
    root = naive.mth(MANY[:size])
    for old in range(1, size + 1) if size <= 71 else [*sample(size)[1:], size]:
        proof = LARGE.consistency(old, size)
        assert proof == naive.consistency(old, MANY[:size])
        check_consistency(old, size, naive.mth(MANY[:old]), root, proof)


def sample(size: int) -> list[int]:
    """Both ends, the powers of two, and what lies beside them."""
    powers = [1 << bit for bit in range(size.bit_length())]
    near = {0, size - 1, *(power + step for power in powers for step in (-1, 0, 1))}
    return sorted(one for one in near if 0 <= one < size)


@given(steps=st.lists(st.integers(0, 40), max_size=12), size=st.integers(0, 300))
@settings(deadline=None, max_examples=60)
def test_however_the_tree_grew_it_is_the_same_tree(steps: list[int], size: int) -> None:
    grown = Grown(MANY[:size], *steps)
    assert tree.root(size, grown) == naive.mth(MANY[:size])
    assert len(grown.nodes) == sum(size >> level for level in range(20))


@given(size=st.integers(1, 2**40), data=st.data())
@settings(deadline=None)
def test_a_proof_is_looked_up_with_few_reads_however_large_the_log(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    for ranges in (tree.inclusion_ranges(index, size), tree.consistency_ranges(old, size)):
        assert len(ranges) <= size.bit_length() + 1
        assert len(tree.nodes_of(ranges)) <= 2 * size.bit_length()
        assert all(0 <= one.start < one.end <= size for one in ranges)


# ------------------------------------------------------------------------------------- false proofs

Claim = tuple[bytes, int, int, list[bytes], bytes]


def flipped(value: bytes, place: int) -> bytes:
    return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]


def changed_proofs(proof: list[bytes], random: Random) -> Iterator[list[bytes]]:
    """Proofs that are not this one: one hash more, less, moved, cut or with one bit changed."""
    stranger = random.randbytes(32)
    yield [*proof, stranger]
    yield [stranger, *proof]
    yield [*proof, b""]
    for place in range(len(proof)):
        yield proof[:place] + proof[place + 1 :]
        yield [*proof[:place], flipped(proof[place], random.randrange(32)), *proof[place + 1 :]]
        yield [*proof[:place], stranger, *proof[place + 1 :]]
        yield [*proof[:place], proof[place][:-1], *proof[place + 1 :]]
        yield [*proof[:place], proof[place] + b"\x00", *proof[place + 1 :]]
        yield [*proof[:place], proof[place], *proof[place:]]
        yield proof[:place]
        if place and proof[place] != proof[place - 1]:
            yield [*proof[: place - 1], proof[place], proof[place - 1], *proof[place + 1 :]]


def changed_inclusions(claim: Claim, random: Random) -> Iterator[Claim]:
    leaf, index, size, proof, root = claim
    other = random.randbytes(32)
    for value in (other, b"", leaf[:-1], leaf + b"\x00", flipped(leaf, 31), root):
        if value != leaf:
            yield value, index, size, proof, root
    for value in (other, b"", root[:-1], root + b"\x00", flipped(root, 0), naive.mth([])):
        yield leaf, index, size, proof, value
    for place in {-1, index - 1, index + 1, index ^ 2, index * 2, size, size + index} - {index}:
        yield leaf, place, size, proof, root
    for wrong in changed_proofs(proof, random):
        yield leaf, index, size, wrong, root


INCLUSIONS = [
    (MANY[index], index, size, LARGE.inclusion(index, size), naive.mth(MANY[:size]))
    for size in (1, 2, 3, 5, 7, 8, 9, 70, 257, 1025)
    for index in sorted({0, 1, size // 2, size - 2, size - 1})
    if 0 <= index < size
]


@pytest.mark.parametrize("claim", INCLUSIONS, ids=lambda claim: f"{claim[1]} of {claim[2]}")
def test_a_changed_inclusion_proof_fails(claim: Claim) -> None:
    random = Random(f"{claim[1]} {claim[2]}")
    check_inclusion(*claim)
    tried = 0
    for changed in changed_inclusions(claim, random):
        with pytest.raises(UnverifiedError):
            check_inclusion(*changed)
        tried += 1
    assert tried >= 14


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21, 34, 70])
def test_a_proof_of_another_size_fails_unless_it_is_the_same_path(size: int) -> None:
    """A proof says nothing of the size where the path is the same; the root, which is signed with it, does."""
    root = naive.mth(MANY[:size])
    for index in range(size):
        proof = LARGE.inclusion(index, size)
        for other in range(1, 75):
            if other > index and shape(index, other) == shape(index, size):
                continue
            with pytest.raises(UnverifiedError):
                check_inclusion(MANY[index], index, other, proof, root)


def shape(index: int, size: int) -> list[bool]:
    """Of each step of the path, whether the sibling stands on the left."""
    return [leaves.end <= index for leaves in tree.inclusion_ranges(index, size)]


Step = tuple[int, int, bytes, bytes, list[bytes]]
CONSISTENCIES = [
    (old, size, naive.mth(MANY[:old]), naive.mth(MANY[:size]), LARGE.consistency(old, size))
    for size in (2, 3, 5, 7, 8, 9, 70, 257, 1025)
    for old in sorted({1, 2, size // 2, size - 2, size - 1})
    if 0 < old < size
]


def changed_consistencies(step: Step, random: Random) -> Iterator[Step]:
    old, size, old_root, root, proof = step
    other = random.randbytes(32)
    for value in (other, b"", old_root[:-1], old_root + b"\x00", flipped(old_root, 7), root):
        yield old, size, value, root, proof
    for value in (other, b"", root[:-1], root + b"\x00", flipped(root, 7), old_root):
        yield old, size, old_root, value, proof
    yield old, size, root, old_root, proof
    yield size, old, old_root, root, proof
    yield 0, size, old_root, root, proof
    yield 0, size, naive.mth([]), root, []
    yield -old, size, old_root, root, proof
    yield old, size, old_root, root, []
    yield size, size, old_root, root, proof
    yield size, size, root, root, proof
    yield old, old, old_root, old_root, proof
    for wrong in changed_proofs(proof, random):
        yield old, size, old_root, root, wrong


@pytest.mark.parametrize("step", CONSISTENCIES, ids=lambda step: f"{step[0]} to {step[1]}")
def test_a_changed_consistency_proof_fails(step: Step) -> None:
    random = Random(f"{step[0]} {step[1]}")
    check_consistency(*step)
    tried = 0
    for changed in changed_consistencies(step, random):
        with pytest.raises(UnverifiedError):
            check_consistency(*changed)
        tried += 1
    assert tried >= 30


def test_a_log_that_was_rewritten_continues_nothing() -> None:
    forged = [*MANY[:20], naive.leaf(b"forged"), *MANY[21:70]]
    proof = Grown(forged).consistency(50, 70)
    with pytest.raises(UnverifiedError):
        check_consistency(50, 70, naive.mth(MANY[:50]), naive.mth(forged), proof)


def test_trees_of_one_size_are_one_tree() -> None:
    root = naive.mth(MANY[:5])
    check_consistency(5, 5, root, root, [])
    with pytest.raises(UnverifiedError):
        check_consistency(5, 5, root, naive.mth(MANY[1:6]), [])
    with pytest.raises(UnverifiedError):
        check_consistency(5, 5, root, root, [root])


def test_nothing_is_proved_from_an_empty_log() -> None:
    with pytest.raises(UnverifiedError):
        check_consistency(0, 0, naive.mth([]), naive.mth([]), [])
    with pytest.raises(UnverifiedError):
        check_inclusion(MANY[0], 0, 0, [], naive.mth([]))
