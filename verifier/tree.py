"""The Merkle tree of RFC 6962 section 2.1, from the leaves up, in memory that grows with its logarithm."""

from hashlib import sha256
from typing import Final

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def hash_leaf(entry: bytes) -> bytes:
    """The hash of one entry's bytes."""
    return sha256(_LEAF + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(_NODE + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf and can tell its root at any time.

    A tree of n leaves is, from left to right, one complete subtree for each bit that is set in n, the largest first.
    Only their roots are kept: a new leaf is a subtree of one, and two of the same size become one.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> list[bytes]:
        """Add the hash of the next leaf; the hashes of the subtrees that it completes, of 2, 4, 8, ... leaves."""
        pairs = self.size
        completed = []
        while pairs & 1:
            leaf = hash_node(self._peaks.pop(), leaf)
            completed.append(leaf)
            pairs >>= 1
        self._peaks.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The Merkle tree hash of the leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        *larger, root = self._peaks
        for peak in reversed(larger):
            root = hash_node(peak, root)
        return root
