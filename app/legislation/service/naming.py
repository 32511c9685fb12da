"""Names before anything is decided: references of new requests, and the vehicles that requests are hung on by name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from uuid import UUID

from app.db import ReadSession
from app.kernel.errors import Finding
from app.kernel.ids import new_id
from app.legislation import store
from app.legislation.domain import (
    AmendLegislativeRequest,
    Command,
    Raw,
    RecordLegislativeRequest,
    RecordVehicle,
    VehicleName,
    find_name,
    is_reference,
)


def with_references(
    session: ReadSession, commands: Sequence[Command], pointer: Callable[[int], str]
) -> tuple[list[Command], list[Finding]]:
    """The commands, each new request with a reference of its own; findings on those taken."""
    # What cannot be a reference is refused later, and must not reach the database before.
    given = {
        index: command.reference
        for index, command in enumerate(commands)
        if isinstance(command, RecordLegislativeRequest)
        and command.reference is not None
        and is_reference(command.reference)
    }
    taken = set(store.find_references(session, given.values()))
    findings: list[Finding] = []
    for index, reference in given.items():
        if reference in taken:
            detail = "Another legislative request has this reference."
            findings.append(Finding(pointer(index) + "/reference", "reference-taken", detail))
        taken.add(reference)
    return list(_named(session, commands, taken)), findings


def with_vehicles(
    session: ReadSession, commands: Sequence[Command], donors: Mapping[UUID, str]
) -> tuple[list[Command], list[RecordVehicle]]:
    """The commands, each link to a vehicle with the vehicle's id; and the vehicles that are not there yet.

    A vehicle may be named before anybody recorded it: naming it records it, so that its actions can follow.

    Args:
        session: reads which names are taken.
        commands: as given.
        donors: of the requests that are amended, by id.
    """
    links = {
        index: (donor, raw)
        for index, command in enumerate(commands)
        for donor, raw in [_links_of(command, donors)]
        if raw
    }
    found = {find_name(one, donor) for donor, raw in links.values() for one in raw}
    names = {name for name in found if name is not None}
    known = store.find_names(session, names)
    missing = [_recording(name) for name in sorted(names - set(known))]
    ids = known | {_name_of(vehicle): vehicle.vehicle_id for vehicle in missing}
    resolved = list(commands)
    for index, (donor, raw) in links.items():
        named = [_with_id(one, ids, find_name(one, donor)) for one in raw]
        resolved[index] = _with_links(commands[index], named)
    return resolved, missing


def _with_id(raw: Raw, ids: Mapping[VehicleName, UUID], name: VehicleName | None) -> Raw:
    """The link with the id of its vehicle; one that cannot be read is refused later, at its own place."""
    return raw if name is None else {**raw, "vehicle_id": ids[name]}


def _links_of(command: Command, donors: Mapping[UUID, str]) -> tuple[str, list[Raw]]:
    """The donor of a request and the links that a command gives it."""
    match command:
        case RecordLegislativeRequest(donor=donor, vehicles=vehicles):
            return donor, vehicles
        case AmendLegislativeRequest(request_id=request_id, changes=changes):
            donor = changes.get("donor") or donors.get(request_id, "")
            return donor, changes.get("vehicles") or []
        case _:
            return "", []


def _with_links(command: Command, vehicles: list[Raw]) -> Command:
    if isinstance(command, RecordLegislativeRequest):
        return replace(command, vehicles=vehicles)
    if isinstance(command, AmendLegislativeRequest):
        return replace(command, changes={**command.changes, "vehicles": vehicles})
    return command


def _recording(name: VehicleName) -> RecordVehicle:
    return RecordVehicle(
        vehicle_id=new_id(),
        jurisdiction=name.jurisdiction,
        session=name.session or None,
        identifier=name.identifier,
    )


def _name_of(command: RecordVehicle) -> VehicleName:
    return VehicleName(command.jurisdiction, command.session or "", command.identifier)


def _named(session: ReadSession, commands: Sequence[Command], taken: set[str]) -> Iterator[Command]:
    """The commands; a request that came without a reference gets one such as ``US-LR-0012``."""
    numbers = count(store.count_requests(session) + 1)
    for command in commands:
        if isinstance(command, RecordLegislativeRequest) and command.reference is None:
            yield replace(command, reference=_make_name(session, command.donor, numbers, taken))
        else:
            yield command


def _make_name(session: ReadSession, donor: str, numbers: Iterator[int], taken: set[str]) -> str:
    """A name that nobody has; somebody may have given one of this form by hand."""
    names = (f"{donor}-LR-{number:04d}" for number in numbers)
    for name in names:
        # A donor that is none will be refused later, under its own pointer.
        if not is_reference(name):
            return "refused"
        if name not in taken and not store.find_references(session, [name]):
            taken.add(name)
            return name
    raise AssertionError  # the numbers never end
