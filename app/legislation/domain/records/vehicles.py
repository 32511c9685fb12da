"""How a vehicle, and the link of a request to one, are written down, and read again."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.sources import Source
from app.legislation.domain.model import Role, Vehicle, VehicleLink, VehicleName
from app.legislation.domain.records.actions import action_record, read_action
from app.legislation.domain.records.values import find_date, format_date, read_date


def vehicle_record(vehicle: Vehicle) -> dict[str, Json]:
    """A vehicle as it is stored, hashed and answered; ``read_vehicle`` is the inverse."""
    return {
        "id": str(vehicle.id),
        "version": vehicle.version,
        **name_record(vehicle.name),
        "title": vehicle.title,
        "title_original": vehicle.title_original,
        "introduced_on": format_date(vehicle.introduced),
        "session_ends_on": format_date(vehicle.session_ends),
        "law_citation": vehicle.law_citation,
        "url": vehicle.url,
        # A list: names from elsewhere are no keys of a canonical document.
        "external_ids": [
            {"scheme": scheme, "id": identifier}
            for scheme, identifier in sorted(vehicle.external_ids.items())
        ],
        "notes": vehicle.notes,
        "sources": [source.to_json() for source in vehicle.sources],
        "actions": [action_record(action) for action in vehicle.actions],
        "recorded_on": vehicle.recorded_on.isoformat(),
    }


def read_vehicle(record: Mapping[str, Any]) -> Vehicle:
    """The vehicle that ``vehicle_record`` wrote down."""
    return Vehicle(
        id=UUID(record["id"]),
        version=record["version"],
        name=_read_name(record),
        title=record["title"],
        title_original=record["title_original"],
        introduced=read_date(record["introduced_on"]),
        session_ends=find_date(record["session_ends_on"]),
        law_citation=record["law_citation"],
        url=record["url"],
        external_ids={one["scheme"]: one["id"] for one in record["external_ids"]},
        notes=record["notes"],
        sources=tuple(Source.from_json(source) for source in record["sources"]),
        actions=tuple(read_action(action) for action in record["actions"]),
        recorded_on=date.fromisoformat(record["recorded_on"]),
    )


def name_record(name: VehicleName) -> dict[str, Json]:
    """The three parts of a vehicle's name."""
    return {
        "jurisdiction": name.jurisdiction,
        "session": name.session,
        "identifier": name.identifier,
    }


def link_record(link: VehicleLink) -> dict[str, Json]:
    """The link of a request to a vehicle, as it is stored, hashed and answered."""
    return {
        "vehicle_id": str(link.vehicle_id) if link.vehicle_id else None,
        **name_record(link.name),
        "role": link.role.value,
        "division": link.division,
        "became_vehicle_on": format_date(link.became_vehicle),
        "ceased_on": format_date(link.ceased),
        "reason": link.reason,
    }


def read_link(record: Mapping[str, Any]) -> VehicleLink:
    """The link that ``link_record`` wrote down."""
    vehicle_id = record.get("vehicle_id")
    return VehicleLink(
        vehicle_id=None if vehicle_id is None else UUID(vehicle_id),
        name=_read_name(record),
        role=Role(record.get("role", Role.PRIMARY)),
        division=record.get("division"),
        became_vehicle=read_date(record["became_vehicle_on"]),
        ceased=find_date(record.get("ceased_on")),
        reason=record.get("reason"),
    )


def _read_name(record: Mapping[str, Any]) -> VehicleName:
    return VehicleName(record["jurisdiction"] or "", record["session"] or "", record["identifier"])
