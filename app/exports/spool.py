"""Lines that a report is made of, on the disk where they are many."""

import pickle
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Final, Generic, TypeVar
from weakref import finalize
from zlib import compress, decompress

Line = TypeVar("Line")
_IN_MEMORY: Final = 8 * 2**20
_BATCH: Final = 500
# The quickest: neighbours say much alike, so it already takes most away.
_LEVEL: Final = 1


class Spool(Generic[Line]):
    """Lines in their order, written once and read as often as wanted. The file goes with the last who holds it."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- closed when nobody needs it
        finalize(self, self._file.close)
        self._ends: list[int] = []
        self._last: list[Line] = []
        self._count = 0

    def append(self, line: Line) -> None:
        """Add a line behind the others; nobody may be reading."""
        self._last.append(line)
        self._count += 1
        if len(self._last) == _BATCH:
            self._file.write(compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), _LEVEL))
            self._ends.append(self._file.tell())
            self._last = []

    def __len__(self) -> int:
        return self._count

    def __contains__(self, line: object) -> bool:
        return any(line == one for one in self)

    def __iter__(self) -> Iterator[Line]:
        start = 0
        for end in self._ends:
            self._file.seek(start)
            # Written by ourselves, into a file that nobody else can name.
            yield from pickle.loads(decompress(self._file.read(end - start)))  # noqa: S301
            start = end
        yield from self._last
