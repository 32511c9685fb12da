"""Makes a request from its entries: replaying all of a stream gives its current version."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.legislation.domain.model import LegislativeRequest
from app.legislation.domain.record import read_record, request_record


def apply(
    state: LegislativeRequest | None, kind: str, data: Mapping[str, Any]
) -> LegislativeRequest:
    """The version that follows ``state`` after an entry of this kind with this data.

    Raises:
        ValueError: the entry is not one that ``decide`` makes in this state.
    """
    if kind == "legislative_request.recorded" and state is None:
        return read_record(data["legislative_request"])
    if state is None:
        message = f"{kind} cannot come first"
        raise ValueError(message)
    record: dict[str, Any] = request_record(state) | {"version": state.version + 1}
    actions: list[dict[str, Any]] = record["actions"]
    match kind:
        case "legislative_request.amended":
            changes = {name: after for name, (_before, after) in data["changes"].items()}
            return read_record(record | changes)
        case "legislative_request.action_recorded":
            actions.insert(data["position"], data["action"])
            return read_record(record)
        case "legislative_request.action_withdrawn":
            marked = [
                one | {"withdrawn": True} if one["id"] == data["action_id"] else one
                for one in actions
            ]
            return read_record(record | {"actions": marked})
        case "legislative_request.withdrawn":
            return replace(state, version=state.version + 1, withdrawn=True)
        case _:
            message = f"{kind} is not a kind of entry of a legislative request"
            raise ValueError(message)
