"""Rows that are packed as they are made, on the disk where they are many: a sheet may be ended before it is begun."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from weakref import finalize

from reports.kit.archive import Block, pack_block

_IN_MEMORY: Final = 4 * 2**20


class PackedRows:
    """Packed rows, in order. The file goes with the last who holds them."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- closed when nobody needs it
        finalize(self, self._file.close)
        # Of each block: packed bytes, checksum, bytes.
        self._blocks: list[tuple[int, int, int]] = []

    def pack(self, pieces: Iterable[bytes]) -> None:
        """Add rows."""
        block = pack_block(pieces)
        self._file.write(block.packed)
        self._blocks.append((len(block.packed), block.crc, block.size))

    def __iter__(self) -> Iterator[Block]:
        self._file.seek(0)
        for packed, crc, size in self._blocks:
            yield Block(self._file.read(packed), crc, size)
