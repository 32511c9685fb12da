"""Proofs that travel with an entry (C2SP tlog-proof), and the question that a log asks a witness (tlog-witness)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from app.transparency.domain import text64
from app.transparency.domain.checkpoints import SignedCheckpoint
from app.transparency.domain.keys import VerifierKey
from app.transparency.domain.tree import HASH_SIZE
from app.transparency.domain.verify import check_inclusion
from app.transparency.errors import MalformedError

_HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_HASHES: Final = 63
MAX_PROOF: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class EntryProof:
    """That an entry stands in a log.

    Attributes:
        index: its place from 0: the revision less one.
        hashes: from the leaf's sibling up.
        note: the checkpoint, verbatim.
        extra: whatever the application adds; nobody signed it.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: str
    extra: bytes | None = None

    @property
    def text(self) -> str:
        """The proof as a file."""
        lines = [_HEADER]
        if self.extra is not None:
            lines.append(f"extra {text64.encode(self.extra)}")
        lines += [f"index {self.index}", *map(text64.encode, self.hashes), "", self.note]
        return "\n".join(lines)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a proof; nothing is verified.

        Raises:
            MalformedError: it is none.
        """
        if len(raw) > MAX_PROOF:
            raise MalformedError("The proof is too long.")
        try:
            head, blank, note = raw.decode("utf-8").partition("\n\n")
        except UnicodeDecodeError:
            raise MalformedError("A proof is UTF-8.") from None
        header, *lines = head.split("\n")
        if header != _HEADER or not blank:
            raise MalformedError("A proof starts with its header and ends with a checkpoint.")
        extra = text64.decode(_after("extra ", lines)) if lines[:1] and _has_extra(lines) else None
        index = text64.read_count(_after("index ", lines))
        if len(lines) > MAX_HASHES:
            raise MalformedError(f"A proof has at most {MAX_HASHES} hashes.")
        hashes = tuple(text64.decode(line, size=HASH_SIZE) for line in lines)
        SignedCheckpoint.read(note.encode())
        return cls(index, hashes, note, extra)

    def check(self, leaf: bytes, keys: Iterable[VerifierKey]) -> SignedCheckpoint:
        """Make sure that the entry with this leaf hash stands in a log that one of the keys signs for.

        Raises:
            MalformedError, UnverifiedError: it is not proved.
        """
        signed = SignedCheckpoint.open(self.note.encode(), keys)
        checkpoint = signed.checkpoint
        check_inclusion(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root)
        return signed


@dataclass(frozen=True, slots=True)
class ContinuationProof:
    """That the log of a checkpoint begins with the log as it was earlier.

    Attributes:
        old_size: of the log as it was.
        hashes: the consistency proof (RFC 6962 section 2.1.2).
        note: the later checkpoint, verbatim.
    """

    old_size: int
    hashes: tuple[bytes, ...]
    note: str

    @property
    def text(self) -> str:
        """What a log posts to a witness's ``add-checkpoint`` (tlog-witness)."""
        return "\n".join([f"old {self.old_size}", *map(text64.encode, self.hashes), "", self.note])


def _has_extra(lines: list[str]) -> bool:
    return lines[0].startswith("extra ")


def _after(word: str, lines: list[str]) -> str:
    """What follows the word on the next line, which is used up."""
    if not lines or not lines[0].startswith(word):
        raise MalformedError(f"A line of the proof starts with '{word.strip()}'.")
    return lines.pop(0).removeprefix(word)
