"""A bundle: a ledger up to a checkpoint, in one zip file. The format is described in docs/verify-bundle.md."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

from verifier.archive import Archive
from verifier.errors import MalformedError
from verifier.note import MAX_NOTE
from verifier.strict_json import parse_json
from verifier.tree import HASH_SIZE

FORMAT: Final = "aidledger-bundle/1"
TILE: Final = 256
MANIFEST: Final = "manifest.json"
CHECKPOINT: Final = "checkpoint"
RATES: Final = "rates.csv"
TOTALS: Final = "totals.json"
_MAX_ENTRY: Final = 65_535
_LENGTH: Final = 2
_LIMITS: Final = {
    CHECKPOINT: MAX_NOTE,
    RATES: 64 * 2**20,
    TOTALS: 256 * 2**20,
}
_MANIFEST_LIMIT: Final = 1_000_000
_MEMBERS: Final = {"format", "origin", "revision", "signed_at", "rates_until", "files"}
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the bundle says of itself. None of it is trusted; all of it must agree with the rest.

    Attributes:
        origin: which log.
        revision: the last entry.
        signed_at: when the checkpoint was signed, ISO 8601; the operator says so, and nobody else.
        rates_until: the last day with an exchange rate that the ledger held; ``None`` where it held none.
        digests: SHA-256 of the other files, the entries left out, in hexadecimal.
    """

    origin: str
    revision: int
    signed_at: str
    rates_until: date | None
    digests: dict[str, str]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry as it stands in the bundle: its place, its bytes, and the hash that the ledger keeps of them."""

    revision: int
    payload: bytes
    claimed_hash: bytes


class Bundle:
    """An open bundle."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.manifest = _read_manifest(archive.read(MANIFEST, _MANIFEST_LIMIT))
        expected = set(_member_names(self.manifest.revision, len(archive.names)))
        for name in sorted(archive.names ^ expected):
            raise MalformedError(
                f"{name} is missing." if name in expected else f"{name} does not belong here."
            )

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open the bundle for as long as the block lasts.

        Raises:
            MalformedError: it is not a bundle.
        """
        with Archive.open(path, "The bundle") as archive:
            yield cls(archive)

    def read(self, name: str) -> bytes:
        """The checkpoint, the rates or the totals.

        Raises:
            MalformedError: the file is not the one that the manifest describes.
        """
        content = self._archive.read(name, _LIMITS[name])
        if sha256(content).hexdigest() != self.manifest.digests[name]:
            raise MalformedError(f"{name} is not the file that the manifest describes.")
        return content

    def leaves(self) -> Iterator[Leaf]:
        """All entries, in order.

        Raises:
            MalformedError: a file of entries or of hashes is not of its format.
        """
        revision = 0
        for index, width in _tiles(self.manifest.revision):
            name = entries_name(index, width)
            packed = self._archive.read(name, TILE * (_LENGTH + _MAX_ENTRY))
            hashes = self._archive.read(hashes_name(index, width), TILE * HASH_SIZE)
            if len(hashes) != width * HASH_SIZE:
                raise MalformedError(f"{hashes_name(index, width)} does not hold {width} hashes.")
            for place, payload in enumerate(_unpack(packed, width, name)):
                revision += 1
                start = place * HASH_SIZE
                yield Leaf(revision, payload, hashes[start : start + HASH_SIZE])


def entries_name(index: int, width: int) -> str:
    """The name of a file of entries, as tlog-tiles calls it: ``tile/entries/x001/234.p/17``."""
    return f"tile/entries/{_tile_number(index)}{_partial(width)}"


def hashes_name(index: int, width: int) -> str:
    """The name of a file of leaf hashes: ``tile/0/x001/234.p/17``."""
    return f"tile/0/{_tile_number(index)}{_partial(width)}"


def _tile_number(index: int) -> str:
    text = f"{index % 1000:03d}"
    while index >= 1000:  # noqa: PLR2004 -- three digits a part
        index //= 1000
        text = f"x{index % 1000:03d}/{text}"
    return text


def _partial(width: int) -> str:
    return "" if width == TILE else f".p/{width}"


def _tiles(size: int) -> Iterator[tuple[int, int]]:
    """Index and width of each tile."""
    for start in range(0, size, TILE):
        yield start // TILE, min(TILE, size - start)


def _member_names(size: int, found: int) -> Iterator[str]:
    """The names of all files of a bundle, where there are as many as ``found``."""
    files = (MANIFEST, *_LIMITS)
    # Before a forged size makes us count to a billion.
    if found != len(files) + 2 * -(-size // TILE):
        raise MalformedError("The bundle has not as many files as its manifest says.")
    yield from files
    for index, width in _tiles(size):
        yield entries_name(index, width)
        yield hashes_name(index, width)


def _unpack(packed: bytes, width: int, name: str) -> Iterator[bytes]:
    start = 0
    for _ in range(width):
        body = start + _LENGTH
        end = body + int.from_bytes(packed[start:body])
        if body > len(packed) or end > len(packed):
            raise MalformedError(f"{name} ends within an entry.")
        yield packed[body:end]
        start = end
    if start != len(packed):
        raise MalformedError(f"{name} holds more than {width} entries.")


def _read_manifest(data: bytes) -> Manifest:
    try:
        document = parse_json(data)
        return _manifest(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MalformedError(f"{MANIFEST} cannot be read.") from None


def _manifest(document: dict[str, Any]) -> Manifest:
    origin, revision, signed_at = document["origin"], document["revision"], document["signed_at"]
    until, files = document["rates_until"], document["files"]
    if document["format"] != FORMAT or set(document) != _MEMBERS:
        raise ValueError("another format")
    if type(revision) is not int or not 0 <= revision < 2**62 or not isinstance(origin, str):
        raise ValueError("no origin or revision")
    if set(files) != set(_LIMITS) or not all(_SHA256.fullmatch(one) for one in files.values()):
        raise ValueError("no digests")
    if datetime.fromisoformat(signed_at).tzinfo is None:
        raise ValueError("no instant")
    return Manifest(
        origin, revision, signed_at, None if until is None else date.fromisoformat(until), files
    )
