"""The rules on vehicles: recorded, amended, and what happened to them."""

from dataclasses import replace
from datetime import date

from app.kernel.canonical import Json
from app.legislation.domain.commands import RawAction
from app.legislation.domain.course import place, place_all
from app.legislation.domain.decide.changes import (
    VehicleChange,
    field_changes,
    read_reason,
    vehicle_changed,
)
from app.legislation.domain.decide.requests import without_action
from app.legislation.domain.model import Action, Vehicle
from app.legislation.domain.reading.actions import read_action
from app.legislation.domain.reading.limits import MAX_VEHICLE_ACTIONS
from app.legislation.domain.reading.reader import Reader
from app.legislation.domain.reading.vehicles import read_name, read_vehicle_fields
from app.legislation.domain.records import action_record, vehicle_record
from app.legislation.domain.vehicle_commands import (
    AMENDABLE_OF_VEHICLE,
    AmendVehicle,
    RecordVehicle,
    RecordVehicleActions,
    VehicleCommand,
    WithdrawVehicleAction,
)
from app.legislation.errors import VehicleNotFoundError, VersionMovedError


def decide_vehicle(state: Vehicle | None, command: VehicleCommand, today: date) -> VehicleChange:
    """What ``command`` does to a vehicle; see ``decide``.

    Raises:
        InvalidError: values that cannot be accepted, each with its place.
        IllegalTransitionError: the state machine does not know the step.
        AlreadyWithdrawnError, ActionNotFoundError, VehicleNotFoundError, VersionMovedError: as they say.
    """
    if isinstance(command, RecordVehicle):
        return _record(command, today)
    if state is None:
        raise VehicleNotFoundError
    if command.expected_version is not None and command.expected_version != state.version:
        raise VersionMovedError(state.version)
    match command:
        case RecordVehicleActions():
            return _record_actions(state, command, today)
        case AmendVehicle():
            return _amend(state, command, today)
        case WithdrawVehicleAction():
            return _withdraw_action(state, command, today)
        case _:
            raise AssertionError(command)


def _record(command: RecordVehicle, today: date) -> VehicleChange:
    reader = Reader(today)
    raw = {name: getattr(command, name) for name in AMENDABLE_OF_VEHICLE}
    vehicle = Vehicle(
        id=command.vehicle_id,
        version=1,
        name=read_name(
            reader,
            "",
            {
                "jurisdiction": command.jurisdiction,
                "session": command.session,
                "identifier": command.identifier,
            },
        ),
        actions=(),
        recorded_on=today,
        **read_vehicle_fields(reader, raw),
    )
    actions = _read_actions(reader, vehicle, command.actions)
    reader.finish()
    vehicle = replace(vehicle, actions=place_all(actions))
    return vehicle_changed(vehicle, "recorded", None, {"vehicle": vehicle_record(vehicle)})


def _record_actions(state: Vehicle, command: RecordVehicleActions, today: date) -> VehicleChange:
    reader = Reader(today)
    actions = _read_actions(reader, state, command.actions)
    if not actions:
        reader.note("/actions", "nothing-changed", "Name at least one action.")
    reader.finish()
    placed = (
        place(state.actions, actions[0])
        if len(actions) == 1
        else place_all(actions, among=state.actions)
    )
    vehicle = replace(state, version=state.version + 1, actions=placed)
    data: dict[str, Json] = {
        "actions": [
            {"action": action_record(one), "position": placed.index(one)}
            for one in sorted(actions, key=placed.index)
        ]
    }
    return vehicle_changed(vehicle, "actions_recorded", None, data)


def _amend(state: Vehicle, command: AmendVehicle, today: date) -> VehicleChange:
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    before = vehicle_record(state)
    current = {name: before[name] for name in AMENDABLE_OF_VEHICLE}
    fields = read_vehicle_fields(reader, {**current, **command.changes})
    vehicle = replace(state, version=state.version + 1, **fields)
    for action in vehicle.standing_actions:
        if _is_early(vehicle, action):
            detail = "An action of this vehicle would lie before it."
            reader.note("/introduced_on", "contradicts-action", detail, action=str(action.id))
    reader.finish()
    changes = field_changes(before, vehicle_record(vehicle))
    return vehicle_changed(vehicle, "amended", reason, {"changes": changes})


def _withdraw_action(state: Vehicle, command: WithdrawVehicleAction, today: date) -> VehicleChange:
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    reader.finish()
    actions = without_action(state.actions, [command.action_id])
    vehicle = replace(state, version=state.version + 1, actions=actions)
    data: dict[str, Json] = {"action_id": str(command.action_id)}
    return vehicle_changed(vehicle, "action_withdrawn", reason, data)


def _read_actions(reader: Reader, vehicle: Vehicle, raw: list[RawAction]) -> list[Action]:
    room = MAX_VEHICLE_ACTIONS - len(vehicle.actions)
    actions: list[Action] = []
    for pointer, one in reader.several("/actions", raw, room):
        action = read_action(reader, pointer, one)
        if _is_early(vehicle, action):
            reader.note(f"{pointer}/on", "date-order", "The action lies before the vehicle itself.")
        actions.append(action)
    return actions


def _is_early(vehicle: Vehicle, action: Action) -> bool:
    return (
        action.on.is_dated
        and vehicle.introduced.is_dated
        and action.on.last < vehicle.introduced.first
    )
