"""A zip file in pieces: each leaves as soon as it is packed, nothing is written twice, and nothing is sought.

The format is that of PKWARE's APPNOTE 6.3.10. What is packed piece by piece has its sizes behind it (a data
descriptor). Fields of eight bytes (ZIP64) stand only where four are too few: Excel is said to refuse others. Packed
blocks that were kept can be put in as they are, which no library does; see docs/decisions/0009-libraries.md.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from reports.kit.crc import crc32_of_both

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_END_64: Final = struct.Struct("<4sQ2H2I4Q")
_LOCATOR: Final = struct.Struct("<4sIQI")
_SIZES: Final = struct.Struct("<4s3I")
_SIZES_64: Final = struct.Struct("<4sI2Q")
_PLAIN_VERSION: Final = 20
_ZIP64_VERSION: Final = 45
_SIZES_BEHIND: Final = 8
_DEFLATED: Final = 8
# The same content is the same file: all parts bear the first day that a zip file knows, 1 January 1980.
_NO_TIME: Final = 0
_NO_DAY: Final = 0x21
_MAX_32: Final = 0xFFFFFFFF
_MAX_16: Final = 0xFFFF
# zlib's own balance of time and size, without its header and trailer.
_LEVEL: Final = 6
_RAW: Final = -15


@dataclass(frozen=True, slots=True)
class Block:
    """Bytes that are packed once and used again.

    Attributes:
        packed: deflated from a clean start, ending on a whole byte with nothing left open, so that blocks can follow
            one another.
        crc: CRC-32 of the bytes.
        size: how many bytes.
    """

    packed: bytes
    crc: int
    size: int


def pack_block(pieces: Iterable[bytes]) -> Block:
    """Pack bytes for use in any archive."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
    packed, crc, size = [], 0, 0
    for piece in pieces:
        packed.append(packer.compress(piece))
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    packed.append(packer.flush(zlib.Z_FULL_FLUSH))
    return Block(b"".join(packed), crc, size)


@dataclass(slots=True)
class _Part:
    """A file within the archive; sizes in bytes."""

    name: bytes
    offset: int
    flags: int
    crc: int = 0
    packed: int = 0
    size: int = 0

    def is_large(self, limit: int) -> bool:
        """Whether its sizes need eight bytes."""
        return max(self.packed, self.size) >= limit


@dataclass(slots=True)
class Archive:
    """Makes the bytes of a zip file, in order. Each method returns those that are ready to leave.

    Attributes:
        limit: from which size on eight bytes are taken for it.
    """

    limit: int = _MAX_32
    _parts: list[_Part] = field(default_factory=list)
    _length: int = 0
    _packer: "zlib._Compress | None" = None

    def add(self, name: str, content: bytes) -> bytes:
        """A whole part, its sizes before it."""
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
        packed = packer.compress(content) + packer.flush()
        part = _Part(name.encode("ascii"), self._length, 0)
        part.crc, part.packed, part.size = zlib.crc32(content), len(packed), len(content)
        self._parts.append(part)
        return self._count(_local_header(part) + packed)

    def begin(self, name: str) -> bytes:
        """Begin a part whose content comes in pieces."""
        part = _Part(name.encode("ascii"), self._length, _SIZES_BEHIND)
        self._parts.append(part)
        return self._count(_local_header(part))

    def write(self, piece: bytes) -> bytes:
        """More of the part that was begun; what is returned may be empty."""
        if self._packer is None:
            self._packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
        part = self._parts[-1]
        part.crc, part.size = zlib.crc32(piece, part.crc), part.size + len(piece)
        return self._pack(self._packer.compress(piece))

    def splice(self, block: Block) -> bytes:
        """A packed block as the next bytes of the part that was begun."""
        # What came before must end on a whole byte. Nothing behind refers to it: a block began clean, and so does
        # the next packer.
        before = self._flush(zlib.Z_FULL_FLUSH)
        part = self._parts[-1]
        part.crc, part.size = (
            crc32_of_both(part.crc, block.crc, block.size),
            part.size + block.size,
        )
        return before + self._pack(block.packed)

    def end(self) -> bytes:
        """End the part that was begun."""
        self._packer = self._packer or zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
        last = self._flush(zlib.Z_FINISH)
        part = self._parts[-1]
        form = _SIZES_64 if part.is_large(self.limit) else _SIZES
        return last + self._count(form.pack(b"PK\x07\x08", part.crc, part.packed, part.size))

    def close(self) -> bytes:
        """The directory: without it, a file that was cut off is no archive."""
        start = self._length
        directory = b"".join(_directory_entry(part, self.limit) for part in self._parts)
        is_large = start + len(directory) >= self.limit or len(self._parts) >= _MAX_16
        return directory + _directory_end(len(self._parts), len(directory), start, wide=is_large)

    def _flush(self, mode: int) -> bytes:
        packer, self._packer = self._packer, None
        return self._pack(packer.flush(mode)) if packer else b""

    def _pack(self, packed: bytes) -> bytes:
        self._parts[-1].packed += len(packed)
        return self._count(packed)

    def _count(self, data: bytes) -> bytes:
        self._length += len(data)
        return data


def _local_header(part: _Part) -> bytes:
    """Section 4.3.7. Sizes that come behind are zero here."""
    return (
        _LOCAL.pack(
            b"PK\x03\x04", _PLAIN_VERSION, part.flags, _DEFLATED, _NO_TIME, _NO_DAY,
            part.crc, part.packed, part.size, len(part.name), 0,
        )
        + part.name
    )  # fmt: skip


def _directory_entry(part: _Part, limit: int) -> bytes:
    """Section 4.3.12; what needs eight bytes stands behind the name (4.5.3)."""
    packed, size, offset, wide = part.packed, part.size, part.offset, list[int]()
    if part.is_large(limit):
        wide += [size, packed]
        packed = size = _MAX_32
    if offset >= limit:
        wide.append(offset)
        offset = _MAX_32
    extra = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    version = _ZIP64_VERSION if wide else _PLAIN_VERSION
    return (
        _CENTRAL.pack(
            b"PK\x01\x02", version, version, part.flags, _DEFLATED, _NO_TIME, _NO_DAY,
            part.crc, packed, size, len(part.name), len(extra), 0, 0, 0, 0, offset,
        )
        + part.name
        + extra
    )  # fmt: skip


def _directory_end(parts: int, size: int, start: int, *, wide: bool) -> bytes:
    """Sections 4.3.14 to 4.3.16."""
    if not wide:
        return _END.pack(b"PK\x05\x06", 0, 0, parts, parts, size, start, 0)
    return (
        _END_64.pack(
            b"PK\x06\x06", _END_64.size - 12, _ZIP64_VERSION, _ZIP64_VERSION, 0, 0, parts, parts, size, start
        )
        + _LOCATOR.pack(b"PK\x06\x07", 0, start + size, 1)
        + _END.pack(b"PK\x05\x06", 0, 0, _MAX_16, _MAX_16, _MAX_32, _MAX_32, 0)
    )  # fmt: skip
