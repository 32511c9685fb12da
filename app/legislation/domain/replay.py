"""Makes a request or a vehicle from its entries: replaying all of a stream gives its current version."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from app.kernel.canonical import Json
from app.legislation.domain.model import LegislativeRequest, Vehicle
from app.legislation.domain.records import (
    read_record,
    read_vehicle,
    request_record,
    vehicle_record,
)

Record = dict[str, Any]
Data = Mapping[str, Any]


def apply(state: LegislativeRequest | None, kind: str, data: Data) -> LegislativeRequest:
    """The version that follows ``state`` after an entry of this kind with this data.

    Raises:
        ValueError: the entry is not one that ``decide`` makes in this state.
    """
    if kind == "legislative_request.recorded" and state is None:
        return read_record(data["legislative_request"])
    if state is not None and kind == "legislative_request.withdrawn":
        return replace(state, version=state.version + 1, withdrawn=True)
    step = _STEPS.get(kind.removeprefix("legislative_request."))
    if state is None or step is None:
        raise _unknown(kind, "a legislative request")
    record: Record = request_record(state) | {"version": state.version + 1}
    step(record, data)
    return read_record(record)


def apply_to_vehicle(state: Vehicle | None, kind: str, data: Data) -> Vehicle:
    """The version that follows ``state`` after an entry of this kind with this data.

    Raises:
        ValueError: the entry is not one that ``decide_vehicle`` makes in this state.
    """
    if kind == "vehicle.recorded" and state is None:
        return read_vehicle(data["vehicle"])
    step = _VEHICLE_STEPS.get(kind.removeprefix("vehicle."))
    if state is None or step is None:
        raise _unknown(kind, "a vehicle")
    record: Record = vehicle_record(state) | {"version": state.version + 1}
    step(record, data)
    return read_vehicle(record)


def _unknown(kind: str, what: str) -> ValueError:
    return ValueError(f"{kind} is not a kind of entry of {what}, or cannot come here")


def _amend(record: Record, data: Data) -> None:
    record |= {name: after for name, (_before, after) in data["changes"].items()}


def _record_action(record: Record, data: Data) -> None:
    record["actions"].insert(data["position"], data["action"])


def _record_actions(record: Record, data: Data) -> None:
    for one in data["actions"]:
        record["actions"].insert(one["position"], one["action"])


def _withdraw_action(record: Record, data: Data) -> None:
    _mark(record, "actions", data["action_id"])


def _enact(record: Record, data: Data) -> None:
    record["enactments"].append(data["enactment"])
    if data["action"] is not None:
        record["actions"].insert(data["position"], data["action"])


def _amend_enacted_line(record: Record, data: Data) -> None:
    _before, after = data["lines"]
    record["enactments"] = [
        one | {"lines": after} if one["id"] == data["enactment_id"] else one
        for one in record["enactments"]
    ]


def _withdraw_enactment(record: Record, data: Data) -> None:
    _mark(record, "enactments", data["enactment_id"])
    for action_id in data["action_ids"]:
        _mark(record, "actions", action_id)


def _append(part: str, name: str) -> Callable[[Record, Data], None]:
    return lambda record, data: record[part].append(data[name])


def _withdraw(part: str, name: str) -> Callable[[Record, Data], None]:
    return lambda record, data: _mark(record, part, data[name])


def _mark(record: Record, part: str, part_id: Json) -> None:
    record[part] = [
        one | {"withdrawn": True} if one["id"] == part_id else one for one in record[part]
    ]


_STEPS: Final[Mapping[str, Callable[[Record, Data], None]]] = {
    "amended": _amend,
    "action_recorded": _record_action,
    "action_withdrawn": _withdraw_action,
    "enacted": _enact,
    "enacted_line_amended": _amend_enacted_line,
    "enactment_withdrawn": _withdraw_enactment,
    "funding_recorded": _append("funding", "funding"),
    "funding_withdrawn": _withdraw("funding", "funding_id"),
    "relation_recorded": _append("relations", "relation"),
    "relation_withdrawn": _withdraw("relations", "relation_id"),
    "dependency_recorded": _append("dependencies", "dependency"),
    "dependency_withdrawn": _withdraw("dependencies", "dependency_id"),
}
_VEHICLE_STEPS: Final[Mapping[str, Callable[[Record, Data], None]]] = {
    "amended": _amend,
    "actions_recorded": _record_actions,
    "action_withdrawn": _withdraw_action,
}
