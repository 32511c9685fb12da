"""What one can do with the files of a parliament: see what they would record, and record it, all or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.db import WriteSession
from app.journal import service as journal
from app.kernel.clock import Clock
from app.kernel.errors import InvalidError
from app.kernel.ids import new_id
from app.legislation import service as legislation
from app.legislation.domain import RawAction, Vehicle, VehicleCommand, VehicleName
from app.legislation.errors import IllegalTransitionError
from app.parliaments.domain.actions import Reading, ReportedAction
from app.parliaments.domain.comparing import Compared, Outcome, compare
from app.parliaments.domain.places import FileFinding, Place
from app.parliaments.domain.recording import commands_for, raw_action
from app.parliaments.domain.report import ImportReport
from app.parliaments.domain.suggesting import suggest
from app.parliaments.readers.files import SourceFile
from app.parliaments.readers.reports import read_reports

_ACTION: Final = re.compile(r"/\d+/actions/(\d+)")


def import_actions(
    session: WriteSession,
    files: Sequence[SourceFile],
    *,
    vehicle: VehicleName | None = None,
    actor: str,
    clock: Clock,
    dry_run: bool = False,
) -> ImportReport:
    """Record what is new in files about one vehicle; leave what is there as it is, and say where it differs.

    All or nothing: where ``revision`` of the report is ``None``, the caller must roll the transaction back. A second
    time nothing is new.

    Args:
        session: the transaction; the caller commits it.
        files: one, or several answers of the congress.gov API.
        vehicle: by name; needed where the files do not name it, and never against them.
        actor: who records.
        clock: tells the instant of recording.
        dry_run: say what would be recorded.

    Raises:
        VersionMovedError, VehicleExistsError: somebody else changed the vehicle in the same moment.
    """
    reading = read_reports(files)
    name, findings = _find_name(files, reading, vehicle)
    if name is None or findings:
        return ImportReport(
            vehicle=name, dry_run=dry_run, repeats=reading.repeats, findings=tuple(findings)
        )
    snapshot = journal.read_snapshot(session, None, now=clock.now())
    stored = legislation.find_vehicle(session, name, snapshot)
    proposal = _propose(stored.vehicle if stored else None, name, reading, clock.today())
    revision: int | None = None
    if proposal.commands:
        try:
            recorded = legislation.record_vehicles(
                session,
                proposal.commands,
                actor=actor,
                clock=clock,
                pointer=lambda index: f"/{index}",
            )
            revision = recorded[-1].entry.revision
        except InvalidError as refused:
            findings = [
                FileFinding(proposal.place_of(one.pointer, files), one.code, one.detail)
                for one in refused.findings
            ]
        except IllegalTransitionError as refused:
            place = proposal.place_of_action(refused.action_id, files)
            findings = [FileFinding(place, refused.code, refused.detail)]
    is_kept = revision is not None and not dry_run
    return ImportReport(
        vehicle=name,
        vehicle_id=proposal.vehicle_id if stored or is_kept else None,
        is_new=stored is None,
        dry_run=dry_run,
        compared=tuple(proposal.compared),
        repeats=reading.repeats,
        findings=tuple(findings),
        suggestions=tuple(
            suggest(stored.vehicle if stored else None, reading.vehicle, proposal.new.values())
        ),
        revision=revision if is_kept else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    """What would be recorded.

    Attributes:
        new: the actions that would be, by the ids that they would have, in the order of the command.
    """

    vehicle_id: UUID
    compared: list[Compared]
    new: dict[UUID, ReportedAction]
    commands: list[VehicleCommand]

    def place_of(self, pointer: str, files: Sequence[SourceFile]) -> Place:
        """Where in the files the value stands that a finding of the ledger is about."""
        found = _ACTION.match(pointer)
        if found is None:
            return files[0].place
        return list(self.new.values())[int(found[1])].place

    def place_of_action(self, action_id: UUID | None, files: Sequence[SourceFile]) -> Place:
        """Where the action stands; the file as a whole where it is one that the ledger had before."""
        action = self.new.get(action_id) if action_id else None
        return action.place if action else files[0].place


def _find_name(
    files: Sequence[SourceFile], reading: Reading, given: VehicleName | None
) -> tuple[VehicleName | None, list[FileFinding]]:
    """The vehicle that the files are about, and what is wrong with them."""
    findings = list(reading.findings)
    facts = reading.vehicle
    told = VehicleName(facts.jurisdiction, facts.session, facts.identifier) if facts else None
    if told and given and told != given:
        detail = f"The file is about {told}, not about {given}."
        findings.append(FileFinding(files[0].place, "other-vehicle", detail))
    if not told and not given and not findings:
        detail = "The file does not name the vehicle: say which one it is about."
        findings.append(FileFinding(files[0].place, "no-vehicle", detail))
    return given or told, findings


def _propose(
    vehicle: Vehicle | None, name: VehicleName, reading: Reading, today: date
) -> _Proposal:
    compared = compare(vehicle, reading.actions, today)
    new = {new_id(): one.action for one in compared if one.outcome is Outcome.NEW}
    raw: list[RawAction] = [raw_action(action, key, today) for key, action in new.items()]
    vehicle_id = vehicle.id if vehicle else new_id()
    return _Proposal(
        vehicle_id=vehicle_id,
        compared=compared,
        new=new,
        commands=commands_for(vehicle, name, reading.vehicle, raw, vehicle_id),
    )
