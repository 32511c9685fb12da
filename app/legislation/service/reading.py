"""What one can read of legislative requests and vehicles: one, a list, a history."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from app.db import ReadSession
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.journal.history import HistoryItem, tell_history
from app.kernel.canonical import Json
from app.legislation import store
from app.legislation.domain import (
    STREAM_KIND,
    VEHICLE_STREAM,
    Course,
    LegislativeRequest,
    Vehicle,
    VehicleName,
    apply,
    apply_to_vehicle,
    course_of_vehicle,
    request_record,
    vehicle_record,
)
from app.legislation.domain.query import Filters, Order, VehicleFilters
from app.legislation.errors import LegislativeRequestNotFoundError, VehicleNotFoundError
from app.legislation.store import StoredRequest, StoredVehicle

# Fields of a record that differ in every version and say nothing to people.
_SILENT = frozenset({"version", "recorded_on"})
# Parts that are shown one by one, each by its id, its key or its place.
_PARTS = (
    "actions",
    "lines",
    "vehicles",
    "relations",
    "enactments",
    "funding",
    "dependencies",
)


def get_request(session: ReadSession, name: UUID | str, snapshot: Snapshot) -> StoredRequest:
    """The request with this id or reference, as it stood at the snapshot.

    Raises:
        LegislativeRequestNotFoundError: there was none.
    """
    found = store.find_request(session, name, snapshot)
    if found is None:
        raise LegislativeRequestNotFoundError
    return found


def list_requests(
    session: ReadSession,
    filters: Filters,
    order: Order,
    snapshot: Snapshot,
    *,
    after: tuple[str | int, ...],
    limit: int,
) -> tuple[list[StoredRequest], tuple[str | int, ...] | None]:
    """One page, and the sort key behind which the next one begins (``None`` on the last)."""
    matching = store.iter_requests(session, filters, order, snapshot, after=after, limit=limit + 1)
    page = list(matching)
    if len(page) <= limit:
        return page, None
    page = page[:limit]
    return page, store.sort_key(page[-1], order)


def iter_requests(
    session: ReadSession, filters: Filters, order: Order, snapshot: Snapshot
) -> Iterator[StoredRequest]:
    """All requests that match, in order, one after the other."""
    return store.iter_requests(session, filters, order, snapshot)


def find_references(session: ReadSession, references: Sequence[str]) -> dict[str, UUID]:
    """Which of these references are taken, and by which requests."""
    return store.find_references(session, references)


def list_history(session: ReadSession, request_id: UUID, snapshot: Snapshot) -> list[HistoryItem]:
    """Every entry of a request up to the snapshot, oldest first, each with what it changed.

    Raises:
        LegislativeRequestNotFoundError: it has none.
    """
    entries = journal.list_stream(session, request_id, until=snapshot.revision)
    if not entries or entries[0].stream_kind != STREAM_KIND:
        raise LegislativeRequestNotFoundError
    return tell_history(entries, apply, show_request)


def get_vehicle(session: ReadSession, vehicle_id: UUID, snapshot: Snapshot) -> StoredVehicle:
    """The vehicle with this id, as it stood at the snapshot.

    Raises:
        VehicleNotFoundError: there was none.
    """
    found = store.load_vehicle_states(session, [vehicle_id], snapshot)
    if vehicle_id not in found:
        raise VehicleNotFoundError
    return found[vehicle_id]


def find_vehicle(
    session: ReadSession, name: VehicleName, snapshot: Snapshot
) -> StoredVehicle | None:
    """The vehicle with this name, as it stood at the snapshot; ``None`` where there was none."""
    ids = store.find_names(session, [name], snapshot)
    return get_vehicle(session, ids[name], snapshot) if name in ids else None


def list_vehicles(
    session: ReadSession,
    filters: VehicleFilters,
    snapshot: Snapshot,
    *,
    after: VehicleName | None,
    limit: int,
) -> tuple[list[StoredVehicle], VehicleName | None]:
    """One page of vehicles by name, and the name behind which the next one begins (``None`` on the last)."""
    page = store.list_vehicles(session, filters, snapshot, after=after, limit=limit + 1)
    if len(page) <= limit:
        return page, None
    page = page[:limit]
    return page, page[-1].vehicle.name


def list_vehicle_history(
    session: ReadSession, vehicle_id: UUID, snapshot: Snapshot
) -> list[HistoryItem]:
    """Every entry of a vehicle up to the snapshot, oldest first, each with what it changed.

    Raises:
        VehicleNotFoundError: it has none.
    """
    entries = journal.list_stream(session, vehicle_id, until=snapshot.revision)
    if not entries or entries[0].stream_kind != VEHICLE_STREAM:
        raise VehicleNotFoundError
    return tell_history(entries, apply_to_vehicle, show_vehicle)


def show_request(request: LegislativeRequest) -> dict[str, Json]:
    """What people see of a request, field by field, with the state that its own actions give it."""
    course = Course(request)
    return {
        **_by_parts(request_record(request)),
        "state": course.state.value if course.state else None,
        "flags": [flag.value for flag in course.flags],
    }


def show_vehicle(vehicle: Vehicle) -> dict[str, Json]:
    """What people see of a vehicle, field by field, with its own state."""
    state, flags = course_of_vehicle(vehicle)
    return {
        **_by_parts(vehicle_record(vehicle)),
        "state": state.value if state else None,
        "flags": [flag.value for flag in flags],
    }


def _by_parts(record: dict[str, Json]) -> dict[str, Json]:
    fields = {name: value for name, value in record.items() if name not in {*_SILENT, *_PARTS}}
    for name in _PARTS:
        parts = record.get(name)
        if isinstance(parts, list):
            fields |= {f"{name}/{_name_of(part, index)}": part for index, part in enumerate(parts)}
    return fields


def _name_of(part: Json, index: int) -> str:
    if not isinstance(part, dict):
        return str(index)
    return str(part.get("id") or part.get("key") or part.get("identifier") or index)
