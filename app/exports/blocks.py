"""Packed rows that never change, kept in files, so that a second export need not make them again."""

import os
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from reports.kit.archive import Block

# All blocks together; the ones that were not asked for the longest go first.
MAX_BYTES: Final = 2**30
_SUFFIX: Final = ".block"
# Sums and sizes of the rows, before the packed bytes.
_HEAD: Final = struct.Struct("<4sIQ")
_MAGIC: Final = b"ALB1"


class BlockFolder:
    """A folder with a block in each file. Several processes may share it: a file appears whole, or not at all."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def find(self, key: str) -> Block | None:
        """The block of this key; ``None`` where it is not there, or cannot be read."""
        path = self._path(key)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        if len(content) < _HEAD.size:
            return None
        magic, crc, size = _HEAD.unpack_from(content)
        return Block(content[_HEAD.size :], crc, size) if magic == _MAGIC else None

    def keep(self, key: str, block: Block) -> None:
        """Keep a block. Where that fails, such as on a full disk, it is made again the next time."""
        part = self._folder / f"{uuid4().hex}.part"
        with suppress(OSError):
            self._make_room(len(block.packed) + _HEAD.size)
            part.write_bytes(_HEAD.pack(_MAGIC, block.crc, block.size) + block.packed)
            part.replace(self._path(key))
        part.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _make_room(self, needed: int) -> None:
        kept = [(path, path.stat()) for path in self._folder.glob(f"*{_SUFFIX}")]
        excess = sum(found.st_size for _, found in kept) + needed - self._max_bytes
        for path, found in sorted(kept, key=lambda one: one[1].st_mtime_ns):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= found.st_size
