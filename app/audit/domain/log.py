"""The log: the stored tree is the one over the entries' bytes, and every checkpoint was signed for these entries."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from app.audit.domain.faults import Fault
from verifier.checkpoint import open_checkpoint
from verifier.errors import VerificationError
from verifier.note import VerifierKey
from verifier.tree import Tree, hash_leaf

Item = TypeVar("Item")
_STRAY: Final = "no subtree of the tree as far as it was built"


@dataclass(frozen=True, slots=True)
class NodeLine:
    """A row of the stored tree: the hash over ``2**level`` entries."""

    level: int
    index: int
    hash: bytes

    @property
    def last(self) -> int:
        """The last entry that it covers."""
        return (self.index + 1) << self.level

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"log node {self.level}/{self.index}"


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """A row of the published checkpoints."""

    size: int
    root: bytes
    note: str
    vkey: str

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"checkpoint {self.size}"


@dataclass(frozen=True, slots=True)
class Signed:
    """Size and root that somebody signed, published or kept elsewhere."""

    size: int
    root: bytes


def check_published(line: PublishedLine) -> Iterator[Fault]:
    """The note was signed by the key that stands beside it, and says what the columns say."""
    try:
        said = open_checkpoint(line.note.encode(), VerifierKey.parse(line.vkey))
    except VerificationError as refused:
        yield Fault(None, line.place, f"not signed by the key beside it: {refused}")
        return
    if (said.size, said.root) != (line.size, line.root):
        yield Fault(None, line.place, "its size or root is not what its note says")


class LogCheck:
    """Goes along with the entries, and tells what in the stored tree and in the checkpoints is not theirs.

    Behind a gap of the journal nothing is compared any more: the gap is a fault itself, and every hash that follows
    would only repeat it.

    Args:
        nodes: the stored tree in the order in which its subtrees are completed, the smaller first.
        built: up to which entry it was built.
        signed: all checkpoints by size.
    """

    def __init__(self, nodes: Iterable[NodeLine], built: int, signed: Iterable[Signed]) -> None:
        self.tree = Tree()
        self._nodes = _Ahead(nodes)
        self._built = built
        self._signed = _Ahead(signed)
        # The last checkpoint that was right; None once one was not.
        self._agreed: int | None = 0
        self._is_whole = True

    def begin(self) -> Iterator[Fault]:
        """Before the first entry."""
        yield from self._check_nodes([])
        yield from self._check_roots()

    def see(self, revision: int, payload: bytes) -> Iterator[Fault]:
        """The next entry."""
        self._is_whole = self._is_whole and revision == self.tree.size + 1
        completed = self.tree.append(hash_leaf(payload))
        if self._is_whole:
            yield from self._check_nodes(completed)
            yield from self._check_roots()

    def end(self) -> Iterator[Fault]:
        """Behind the last entry."""
        size = self.tree.size
        if not self._is_whole:
            return
        if self._built > size:
            what = f"built up to entry {self._built}, but the journal ends at {size}"
            yield Fault(None, "log tree", what)
        for line in self._nodes.take(lambda _line: True):
            yield Fault(None, line.place, _STRAY)
        for signed in self._signed.take(lambda _signed: True):
            what = f"missing; a checkpoint of {signed.size} entries was signed"
            yield Fault(size + 1, f"entry {size + 1}", what)
            return

    def _check_nodes(self, completed: list[bytes]) -> Iterator[Fault]:
        size = self.tree.size
        lines = {line.level: line for line in self._nodes.take(lambda line: line.last <= size)}
        for level, value in enumerate(completed if size <= self._built else [], 1):
            node = NodeLine(level, (size >> level) - 1, value)
            line = lines.pop(level, None)
            if line is None:
                yield Fault(None, node.place, "missing")
            elif line != node:
                what = f"not the hash over the entries {size - (1 << level) + 1} to {size}"
                yield Fault(None, node.place, what)
        for line in lines.values():
            yield Fault(None, line.place, _STRAY)

    def _check_roots(self) -> Iterator[Fault]:
        """Once one of them is contradicted, so are all that follow: the first says between which entries to look."""
        size = self.tree.size
        for signed in self._signed.take(lambda one: one.size <= size):
            if self._agreed is None:
                continue
            if signed.root == self.tree.root():
                self._agreed = size
                continue
            what = f"one of them is not what a checkpoint of {size} entries was signed for"
            yield Fault(None, f"entries {self._agreed + 1} to {size}", what)
            self._agreed = None


class _Ahead(Generic[Item]):
    """A stream that is taken from the front for as long as something holds."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = iter(items)
        self._next = next(self._items, None)

    def take(self, holds: Callable[[Item], bool]) -> Iterator[Item]:
        while self._next is not None and holds(self._next):
            item, self._next = self._next, next(self._items, None)
            yield item
