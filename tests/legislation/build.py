"""Small legislative requests to try the rules on."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any, Final
from uuid import UUID

from app.legislation.domain import (
    Command,
    LegislativeRequest,
    RawAction,
    RecordAction,
    RecordLegislativeRequest,
    decide,
)

TODAY: Final = date(2026, 11, 22)
LINE: Final[Mapping[str, Any]] = {"component": "military", "amount": "100.00"}
_serial: Final = count(1)


def new_uuid() -> UUID:
    return UUID(int=next(_serial))


def line(amount: str | None = "100.00", **fields: Any) -> dict[str, Any]:
    return {**LINE, "amount": amount, **fields}


def recording(**fields: Any) -> RecordLegislativeRequest:
    """An American request of 20 October 2023 for 100 dollars of military cash."""
    values: dict[str, Any] = {
        "request_id": new_uuid(),
        "opening_id": new_uuid(),
        "reference": f"US-{next(_serial)}",
        "donor": "US",
        "title": "Supplemental",
        "kind": "supplemental",
        "currency": "USD",
        "requested_on": "2023-10-20",
        "lines": [dict(LINE)],
    }
    return RecordLegislativeRequest(**{**values, **fields})


def action(on: str, state: str | None = None, **fields: Any) -> RawAction:
    text = None if state or fields else "Something happened"
    return RawAction(action_id=new_uuid(), on=on, state=state, **{"text": text, **fields})


def recorded(**fields: Any) -> LegislativeRequest:
    return decide(None, recording(**fields), TODAY).request


def change(request: LegislativeRequest, command: Command) -> LegislativeRequest:
    return decide(request, command, TODAY).request


def after(request: LegislativeRequest, *actions: RawAction) -> LegislativeRequest:
    """The request after these actions, recorded one by one."""
    for one in actions:
        request = change(request, RecordAction(request_id=request.id, action=one))
    return request
