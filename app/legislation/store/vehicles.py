"""SQL on vehicles."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, or_, select, update

from app.db import ReadSession, WriteSession, insert_rows
from app.journal.domain import Entry, Snapshot
from app.kernel.canonical import canonical_bytes
from app.kernel.text import fold
from app.legislation.domain import (
    LegislativeRequest,
    Vehicle,
    VehicleChange,
    VehicleName,
    read_vehicle,
    vehicle_record,
)
from app.legislation.domain.query import VehicleFilters
from app.legislation.tables import FOREVER, VehicleRow

T = TypeVar("T")
_VEHICLE = cast("Table", VehicleRow.__table__)
_NAME: Final = (_VEHICLE.c.jurisdiction, _VEHICLE.c.session, _VEHICLE.c.identifier)
# Both engines limit how many values one statement may bind.
_CHUNK: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVehicle:
    """One version of a vehicle as read from the current or a past projection.

    Attributes:
        revision: of the entry that made the version.
        recorded_at: of that entry.
    """

    vehicle: Vehicle
    revision: int
    recorded_at: datetime


def load_vehicles(
    session: ReadSession, requests: Iterable[LegislativeRequest], snapshot: Snapshot | None = None
) -> dict[UUID, StoredVehicle]:
    """The vehicles that requests link to, by id, as of a snapshot or now."""
    ids = {link.vehicle_id for request in requests for link in request.vehicles}
    return load_states(session, {one for one in ids if one is not None}, snapshot)


def load_states(
    session: ReadSession, ids: Collection[UUID], snapshot: Snapshot | None = None
) -> dict[UUID, StoredVehicle]:
    """These vehicles, by id, as of a snapshot or now; those that do not exist are left out."""
    found: dict[UUID, StoredVehicle] = {}
    for chunk in chunks(list(ids)):
        statement = _select_versions(snapshot).where(_VEHICLE.c.id.in_(chunk))
        found |= {one.vehicle.id: one for one in map(_stored, session.execute(statement))}
    return found


def find_names(
    session: ReadSession, names: Collection[VehicleName], snapshot: Snapshot | None = None
) -> dict[VehicleName, UUID]:
    """Which of these names vehicles have, and which vehicles."""
    found: dict[VehicleName, UUID] = {}
    for chunk in chunks(sorted(set(names))):
        # Both engines know row values, and not in one spelling.
        alike = [
            and_(*(column == part for column, part in zip(_NAME, name, strict=True)))
            for name in chunk
        ]
        versions = _current(snapshot)
        statement = select(_VEHICLE.c.id, *_NAME).where(versions, or_(*alike))
        for row in session.execute(statement):
            found[VehicleName(row.jurisdiction, row.session, row.identifier)] = row.id
    return found


def list_vehicles(
    session: ReadSession,
    filters: VehicleFilters,
    snapshot: Snapshot,
    *,
    after: VehicleName | None,
    limit: int,
) -> list[StoredVehicle]:
    """Vehicles that match, by name, behind the name ``after``."""
    statement = _select_versions(snapshot).where(*_conditions(filters))
    if after is not None:
        statement = statement.where(_is_after(after))
    statement = statement.order_by(*_NAME).limit(limit)
    return [_stored(row) for row in session.execute(statement)]


def project_vehicles(
    session: WriteSession, changes: Sequence[VehicleChange], entries: Sequence[Entry]
) -> None:
    """Close the versions that were current, and add the new ones; see ``requests.project``."""
    rows: dict[tuple[UUID, int], dict[str, Any]] = {}
    closing = []
    for change, entry in zip(changes, entries, strict=True):
        vehicle = change.vehicle
        before = (vehicle.id, vehicle.version - 1)
        if before in rows:
            rows[before]["until_revision"] = entry.revision
        elif vehicle.version > 1:
            closing.append({"of_id": vehicle.id, "of_version": before[1], "until": entry.revision})
        rows[vehicle.id, vehicle.version] = _version_row(vehicle, entry)
    if closing:
        session.connection().execute(_close_versions(), closing)
    if rows:
        insert_rows(session, _VEHICLE, list(rows.values()))


def chunks(items: list[T]) -> Iterator[list[T]]:
    """The items in pieces that one statement can bind."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def words_of_vehicle(vehicle: Vehicle) -> str:
    """What a search looks at, case folded."""
    words = (
        *vehicle.name,
        vehicle.title,
        vehicle.title_original,
        vehicle.law_citation,
        vehicle.notes,
    )
    return fold(" ".join(filter(None, words)))


def _current(snapshot: Snapshot | None) -> ColumnElement[bool]:
    columns = _VEHICLE.c
    if snapshot is None or snapshot.is_head:
        return columns.until_revision == FOREVER
    return and_(
        columns.since_revision <= snapshot.revision, columns.until_revision > snapshot.revision
    )


def _select_versions(snapshot: Snapshot | None) -> Select[Any]:
    columns = _VEHICLE.c
    statement = select(columns.document, columns.since_revision, columns.recorded_at)
    return statement.where(_current(snapshot))


def _conditions(filters: VehicleFilters) -> Iterator[ColumnElement[bool]]:
    columns = _VEHICLE.c
    if filters.name is not None:
        yield from (column == part for column, part in zip(_NAME, filters.name, strict=True))
    if filters.jurisdictions:
        yield columns.jurisdiction.in_(filters.jurisdictions)
    if filters.session is not None:
        yield columns.session == filters.session
    if filters.text is not None:
        yield columns.search.contains(filters.text, autoescape=True)


def _is_after(name: VehicleName) -> ColumnElement[bool]:
    first, second, third = _NAME
    return or_(
        first > name.jurisdiction,
        and_(first == name.jurisdiction, second > name.session),
        and_(first == name.jurisdiction, second == name.session, third > name.identifier),
    )


def _stored(row: Any) -> StoredVehicle:
    return StoredVehicle(
        vehicle=read_vehicle(json.loads(row.document)),
        revision=row.since_revision,
        recorded_at=row.recorded_at,
    )


def _close_versions() -> Any:
    return (
        update(_VEHICLE)
        .where(_VEHICLE.c.id == bindparam("of_id"), _VEHICLE.c.version == bindparam("of_version"))
        .values(until_revision=bindparam("until"))
    )


def _version_row(vehicle: Vehicle, entry: Entry) -> dict[str, Any]:
    return {
        "id": vehicle.id,
        "version": vehicle.version,
        "since_revision": entry.revision,
        "until_revision": FOREVER,
        "recorded_at": entry.recorded_at,
        **vehicle.name._asdict(),
        "search": words_of_vehicle(vehicle),
        "document": canonical_bytes(vehicle_record(vehicle)).decode(),
    }
