"""The wire of histories: the same for every kind of stream."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.journal.domain import Snapshot
from app.journal.history import HistoryItem
from app.kernel.canonical import Json
from app.kernel.clock import format_instant


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
