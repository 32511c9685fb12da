"""Tiles (C2SP tlog-tiles): the tree and its entries, cut into pieces of 256 that never change."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from app.transparency.domain.tree import Leaves
from app.transparency.errors import MalformedError

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
MAX_LEVEL: Final = 63
_PATH: Final = re.compile(r"((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)
_LEVEL: Final = re.compile(r"0|[1-9][0-9]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """Which piece: ``width`` consecutive hashes of complete subtrees of ``256**level`` leaves each.

    Attributes:
        level: 0 for leaf hashes, and for bundles of entries.
        index: of the tile on its level, from 0.
        width: 256, or less for a partial tile.
    """

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """``x001/x234/067``, and ``.p/<width>`` where it is partial."""
        digits = f"{self.index:03d}"
        digits = digits.rjust(-(-len(digits) // 3) * 3, "0")
        groups = [digits[place : place + 3] for place in range(0, len(digits), 3)]
        path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return path if self.width == WIDTH else f"{path}.p/{self.width}"

    @property
    def places(self) -> Leaves:
        """Its hashes, counted on their level."""
        first = self.index * WIDTH
        return Leaves(first, first + self.width)

    @property
    def node_level(self) -> int:
        """The level of its hashes in the binary tree."""
        return self.level * HEIGHT

    def is_within(self, size: int) -> bool:
        """Whether a log of this size has all of it."""
        return self.places.end <= size >> self.node_level

    @classmethod
    def parse(cls, level: str, path: str) -> Self:
        """Read an address, of which each tile has one.

        Raises:
            MalformedError: it is none.
        """
        found = _PATH.fullmatch(path)
        if not found or not _LEVEL.fullmatch(level) or int(level) > MAX_LEVEL:
            raise MalformedError("That is not the address of a tile.")
        index = int(found[1].replace("x", "").replace("/", ""))
        tile = cls(int(level), index, int(found[2] or WIDTH))
        # Neither a full width that is written out nor a leading x000.
        if tile.width > WIDTH or tile.path != path:
            raise MalformedError("The tile has another address.")
        return tile


def entry_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each behind its length in two bytes; so none has more than 65,535."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)
