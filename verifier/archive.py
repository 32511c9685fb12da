"""A zip file whose members are read whole, each within a limit; anything odd about the file is refused."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from verifier.errors import MalformedError

_ENCRYPTED: Final = 1
# What the standard library's reader raises for files that were damaged or made by hand.
_UNREADABLE: Final = (
    BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
    OverflowError,
)  # fmt: skip


class Archive:
    """An open zip file."""

    def __init__(self, packed: ZipFile) -> None:
        self._packed = packed
        self._members = {member.filename: member for member in packed.infolist()}

    @classmethod
    @contextmanager
    def open(cls, path: Path, what: str) -> Iterator[Self]:
        """Open the file for as long as the block lasts.

        Raises:
            MalformedError: it is not a zip file.
        """
        with _refusing(what):
            packed = ZipFile(path)
        with packed:
            archive = cls(packed)
            if len(archive.names) != len(packed.infolist()):
                raise MalformedError(f"{what} holds a file twice.")
            yield archive

    @property
    def names(self) -> frozenset[str]:
        """The names of all members."""
        return frozenset(self._members)

    def read(self, name: str, limit: int) -> bytes:
        """The content of a member.

        Raises:
            MalformedError: there is no such member, it is larger than ``limit`` bytes, or damaged.
        """
        member = self._members.get(name)
        if member is None:
            raise MalformedError(f"{name} is missing.")
        if not _is_plain(member) or member.file_size > limit:
            raise MalformedError(f"{name} is too large, encrypted, or packed in an unusual way.")
        with _refusing(name):
            return self._packed.read(member)


def _is_plain(member: ZipInfo) -> bool:
    usual = member.compress_type in {ZIP_STORED, ZIP_DEFLATED}
    return usual and not member.flag_bits & _ENCRYPTED


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise MalformedError(f"{what} cannot be read: {error}") from None
