"""What the routes of the room share: names in addresses, how a write is answered, and entity tags."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import Request, Response

from app.db import ReadSession, WriteSession
from app.journal import service as journal
from app.journal.deps import answer_once
from app.journal.domain import Answer, Snapshot
from app.kernel.clock import Clock
from app.kernel.errors import invalid
from app.kernel.ids import parse_id
from app.legislation import schemas, service
from app.legislation.domain import Command, VehicleCommand, is_reference
from app.legislation.errors import LegislativeRequestNotFoundError
from app.legislation.store import StoredRequest, StoredVehicle
from app.pledges import service as pledges
from app.pledges.domain.reading import is_reference as is_pledge_reference
from app.pledges.errors import PledgeNotFoundError
from app.wire import to_json

PREFIX: Final = "/v1/legislative-requests"
VEHICLES: Final = "/v1/vehicles"
CREATED: Final = 201
_CANONICAL_ID: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def write(
    request: Request,
    session: WriteSession,
    actor: str,
    clock: Clock,
    command: Command | Callable[[], Command],
    status: int,
) -> Response:
    """Record a command on a request, and answer with the request as it is then.

    A command that is still to be made is made once it is known that it was not performed before.
    """

    def perform() -> Answer:
        asked = command() if callable(command) else command
        [recorded] = service.record(session, [asked], actor=actor, clock=clock)
        headers = {"ETag": etag(recorded.stored)}
        if status == CREATED:
            headers["Location"] = f"{PREFIX}/{recorded.request.id}"
        return Answer(status, headers, to_json(one(recorded.stored, None)))

    return answer_once(request, session, clock, actor, perform)


def write_vehicle(
    request: Request,
    session: WriteSession,
    actor: str,
    clock: Clock,
    command: VehicleCommand,
    status: int,
) -> Response:
    """Record a command on a vehicle, and answer with the vehicle as it is then."""

    def perform() -> Answer:
        [recorded] = service.record_vehicles(session, [command], actor=actor, clock=clock)
        stored = recorded.stored
        headers = {"ETag": vehicle_etag(stored)}
        if status == CREATED:
            headers["Location"] = f"{VEHICLES}/{stored.vehicle.id}"
        return Answer(status, headers, to_json(one_vehicle(stored)))

    return answer_once(request, session, clock, actor, perform)


def one(stored: StoredRequest, on: date | None, known_on: date | None = None) -> dict[str, Any]:
    """A request with ``meta``: since which revision it stands so. Equal tags mean equal bytes."""
    revision = max(stored.revision, stored.vehicles_revision)
    meta = Snapshot(revision, stored.recorded_at, is_head=False).meta()
    days = {"on": iso(on), "known_on": iso(known_on)}
    return schemas.request_json(stored, on, known_on) | {"meta": {**meta, **days}}


def one_vehicle(stored: StoredVehicle) -> dict[str, Any]:
    """A vehicle with ``meta``."""
    meta = Snapshot(stored.revision, stored.recorded_at, is_head=False).meta()
    return schemas.vehicle_json(stored) | {"meta": meta}


def etag(stored: StoredRequest) -> str:
    """The version; and behind a dash the newest entry of its vehicles, whose actions move its state."""
    behind = f"-{stored.vehicles_revision}" if stored.vehicles_revision else ""
    return f'"{stored.request.version}{behind}"'


def vehicle_etag(stored: StoredVehicle) -> str:
    """The version."""
    return f'"{stored.vehicle.version}"'


def read_request_id(text: str) -> UUID:
    """The id of a request in an address.

    Raises:
        NotFoundError: it is none.
    """
    return parse_id(text, "legislative request")


def read_vehicle_id(text: str) -> UUID:
    """The id of a vehicle in an address.

    Raises:
        NotFoundError: it is none.
    """
    return parse_id(text, "vehicle")


def read_request_name(text: str) -> UUID | str:
    """An id or a reference. What can be neither names nothing.

    Raises:
        LegislativeRequestNotFoundError: it is neither.
    """
    if _CANONICAL_ID.fullmatch(text):
        return UUID(text)
    if not is_reference(text):
        raise LegislativeRequestNotFoundError
    return text


def find_other(session: ReadSession, clock: Clock, request_id: UUID, name: str) -> tuple[UUID, str]:
    """Id and reference of the other request of a relation.

    Raises:
        LegislativeRequestNotFoundError: the request of the address is not there.
        InvalidError: ``unknown-request`` at ``/other``.
    """
    snapshot = journal.read_snapshot(session, None, now=clock.now())
    service.get_request(session, request_id, snapshot)
    try:
        stored = service.get_request(session, read_request_name(name), snapshot)
    except LegislativeRequestNotFoundError as error:
        raise invalid("/other", "unknown-request", error.detail) from None
    return stored.request.id, stored.request.reference


def find_pledge(session: ReadSession, clock: Clock, request_id: UUID, name: str) -> UUID:
    """The id of the pledge that hangs on a request, by id or reference.

    Raises:
        LegislativeRequestNotFoundError: the request of the address is not there.
        InvalidError: ``unknown-pledge`` at ``/pledge``.
    """
    snapshot = journal.read_snapshot(session, None, now=clock.now())
    service.get_request(session, request_id, snapshot)
    try:
        wanted = UUID(name) if _CANONICAL_ID.fullmatch(name) else name
        if isinstance(wanted, str) and not is_pledge_reference(wanted):
            raise PledgeNotFoundError
        return UUID(pledges.get_pledge(session, wanted, snapshot).document["id"])
    except PledgeNotFoundError as error:
        raise invalid("/pledge", "unknown-pledge", error.detail) from None


def iso(day: date | None) -> str | None:
    """A day on the wire."""
    return None if day is None else day.isoformat()
