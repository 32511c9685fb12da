"""Checkpoints (c2sp.org/tlog-checkpoint): which log, how many entries, and the root over them."""

import base64
import re
from dataclasses import dataclass
from typing import Final

from verifier.errors import MalformedError, MismatchError
from verifier.note import VerifierKey, decode_base64, open_note
from verifier.tree import HASH_SIZE

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log's operator signed.

    Attributes:
        origin: which log.
        size: how many entries it had: its last revision.
        root: the Merkle tree hash over them.
    """

    origin: str
    size: int
    root: bytes

    @property
    def root_text(self) -> str:
        """The root in base64, as checkpoints and cover sheets show it."""
        return base64.b64encode(self.root).decode()


def open_checkpoint(note: bytes, key: VerifierKey) -> Checkpoint:
    """Read a checkpoint and check its signature.

    Raises:
        MalformedError: it is not a checkpoint.
        MismatchError: the key did not sign it, or it is of another log than the key.
    """
    text = open_note(note, key)
    lines = text[:-1].split("\n")
    if len(lines) < _LINES or not all(lines):
        raise MalformedError("The checkpoint has not the lines origin, size and root.")
    root = decode_base64(lines[2])
    if not _SIZE.fullmatch(lines[1]) or root is None or len(root) != HASH_SIZE:
        raise MalformedError("The checkpoint's size or root cannot be read.")
    if lines[0] != key.name:
        raise MismatchError("The checkpoint is of another log than the key.")
    return Checkpoint(lines[0], int(lines[1]), root)
