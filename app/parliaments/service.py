"""What one can do with the files of a parliament: see what they would record, and record it, all or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from app.db import WriteSession
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.kernel.clock import Clock
from app.kernel.errors import InvalidError
from app.kernel.ids import new_id
from app.legislation import service as legislation
from app.legislation.domain import RecordVehicle, RecordVehicleActions, Vehicle, VehicleName
from app.legislation.domain import VehicleCommand as Command
from app.legislation.errors import IllegalTransitionError, VersionMovedError
from app.parliaments.domain.actions import Reading, ReportedAction
from app.parliaments.domain.comparing import Compared, Outcome, compare
from app.parliaments.domain.places import FileFinding, Place
from app.parliaments.domain.recording import commands_for, raw_action
from app.parliaments.domain.report import ImportReport
from app.parliaments.domain.suggesting import suggest

_ACTION: Final = re.compile(r"/(\d+)/actions/(\d+)")


def import_actions(
    session: WriteSession,
    reading: Reading,
    *,
    vehicle: VehicleName | UUID | None = None,
    expected_version: int | None = None,
    actor: str,
    clock: Clock,
    dry_run: bool = False,
) -> ImportReport:
    """Record what is new in files about one vehicle; leave what is there as it is, and say where it differs.

    All or nothing: where ``revision`` of the report is ``None``, nothing may stay of the transaction. A second time
    nothing is new.

    Args:
        session: the transaction; the caller commits it, or rolls it back.
        reading: what the files say. They are read before the transaction begins, which would be held up by them.
        vehicle: by name, needed where the files do not name it and never against them; or the id of one that is there.
        expected_version: of the vehicle, if whoever hands the files in has seen one.
        actor: who records.
        clock: tells the instant of recording.
        dry_run: say what would be recorded.

    Raises:
        VehicleNotFoundError: there is none with this id.
        VersionMovedError: the vehicle is at another version than ``expected_version``.
    """
    # With the lock in hand, nobody changes the vehicle between the comparison and the recording.
    now = journal.lock(session, clock).now
    snapshot = journal.read_snapshot(session, None, now=now)
    name, held, findings = _find_vehicle(session, reading, vehicle, snapshot)
    if held and expected_version not in {None, held.version}:
        raise VersionMovedError(held.version)
    report = ImportReport(
        vehicle=name,
        vehicle_id=held.id if held else None,
        dry_run=dry_run,
        repeats=reading.repeats,
        findings=tuple(findings),
    )
    if name is None or findings:
        return report
    proposal = _propose(held, name, reading, now.date())
    revision, refused = _record(session, proposal, reading.source, actor, clock)
    report = replace(
        report,
        is_new=held is None,
        compared=tuple(proposal.compared),
        findings=tuple(refused),
        suggestions=tuple(suggest(held, reading.vehicle, proposal.new.values())),
    )
    if revision is None or dry_run:
        return report
    return replace(report, vehicle_id=proposal.vehicle_id, revision=revision)


def _find_vehicle(
    session: WriteSession,
    reading: Reading,
    wanted: VehicleName | UUID | None,
    snapshot: Snapshot,
) -> tuple[VehicleName | None, Vehicle | None, Sequence[FileFinding]]:
    """Name and vehicle, where it is there; no name where neither the files nor ``wanted`` settle it."""
    if isinstance(wanted, UUID):
        wanted = legislation.get_vehicle(session, wanted, snapshot).vehicle.name
    name, findings = _find_name(reading, wanted)
    stored = legislation.find_vehicle(session, name, snapshot) if name else None
    return name, stored.vehicle if stored else None, findings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    """What would be recorded.

    Attributes:
        new: the actions that would be, by the ids that they would have.
    """

    vehicle_id: UUID
    compared: list[Compared]
    new: dict[UUID, ReportedAction]
    commands: list[Command]

    def find_place(self, pointer: str) -> Place | None:
        """Where in the files the action stands that a finding of the ledger is about; ``None`` for anything else."""
        found = _ACTION.match(pointer)
        if found is None:
            return None
        match self.commands[int(found[1])]:
            case RecordVehicle(actions=actions) | RecordVehicleActions(actions=actions):
                return self.new[actions[int(found[2])].action_id].place
            case _:
                return None


def _find_name(
    reading: Reading, given: VehicleName | None
) -> tuple[VehicleName | None, list[FileFinding]]:
    """The vehicle that the files are about, and what is wrong with them."""
    findings = list(reading.findings)
    facts = reading.vehicle
    told = VehicleName(facts.jurisdiction, facts.session, facts.identifier) if facts else None
    if told and given and told != given:
        detail = "The file is about another vehicle than the one that was named."
        findings.append(FileFinding(reading.source, "other-vehicle", detail, str(told)))
    if not told and not given and not findings:
        detail = "The file does not name the vehicle: say which one it is about."
        findings.append(FileFinding(reading.source, "no-vehicle", detail))
    return given or told, findings


def _propose(
    vehicle: Vehicle | None, name: VehicleName, reading: Reading, today: date
) -> _Proposal:
    compared = compare(vehicle, reading.actions, today)
    new = {new_id(): one.action for one in compared if one.outcome is Outcome.NEW}
    raw = [raw_action(action, key, today) for key, action in new.items()]
    vehicle_id = vehicle.id if vehicle else new_id()
    return _Proposal(
        vehicle_id=vehicle_id,
        compared=compared,
        new=new,
        commands=commands_for(vehicle, name, reading.vehicle, raw, vehicle_id),
    )


def _record(
    session: WriteSession, proposal: _Proposal, source: Place, actor: str, clock: Clock
) -> tuple[int | None, list[FileFinding]]:
    """The last revision that was made, if any; or what the ledger refuses, by its places in the files."""
    if not proposal.commands:
        return None, []
    try:
        recorded = legislation.record_vehicles(
            session, proposal.commands, actor=actor, clock=clock, pointer=lambda index: f"/{index}"
        )
    except InvalidError as refused:
        return None, [
            FileFinding(proposal.find_place(one.pointer) or source, one.code, one.detail)
            for one in refused.findings
        ]
    except IllegalTransitionError as refused:
        # An action that the ledger had before stands in no file.
        action = proposal.new.get(refused.action_id) if refused.action_id else None
        place = action.place if action else source
        return None, [FileFinding(place, refused.code, refused.detail)]
    return recorded[-1].entry.revision, []
