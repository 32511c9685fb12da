"""What one can ask of the ledger about vehicles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.legislation.domain.commands import Raw, RawAction

# The fields of a vehicle that may be amended, by their names on the wire. Its name stays.
AMENDABLE_OF_VEHICLE: Final = (
    "title",
    "title_original",
    "introduced_on",
    "session_ends_on",
    "law_citation",
    "url",
    "external_ids",
    "notes",
    "sources",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVehicle:
    """Record a bill, a budget or a committee decision, with actions that are known already."""

    vehicle_id: UUID
    jurisdiction: str
    identifier: str
    session: str | None = None
    title: str | None = None
    title_original: str | None = None
    introduced_on: str | None = None
    session_ends_on: str | None = None
    law_citation: str | None = None
    url: str | None = None
    external_ids: list[Raw] = field(default_factory=list)
    actions: list[RawAction] = field(default_factory=list)
    notes: str | None = None
    sources: list[Raw] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleAlteration:
    """A change of a vehicle that is there."""

    vehicle_id: UUID
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVehicleActions(VehicleAlteration):
    """Record what happened to a vehicle, all of it or nothing."""

    actions: list[RawAction]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendVehicle(VehicleAlteration):
    """Change descriptive fields. ``changes`` names ``AMENDABLE_OF_VEHICLE`` fields."""

    changes: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawVehicleAction(VehicleAlteration):
    """Take back an action of a vehicle that was recorded in error."""

    action_id: UUID
    reason: str


VehicleCommand = RecordVehicle | VehicleAlteration
