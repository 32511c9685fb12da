"""Turns pledges and histories into what we answer."""

from collections.abc import Mapping
from typing import Any

from app.journal.domain import Snapshot
from app.kernel.canonical import Json
from app.kernel.clock import format_instant
from app.pledges.domain import (
    StoredPledge,
)
from app.pledges.schemas.shapes import PledgeOut
from app.pledges.service import HistoryItem


def pledge_json(stored: StoredPledge) -> dict[str, Any]:
    """A pledge as it is answered; its shape is ``PledgeOut``."""
    document: Mapping[str, Any] = stored.document
    shown = {name: document[name] for name in PledgeOut.model_fields if name in document}
    return shown | {
        "revision": stored.revision,
        "recorded_at": format_instant(stored.recorded_at),
        "status": stored.status,
        "stages": stored.stages,
    }


def history_json(items: list[HistoryItem], snapshot: Snapshot) -> dict[str, Json]:
    """A history as it is answered; its shape is ``HistoryOut``."""
    return {
        "data": [_history_item(item) for item in items],
        "next_cursor": None,
        "meta": snapshot.meta(),
    }


def _history_item(item: HistoryItem) -> Json:
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
