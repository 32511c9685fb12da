"""The wire of entries and of histories: the same for every kind of stream."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.journal.domain import Entry, Snapshot
from app.journal.history import HistoryItem
from app.kernel.canonical import Json
from app.kernel.clock import format_instant


class EntryOut(BaseModel):
    """One immutable record: its canonical payload, parsed, and the hash of the stored bytes."""

    revision: int
    id: str
    stream_kind: str
    stream_id: str
    version: int
    kind: str
    recorded_at: str
    actor: str
    reason: str | None
    data: dict[str, Any]
    postings: list[Any] = Field(
        description="stage, first day, last day, valuation day, donor, aid type, instrument, currency, amount,"
        " pledges, unvalued, implied"
    )
    leaf_hash: str = Field(
        description="SHA-256 of 0x00 and the stored bytes, hexadecimal (RFC 6962)."
    )


class EntryPageOut(BaseModel):
    """Entries in commit order. ``next_cursor`` is the ``after`` of the next page."""

    data: list[EntryOut]
    next_cursor: str | None
    meta: dict[str, Any]


class ChangeOut(BaseModel):
    """One field, before and after; parts of lists are named `lines/0` and `movements/{id}`."""

    field: str
    before: Any
    after: Any


class HistoryItemOut(BaseModel):
    """An entry of the journal, as part of a history."""

    version: int
    revision: int
    entry_id: UUID
    kind: str
    recorded_at: str
    actor: str
    reason: str | None
    changes: list[ChangeOut]
    leaf_hash: str


class HistoryOut(BaseModel):
    """All entries of one record, oldest first."""

    data: list[HistoryItemOut]
    next_cursor: None
    meta: dict[str, Any]


def entry_json(entry: Entry) -> dict[str, Any]:
    """An entry as it is answered; its shape is ``EntryOut``."""
    document = entry.read()
    del document["format"]
    return {**document, "leaf_hash": entry.leaf_hash.hex()}


def history_json(items: Sequence[HistoryItem], snapshot: Snapshot) -> dict[str, Json]:
    """A history as it is answered; its shape is ``HistoryOut``."""
    data: list[Json] = [_item_json(item) for item in items]
    return {"data": data, "next_cursor": None, "meta": snapshot.meta()}


def _item_json(item: HistoryItem) -> Json:
    entry = item.entry
    return {
        "version": entry.version,
        "revision": entry.revision,
        "entry_id": str(entry.id),
        "kind": entry.kind,
        "recorded_at": format_instant(entry.recorded_at),
        "actor": entry.actor,
        "reason": entry.reason,
        "changes": [
            {"field": name, "before": before, "after": after}
            for name, (before, after) in item.changes.items()
        ],
        "leaf_hash": entry.leaf_hash.hex(),
    }
