"""Turns pledges and histories into what we answer."""

from collections.abc import Mapping
from typing import Any

from app.kernel.clock import format_instant
from app.pledges.domain import (
    StoredPledge,
)
from app.pledges.schemas.shapes import PledgeOut


def pledge_json(stored: StoredPledge) -> dict[str, Any]:
    """A pledge as it is answered; its shape is ``PledgeOut``."""
    document: Mapping[str, Any] = stored.document
    shown = {name: document[name] for name in PledgeOut.model_fields if name in document}
    return shown | {
        "items": document.get("items", []),
        "revision": stored.revision,
        "recorded_at": format_instant(stored.recorded_at),
        "status": stored.status,
        "stages": stored.stages,
    }
