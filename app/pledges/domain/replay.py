"""Makes a pledge from its entries: replaying all of a stream gives its current version."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.pledges.domain.model import Pledge, pledge_record, read_record


def apply(state: Pledge | None, kind: str, data: Mapping[str, Any]) -> Pledge:
    """The version that follows ``state`` after an entry of this kind with this data.

    Raises:
        ValueError: the entry is not one that ``decide`` makes in this state.
    """
    if kind == "pledge.recorded" and state is None:
        return read_record(data["pledge"])
    if state is None:
        message = f"{kind} cannot come first"
        raise ValueError(message)
    record = pledge_record(state) | {"version": state.version + 1}
    match kind:
        case "pledge.amended":
            changes = {name: after for name, (_before, after) in data["changes"].items()}
            return read_record(record | changes)
        case "pledge.movement_recorded":
            return read_record(record | {"movements": [*_movements(record), data["movement"]]})
        case "pledge.movement_withdrawn":
            movements = [
                one | {"withdrawn": True} if one["id"] == data["movement_id"] else one
                for one in _movements(record)
            ]
            return read_record(record | {"movements": movements})
        case "pledge.withdrawn":
            return replace(state, version=state.version + 1, withdrawn=True)
        case _:
            message = f"{kind} is not a kind of entry of a pledge"
            raise ValueError(message)


def _movements(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    movements: list[dict[str, Any]] = record["movements"]
    return movements
