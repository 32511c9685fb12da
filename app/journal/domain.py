"""Entries: what they hold, the bytes they are stored as, and the hash that names them in the log."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from app.kernel.canonical import Json, canonical_bytes
from app.kernel.clock import format_instant, parse_instant
from app.kernel.errors import ValueRefusedError, invalid

FORMAT: Final = 1
LEAF_PREFIX: Final = b"\x00"
# C2SP tlog-tiles writes the length of an entry in 16 bits.
MAX_PAYLOAD: Final = 65_535
MAX_REVISION: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A new version of a stream that a room has decided on and the journal is to append.

    Attributes:
        stream_kind: ``pledge`` or ``legislative_request``.
        stream_id: the stream.
        version: 1 for the first entry of the stream, then without a gap.
        kind: what happened, such as ``pledge.amended``.
        reason: why, where something was changed.
        data: the facts of the event; its shape belongs to the room.
        postings: signed effects on the totals, one array each; the shape belongs to the room.
    """

    stream_kind: str
    stream_id: UUID
    version: int
    kind: str
    reason: str | None
    data: Json
    postings: list[Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One immutable record of the journal.

    Attributes:
        revision: 1, 2, 3, ... in commit order, without a gap.
        payload: canonical JSON of everything said about the entry, exactly as stored.
        leaf_hash: SHA-256 of ``0x00 || payload`` (RFC 6962 section 2.1).
    """

    revision: int
    id: UUID
    stream_kind: str
    stream_id: UUID
    version: int
    kind: str
    recorded_at: datetime
    actor: str
    reason: str | None
    payload: bytes
    leaf_hash: bytes

    def read(self) -> dict[str, Any]:
        """The payload, parsed."""
        document: dict[str, Any] = json.loads(self.payload)
        return document


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The ledger as of a revision.

    Attributes:
        recorded_at: that entry's instant; ``None`` before the first.
        is_head: whether it is the last revision.
        root: of the log's tree over the entries up to ``revision``; ``None`` where nobody asked, or it is not known.
        day: of the moment that was asked for by name; ``None`` where the question was about now. An answer about
            a named moment stays the same for ever, so it depends on nothing that moves, such as today.
        at: the instant that was asked for, where the moment was named by one: what is recorded outside of the
            journal was known by then or was not.
    """

    revision: int
    recorded_at: datetime | None
    is_head: bool
    day: date | None = None
    root: bytes | None = None
    at: datetime | None = None

    @property
    def is_named(self) -> bool:
        """Whether the moment was asked for by name, so that the answer must stay the same for ever."""
        return self.day is not None

    def as_of_now(self) -> "Snapshot":
        """The same state, as if nobody had asked for it by name."""
        return replace(self, day=None, at=None)

    def meta(self) -> dict[str, Json]:
        """What every answer says about the state that it shows.

        ``checkpoint`` is the log's at this very revision, signed or not: every later signed one continues it.
        """
        at = format_instant(self.recorded_at) if self.recorded_at else None
        meta: dict[str, Json] = {"revision": self.revision, "as_of": at}
        if self.root is not None:
            root = b64encode(self.root).decode()
            meta["checkpoint"] = {"size": self.revision, "root": root}
        return meta


@dataclass(frozen=True, slots=True)
class Call:
    """A write, as far as it can be told from others.

    Attributes:
        actor: who calls.
        key: the idempotency key; ``None`` where the call came without one.
        fingerprint: SHA-256 of method, path and body; of no account without a key.
    """

    actor: str
    key: str | None
    fingerprint: bytes

    @property
    def claim(self) -> "Claim | None":
        """What the call claims, so that it is performed once: the key, which is the actor's own."""
        return None if self.key is None else (self.actor, self.key)


Claim = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was given once and is given again for the same idempotency key."""

    status: int
    headers: Mapping[str, str]
    body: bytes


AsOf = int | datetime


def seal(
    draft: Draft, *, entry_id: UUID, revision: int, recorded_at: datetime, actor: str
) -> Entry:
    """Turn a draft into the entry of this revision.

    Raises:
        InvalidError: ``entry-too-large``, the payload is over 65,535 bytes.
    """
    payload = canonical_bytes(
        {
            "format": FORMAT,
            "revision": revision,
            "id": str(entry_id),
            "stream_kind": draft.stream_kind,
            "stream_id": str(draft.stream_id),
            "version": draft.version,
            "kind": draft.kind,
            "recorded_at": format_instant(recorded_at),
            "actor": actor,
            "reason": draft.reason,
            "data": draft.data,
            "postings": draft.postings,
        }
    )
    if len(payload) > MAX_PAYLOAD:
        raise invalid("", "entry-too-large", "One entry takes at most 65,535 bytes.")
    return Entry(
        revision=revision,
        id=entry_id,
        stream_kind=draft.stream_kind,
        stream_id=draft.stream_id,
        version=draft.version,
        kind=draft.kind,
        recorded_at=recorded_at,
        actor=actor,
        reason=draft.reason,
        payload=payload,
        leaf_hash=leaf_hash(payload),
    )


def leaf_hash(payload: bytes) -> bytes:
    """The RFC 6962 leaf hash of stored bytes."""
    return sha256(LEAF_PREFIX + payload).digest()


def parse_as_of(text: str) -> AsOf:
    """A revision such as ``1482``, or an instant with its zone.

    Raises:
        ValueRefusedError: ``invalid-as-of``.
    """
    if (
        text.isascii()
        and text.isdigit()
        and int(text[:19]) < MAX_REVISION
        and len(text) < len(str(MAX_REVISION))
    ):
        return int(text)
    try:
        return parse_instant(text)
    except ValueRefusedError:
        raise ValueRefusedError(
            "invalid-as-of",
            "A moment is a revision such as 1482 or an instant such as 2026-11-22T10:00:00Z.",
        ) from None
