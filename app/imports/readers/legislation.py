"""Our own JSON of legislative requests, with their lines, vehicles and actions."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.imports.domain.facts import Row
from app.imports.errors import UnreadableFileError

SCHEMA: Final = "aid-ledger-seed/legislative-requests/1"
# Fields that the command takes as they stand in the document.
_SAME: Final = (
    "donor", "title", "kind", "currency", "requested_on", "announced_on", "published_on", "lines",
    "vehicles", "verification",
)  # fmt: skip
_ACTION: Final = ("on", "body", "state", "flag", "text", "vote", "vehicle", "source_url")


def read_legislation(path: Path) -> list[Row]:
    """Each request of the document, by the names of the command that records it.

    Raises:
        UnreadableFileError: not JSON, or of another schema.
    """
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA:
            raise UnreadableFileError(f"{path.name} is not of the schema {SCHEMA}.")
        return [
            Row(path.name, place, one["id"], _fields(one))
            for place, one in enumerate(document["requests"], start=1)
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {type(error).__name__}.") from None


def _fields(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: raw.get(name) for name in _SAME},
        "reference": raw["id"],
        "actions": [{name: action.get(name) for name in _ACTION} for action in raw["actions"]],
        "sources": [_source(source) for source in raw["sources"]],
        "notes": _notes(raw),
        "relations": raw["relations"],
    }


def _source(raw: Mapping[str, str]) -> dict[str, str]:
    """What is not official may be the press or not: the document does not say."""
    kind = "official" if raw["level"] == "official" else "other"
    return {"url": raw["url"], "title": raw["title"], "kind": kind}


def _notes(raw: Mapping[str, Any]) -> str | None:
    """The document's own notes, and what became of the request."""
    outcome = raw["outcome"]
    parts = [raw.get("notes"), _outcome(outcome, raw["currency"]), outcome.get("note")]
    return " ".join(part for part in parts if part) or None


def _outcome(outcome: Mapping[str, Any], currency: str) -> str | None:
    if not outcome["enacted_total"] and not outcome["law_citation"]:
        return None
    total = f"{outcome['enacted_total']} {currency} in all" if outcome["enacted_total"] else ""
    return "Enacted: " + ", ".join(filter(None, (total, outcome["law_citation"]))) + "."
