"""The public facts on real requests, turned into the commands that record them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from app.kernel.ids import new_id
from app.legislation.domain import RawAction, RecordLegislativeRequest

_ROOT: Final = Path(__file__).resolve().parents[2]
_PLACES: Final = (
    _ROOT / "app" / "imports" / "facts" / "legislative_requests.json",
    _ROOT.parent / "shared" / "data" / "seed" / "legislative_requests.json",
)


def read_seed() -> list[dict[str, Any]]:
    """The requests of the document, or a skipped test where it is not at hand."""
    for path in _PLACES:
        if path.exists():
            requests: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))[
                "requests"
            ]
            return requests
    pytest.skip("the facts on legislative requests are not at hand")


def to_command(raw: Mapping[str, Any]) -> RecordLegislativeRequest:
    """One request with its whole past. Relations and outcomes have no place in the ledger yet."""
    actions = [_to_action(action) for action in raw["actions"]]
    return RecordLegislativeRequest(
        request_id=new_id(),
        opening_id=new_id(),
        reference=raw["id"],
        donor=raw["donor"],
        title=raw["title"],
        kind=raw["kind"],
        currency=raw["currency"],
        requested_on=raw.get("requested_on"),
        announced_on=raw.get("announced_on"),
        published_on=raw.get("published_on"),
        lines=raw["lines"],
        vehicles=raw["vehicles"],
        actions=actions,
        verification=raw["verification"],
        notes=raw.get("notes"),
        sources=[_to_source(source) for source in raw["sources"]],
    )


def _to_action(raw: Mapping[str, Any]) -> RawAction:
    return RawAction(
        action_id=new_id(),
        on=raw["on"],
        body=raw.get("body"),
        state=raw.get("state"),
        flag=raw.get("flag"),
        text=raw.get("text"),
        vote=raw.get("vote"),
        vehicle=raw.get("vehicle"),
        source_url=raw.get("source_url"),
    )


def _to_source(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What is not official may be the press or not: the document does not say."""
    kind = "official" if raw["level"] == "official" else "other"
    return {"url": raw["url"], "title": raw["title"], "kind": kind}
