"""The only way in: commands on legislative requests and vehicles are decided on and recorded, all or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.db import ReadSession, WriteSession
from app.journal import service as journal
from app.journal.domain import Draft, Entry
from app.kernel.clock import Clock
from app.kernel.errors import Finding, InvalidError
from app.legislation import store
from app.legislation.domain import (
    STREAM_KIND,
    VEHICLE_STREAM,
    Change,
    Command,
    LegislativeRequest,
    RecordLegislativeRequest,
    RecordRelation,
    RecordVehicle,
    Vehicle,
    VehicleChange,
    VehicleCommand,
    VehicleName,
    WithdrawRelation,
    decide,
    decide_vehicle,
    endings,
)
from app.legislation.errors import VehicleExistsError
from app.legislation.service.naming import with_references, with_vehicles
from app.legislation.store import StoredRequest, StoredVehicle

Pointer = Callable[[int], str]
States = dict[UUID, LegislativeRequest]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A command on a request that was accepted: the newest version of the request, and the entry that made it."""

    stored: StoredRequest
    entry: Entry

    @property
    def request(self) -> LegislativeRequest:
        """The request as it is now."""
        return self.stored.request


@dataclass(frozen=True, slots=True)
class RecordedVehicle:
    """A command on a vehicle that was accepted, with the entry that says so."""

    stored: StoredVehicle
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A command on a request that would be accepted.

    Attributes:
        before: the request as it is; ``None`` for a new one.
        after: as it would be.
        vehicles: those that would be recorded with it, because it names them first.
    """

    before: LegislativeRequest | None
    after: LegislativeRequest
    vehicles: tuple[Vehicle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclePreview:
    """A command on a vehicle that would be accepted: the vehicle as it is, ``None`` for a new one, and then."""

    before: Vehicle | None
    after: Vehicle


def _whole(_index: int) -> str:
    return ""


def record(
    session: WriteSession,
    commands: Sequence[Command],
    *,
    actor: str,
    clock: Clock,
    pointer: Pointer = _whole,
) -> list[Recorded]:
    """Record a batch of commands on requests, all or nothing.

    Vehicles that they name and nobody recorded yet are recorded with them; a relation that ends a
    request records that end.

    Args:
        session: the transaction; the caller commits it.
        commands: in the order in which they are to take effect.
        actor: who records.
        clock: tells the instant of recording.
        pointer: where the command of this index stands in the caller's document.

    Raises:
        InvalidError: what is wrong with any of the commands, all of it.
        ConflictError, NotFoundError, VersionMovedError: the first command that the state does not
            allow.
    """
    head = journal.lock(session, clock)
    _, states, changes = _decide_all(session, commands, head.now.date(), pointer)
    entries = _append(session, head, changes, actor)
    newest = {entry.stream_id: entry for entry in entries}
    carrying = store.load_vehicles(session, [states[one.request_id] for one in commands])
    return [
        Recorded(
            _stored(states[one.request_id], newest[one.request_id], carrying),
            newest[one.request_id],
        )
        for one in commands
    ]


def preview(session: ReadSession, command: Command, *, clock: Clock) -> Preview:
    """What ``record`` would do with this command now: nothing is written, nobody waits for it.

    Raises:
        InvalidError, ConflictError, NotFoundError, VersionMovedError: as ``record`` would.
    """
    before, after, changes = _decide_all(session, [command], clock.today(), _whole)
    return Preview(
        before=before.get(command.request_id),
        after=after[command.request_id],
        vehicles=tuple(one.vehicle for one in changes if isinstance(one, VehicleChange)),
    )


def record_vehicles(
    session: WriteSession,
    commands: Sequence[VehicleCommand],
    *,
    actor: str,
    clock: Clock,
    pointer: Pointer = _whole,
) -> list[RecordedVehicle]:
    """Record a batch of commands on vehicles, all or nothing; see ``record``.

    Raises:
        VehicleExistsError: a new vehicle has the name of one that is there.
        InvalidError, ConflictError, NotFoundError, VersionMovedError: as ``record``.
    """
    head = journal.lock(session, clock)
    _, changes = _decide_vehicles(session, commands, head.now.date(), pointer)
    entries = _append(session, head, changes, actor)
    return [
        RecordedVehicle(_stored_vehicle(change.vehicle, entry), entry)
        for change, entry in zip(changes, entries, strict=True)
    ]


def preview_vehicle(
    session: ReadSession, command: VehicleCommand, *, clock: Clock
) -> VehiclePreview:
    """What ``record_vehicles`` would do with this command now; see ``preview``.

    Raises:
        VehicleExistsError, InvalidError, ConflictError, NotFoundError, VersionMovedError: as it would.
    """
    before, [change] = _decide_vehicles(session, [command], clock.today(), _whole)
    return VehiclePreview(before=before.get(command.vehicle_id), after=change.vehicle)


def _decide_vehicles(
    session: ReadSession, commands: Sequence[VehicleCommand], today: date, pointer: Pointer
) -> tuple[dict[UUID, Vehicle], list[VehicleChange]]:
    """The vehicles that the commands name as they are, and the changes of all commands.

    Raises:
        VehicleExistsError: a new vehicle has the name of one that is there.
        InvalidError: what is wrong with any of the commands.
    """
    _check_names(session, commands)
    ids = {one.vehicle_id for one in commands if not isinstance(one, RecordVehicle)}
    before = {key: one.vehicle for key, one in store.load_vehicle_states(session, ids).items()}
    states: dict[UUID, Vehicle] = dict(before)
    changes: list[VehicleChange] = []
    findings: list[Finding] = []
    for index, command in enumerate(commands):
        try:
            change = decide_vehicle(states.get(command.vehicle_id), command, today)
        except InvalidError as refused:
            findings += [finding.under(pointer(index)) for finding in refused.findings]
            continue
        states[command.vehicle_id] = change.vehicle
        changes.append(change)
    if findings:
        raise InvalidError(findings)
    return before, changes


def _decide_all(
    session: ReadSession, commands: Sequence[Command], today: date, pointer: Pointer
) -> tuple[States, States, list[Change | VehicleChange]]:
    """The states that the commands name, as they are and as they would be, and all changes that this takes.

    Raises:
        InvalidError: what is wrong with any of the commands.
    """
    named, findings = with_references(session, commands, pointer)
    before = store.load_states(session, _ids_of(named))
    others = {one.other_id for state in before.values() for one in state.relations}
    before |= store.load_states(session, others - set(before))
    donors = {request_id: state.donor for request_id, state in before.items()}
    resolved, vehicles = with_vehicles(session, named, donors)
    states = dict(before)
    changes: list[Change | VehicleChange] = []
    for index, command in enumerate(resolved):
        try:
            changes += _decide(states, command, today)
        except InvalidError as refused:
            findings += [finding.under(pointer(index)) for finding in refused.findings]
    if findings:
        raise InvalidError(findings)
    changes[:0] = [decide_vehicle(None, vehicle, today) for vehicle in vehicles]
    return before, states, changes


def _decide(states: dict[UUID, LegislativeRequest], command: Command, today: date) -> list[Change]:
    """The change that a command makes, and those that follow from it; ``states`` follows."""
    change = decide(states.get(command.request_id), command, today)
    states[command.request_id] = change.request
    changes = [change]
    if isinstance(command, RecordRelation | WithdrawRelation):
        for ending in endings(command, states):
            changes += _decide(states, ending, today)
    return changes


def _ids_of(commands: Sequence[Command]) -> set[UUID]:
    """The requests that commands change or look at."""
    ids = {one.request_id for one in commands if not isinstance(one, RecordLegislativeRequest)}
    return ids | {one.other_id for one in commands if isinstance(one, RecordRelation)}


def _check_names(session: ReadSession, commands: Sequence[VehicleCommand]) -> None:
    """Refuse new vehicles of which the name is taken.

    Raises:
        VehicleExistsError: there is one.
    """
    new = [
        (VehicleName(one.jurisdiction, one.session or "", one.identifier), one.vehicle_id)
        for one in commands
        if isinstance(one, RecordVehicle)
    ]
    taken = store.find_names(session, [name for name, _ in new])
    for name, vehicle_id in new:
        if name in taken:
            raise VehicleExistsError(taken[name])
        taken[name] = vehicle_id


def _append(
    session: WriteSession,
    head: journal.Head,
    changes: Sequence[Change | VehicleChange],
    actor: str,
) -> list[Entry]:
    entries = journal.append(session, head, [_draft(change) for change in changes], actor=actor)
    both = list(zip(changes, entries, strict=True))
    of_requests = [(one, entry) for one, entry in both if isinstance(one, Change)]
    of_vehicles = [(one, entry) for one, entry in both if isinstance(one, VehicleChange)]
    store.project(session, [one for one, _ in of_requests], [entry for _, entry in of_requests])
    store.project_vehicles(
        session, [one for one, _ in of_vehicles], [entry for _, entry in of_vehicles]
    )
    return entries


def _draft(change: Change | VehicleChange) -> Draft:
    of_request = isinstance(change, Change)
    stream = change.request if isinstance(change, Change) else change.vehicle
    return Draft(
        stream_kind=STREAM_KIND if of_request else VEHICLE_STREAM,
        stream_id=stream.id,
        version=stream.version,
        kind=change.kind,
        reason=change.reason,
        data=change.data,
        postings=[],  # what is only asked for is in no total of pledges
    )


def _stored(
    request: LegislativeRequest, entry: Entry, vehicles: dict[UUID, StoredVehicle]
) -> StoredRequest:
    return store.stored_request(request, vehicles, entry.revision, entry.recorded_at)


def _stored_vehicle(vehicle: Vehicle, entry: Entry) -> StoredVehicle:
    return StoredVehicle(vehicle=vehicle, revision=entry.revision, recorded_at=entry.recorded_at)
