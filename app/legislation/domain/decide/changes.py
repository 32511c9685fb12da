"""What a command that was accepted did: the new version, and the entry that says so."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.kernel.canonical import Json
from app.kernel.errors import Finding, InvalidError
from app.legislation.domain.model import LegislativeRequest, Vehicle
from app.legislation.domain.reading.limits import MAX_REASON
from app.legislation.domain.reading.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of a request.

    Attributes:
        request: the new version.
        kind: what happened, such as ``legislative_request.amended``.
        data: the event, enough to make the new version from the one before.
    """

    request: LegislativeRequest
    kind: str
    reason: str | None
    data: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleChange:
    """A change of a vehicle; see ``Change``."""

    vehicle: Vehicle
    kind: str
    reason: str | None
    data: dict[str, Json]


def changed(
    request: LegislativeRequest, kind: str, reason: str | None, data: dict[str, Json]
) -> Change:
    """The change that made this version of a request."""
    return Change(request=request, kind=f"legislative_request.{kind}", reason=reason, data=data)


def vehicle_changed(
    vehicle: Vehicle, kind: str, reason: str | None, data: dict[str, Json]
) -> VehicleChange:
    """The change that made this version of a vehicle."""
    return VehicleChange(vehicle=vehicle, kind=f"vehicle.{kind}", reason=reason, data=data)


def field_changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> dict[str, Json]:
    """The fields that differ, with old and new value; the version always does and is left out.

    Raises:
        InvalidError: ``nothing-changed``.
    """
    changes: dict[str, Json] = {
        name: [before[name], after[name]]
        for name in sorted(after)
        if name != "version" and before[name] != after[name]
    }
    if not changes:
        raise InvalidError([Finding("", "nothing-changed", "The record reads so already.")])
    return changes


def read_reason(reader: Reader, text: str) -> str:
    """The reason of a correction; a refusal is noted."""
    return reader.text("/reason", text, MAX_REASON) or ""
