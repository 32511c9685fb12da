"""How an action is written down, and read again.

What later versions of the ledger added is missing in records made before; it is then unknown.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.dates import format_span, parse_span
from app.legislation.domain.model import Action, FlagEffect, Vote
from app.legislation.domain.records.values import find_date, format_date
from app.legislation.domain.states import Flag, FlagChange, State


def action_record(action: Action) -> dict[str, Json]:
    """An action as it is stored, hashed and answered; ``read_action`` is the inverse."""
    flag = action.flag
    return {
        "id": str(action.id),
        "on": format_span(action.on),
        "time": action.time,
        "body": action.body,
        "state": action.state.value if action.state else None,
        "flag": {"name": flag.name.value, "change": flag.change.value} if flag else None,
        "text": action.text,
        "language": action.language,
        "vote": _vote_record(action.vote),
        "vehicle": action.vehicle,
        "source_url": action.source_url,
        "scheme": action.scheme,
        "code": action.code,
        "known_on": format_date(action.known),
        "substantive": action.substantive,
        "cause": str(action.cause) if action.cause else None,
        "recorded_on": action.recorded_on.isoformat(),
        "opening": action.opening,
        "withdrawn": action.withdrawn,
    }


def read_action(record: Mapping[str, Any]) -> Action:
    """The action that ``action_record`` wrote down."""
    flag, vote, state = record["flag"], record["vote"], record["state"]
    cause = record.get("cause")
    return Action(
        id=UUID(record["id"]),
        on=parse_span(record["on"]),
        time=record.get("time"),
        body=record["body"],
        state=None if state is None else State(state),
        flag=None if flag is None else FlagEffect(Flag(flag["name"]), FlagChange(flag["change"])),
        text=record["text"],
        language=record.get("language"),
        vote=None if vote is None else Vote(**vote),
        vehicle=record["vehicle"],
        source_url=record["source_url"],
        scheme=record.get("scheme"),
        code=record.get("code"),
        known=find_date(record.get("known_on")),
        substantive=record.get("substantive", True),
        cause=None if cause is None else UUID(cause),
        recorded_on=date.fromisoformat(record["recorded_on"]),
        opening=record["opening"],
        withdrawn=record["withdrawn"],
    )


def _vote_record(vote: Vote | None) -> Json:
    if vote is None:
        return None
    return {
        "yes": vote.yes,
        "no": vote.no,
        "other": vote.other,
        "roll": vote.roll,
        "chamber": vote.chamber,
        "session": vote.session,
        "question": vote.question,
    }
