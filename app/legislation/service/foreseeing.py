"""What a change that is not recorded yet would do to requests and to what is pending."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.db import ReadSession
from app.journal.domain import Snapshot
from app.legislation import store
from app.legislation.domain import (
    Dossier,
    LegislativeRequest,
    PendingChange,
    StateChange,
    Vehicle,
    foresee,
)
from app.legislation.service.recording import Preview, VehiclePreview
from app.legislation.service.waiting import list_dossiers


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would change beside the record itself: sums of what is pending, and the states of requests."""

    pending: tuple[PendingChange, ...]
    states: tuple[StateChange, ...]


def foresee_request(session: ReadSession, shown: Preview, snapshot: Snapshot, on: date) -> Foreseen:
    """What a command on a request would do at the end of a day."""
    before = [_dossier(session, shown.before, ())] if shown.before else []
    after = _dossier(session, shown.after, shown.vehicles)
    return _foresee(session, before, [after], snapshot, on)


def foresee_vehicle(
    session: ReadSession, shown: VehiclePreview, snapshot: Snapshot, on: date
) -> Foreseen:
    """What a command on a vehicle would do to the requests that it carries."""
    vehicle = shown.after
    now = list_carried(session, vehicle.id, snapshot)
    then = [replace(one, vehicles={**one.vehicles, vehicle.id: vehicle}) for one in now]
    return _foresee(session, now, then, snapshot, on)


def list_carried(session: ReadSession, vehicle_id: UUID, snapshot: Snapshot) -> list[Dossier]:
    """The requests that a vehicle carries or carried, by reference; it costs a look through all of them."""
    return [
        one
        for one in list_dossiers(session, snapshot)
        if any(link.vehicle_id == vehicle_id for link in one.request.vehicles)
    ]


def _foresee(
    session: ReadSession, now: list[Dossier], then: list[Dossier], snapshot: Snapshot, on: date
) -> Foreseen:
    donors = sorted({one.request.donor for one in then})
    others = list_dossiers(session, snapshot, donors=donors) if then else []
    moved, states = foresee(now, then, others, on)
    return Foreseen(pending=tuple(moved), states=tuple(states))


def _dossier(
    session: ReadSession, request: LegislativeRequest, new: tuple[Vehicle, ...]
) -> Dossier:
    stored = store.load_vehicles(session, [request])
    known = {key: one.vehicle for key, one in stored.items()}
    return Dossier(request, known | {one.id: one for one in new})
