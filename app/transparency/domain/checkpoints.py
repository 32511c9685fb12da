"""Checkpoints (C2SP tlog-checkpoint): the size and the root of a log, signed by the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from app.transparency.domain import text64
from app.transparency.domain.keys import SigningKey, VerifierKey
from app.transparency.domain.notes import open_note, sign_note, split_note
from app.transparency.domain.tree import EMPTY_ROOT, HASH_SIZE
from app.transparency.errors import MalformedError, UnverifiedError

_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself.

    Attributes:
        origin: which log; the name of its key.
        size: how many entries it has.
        root: 32 bytes, the root of the tree over them.
        extensions: further lines of the text; opaque, and never made by us.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text of the note."""
        lines = (self.origin, str(self.size), text64.encode(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a note.

        Raises:
            MalformedError: it is no checkpoint.
        """
        lines = text.removesuffix("\n").split("\n")
        if not text.endswith("\n") or len(lines) < _LINES or not all(lines):
            raise MalformedError("A checkpoint is an origin, a size and a root, each on a line.")
        origin, size, root, *extensions = lines
        checkpoint = cls(
            origin, text64.read_count(size), text64.decode(root, size=HASH_SIZE), tuple(extensions)
        )
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise MalformedError("The root of an empty log is another.")
        return checkpoint


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with the note that says so, verbatim."""

    checkpoint: Checkpoint
    note: str

    @classmethod
    def sign(cls, size: int, root: bytes, key: SigningKey) -> Self:
        """The checkpoint of the log that bears the key's name."""
        checkpoint = Checkpoint(key.name, size, root)
        return cls(checkpoint, sign_note(checkpoint.text, key))

    @classmethod
    def open(cls, raw: bytes, keys: Iterable[VerifierKey]) -> Self:
        """Read a checkpoint that its own log signed with one of these keys; others may have signed too.

        Raises:
            MalformedError: it is no checkpoint.
            UnverifiedError: no key of the checkpoint's origin signed it.
        """
        note = open_note(raw, keys)
        checkpoint = Checkpoint.parse(note.text)
        if all(key.name != checkpoint.origin for key in note.signers):
            raise UnverifiedError("The log itself did not sign the checkpoint.")
        return cls(checkpoint, raw.decode())

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read a checkpoint from a place that is trusted as it is; no signature is checked.

        Raises:
            MalformedError: it is no checkpoint.
        """
        text, _ = split_note(raw)
        return cls(Checkpoint.parse(text), raw.decode())


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """A checkpoint as the ledger publishes it.

    Attributes:
        size: how many entries it covers.
        root: 32 bytes.
        note: the signed note, verbatim.
        vkey: the key that signed it.
        signed_at: when.
    """

    size: int
    root: bytes
    note: str
    vkey: str
    signed_at: datetime

    @property
    def checkpoint(self) -> Checkpoint:
        """What it says."""
        return SignedCheckpoint.read(self.note.encode()).checkpoint
