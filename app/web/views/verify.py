"""The signed log as people read it: what was signed last, and the way from one entry up to it."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from app.db import ReadSession
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.kernel.errors import invalid
from app.transparency import service as transparency
from app.transparency.domain.checkpoints import PublishedCheckpoint
from app.transparency.domain.keys import VerifierKey
from app.transparency.domain.verify import climb
from app.transparency.errors import NoCheckpointError, UnverifiedError
from app.web.views.filters import View
from app.web.words import count_words, instant_words, plain_words

NAMES: Final = ("entry",)
_MOST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFacts:
    """What was signed last; hashes in base64, as in the note."""

    origin: str
    size: int
    root: str
    signed_at: str
    note: str
    key: str
    behind: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a proof: the hash beside it, on which side it stands, what both make together."""

    sibling: str
    side: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCheck:
    """One entry, and whether the checkpoint covers it.

    Attributes:
        leaf: SHA-256 of a zero byte and the entry's bytes.
        steps: from the leaf up; ``None`` where no checkpoint covers the entry.
        is_proved: whether they lead to the signed root, and the signature is that of the key shown.
    """

    revision: int
    what: str
    recorded: str
    size: int
    leaf: str
    address: str
    proof_address: str
    steps: Sequence[StepLine] | None
    is_proved: bool


def find_checkpoint(session: ReadSession) -> PublishedCheckpoint | None:
    """The newest checkpoint; ``None`` where nothing has been signed yet."""
    try:
        return transparency.get_newest_checkpoint(session)
    except NoCheckpointError:
        return None


def tell_checkpoint(signed: PublishedCheckpoint, snapshot: Snapshot) -> CheckpointFacts:
    """The checkpoint in words."""
    behind = snapshot.revision - signed.size
    return CheckpointFacts(
        origin=signed.checkpoint.origin,
        size=signed.size,
        root=_text(signed.root),
        signed_at=instant_words(signed.signed_at),
        note=signed.note,
        key=signed.vkey,
        behind=f"{count_words(behind, 'entry', 'entries')} recorded since" if behind > 0 else "",
    )


def check_entry(
    session: ReadSession, view: View, signed: PublishedCheckpoint | None, snapshot: Snapshot
) -> EntryCheck | None:
    """The entry that the view asks for, checked against the newest checkpoint; ``None`` where it asks for none.

    Raises:
        InvalidError: it is no revision, or the ledger has not reached it.
    """
    if not view.get("entry"):
        return None
    revision = _read_revision(view.get("entry"), snapshot)
    payload, _ = transparency.get_entry(session, revision)
    [entry] = journal.list_entries(session, after=revision - 1, limit=1)
    leaf = sha256(b"\0" + payload).digest()
    steps, is_proved = _prove(session, revision, leaf, signed)
    address = f"/v1/log/entries/{revision}"
    return EntryCheck(
        revision=revision,
        what=plain_words(entry.kind.replace(".", " ")),
        recorded=f"{entry.actor}, {instant_words(entry.recorded_at)}",
        size=len(payload),
        leaf=_text(leaf),
        address=address,
        proof_address=f"{address}/proof",
        steps=steps,
        is_proved=is_proved,
    )


def _read_revision(text: str, snapshot: Snapshot) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS and int(text)):
        raise invalid("?entry", "unknown-value", "An entry has a number, such as 118.")
    if int(text) > snapshot.revision:
        raise invalid("?entry", "not-in-log", f"The last entry is {snapshot.revision}.")
    return int(text)


def _prove(
    session: ReadSession, revision: int, leaf: bytes, signed: PublishedCheckpoint | None
) -> tuple[list[StepLine] | None, bool]:
    """The way from the leaf to the root, worked out anew here, and whether it arrives."""
    if signed is None or revision > signed.size:
        return None, False
    proof = transparency.prove_entry(session, revision, signed.size)
    try:
        steps = climb(leaf, proof.index, signed.size, proof.hashes)
        proof.check(leaf, [VerifierKey.parse(signed.vkey)])
    except UnverifiedError:
        return [], False
    lines = [
        StepLine(_text(one.sibling), "left" if one.is_left else "right", _text(one.value))
        for one in steps
    ]
    return lines, True


def _text(digest: bytes) -> str:
    return b64encode(digest).decode()
