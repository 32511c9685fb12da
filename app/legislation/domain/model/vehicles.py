"""Vehicles: bills, budgets and committee decisions that carry requests, and how requests hang on them.

A request is not a bill. The executive asks on one date; the legislature answers with texts that may be
years older or newer. So a vehicle is a record of its own with its own actions, any number of requests
may ride on it, and for each of them only what happened since it became the request's vehicle counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from app.kernel.dates import Span
from app.kernel.sources import Source
from app.legislation.domain.model.actions import Action

VEHICLE_STREAM: Final = "vehicle"


class VehicleName(NamedTuple):
    """What tells one vehicle from every other.

    Attributes:
        jurisdiction: code of the donor whose body decides, such as ``US`` or ``EU``.
        session: such as ``118`` or ``2022-2023``; empty where texts are not numbered by session.
        identifier: such as ``H.R. 815`` or ``Prop. 44 S``.
    """

    jurisdiction: str
    session: str
    identifier: str

    def __str__(self) -> str:
        """As people type it: ``US/118/H.R. 815``."""
        return "/".join(self)


class Role(StrEnum):
    """What a vehicle is to a request.

    ``partial`` and ``companion`` vehicles move a request along, but their becoming law does not by
    itself make the request law.
    """

    PRIMARY = "primary"
    ALTERNATE = "alternate"
    COMPANION = "companion"
    PARTIAL = "partial"
    HOST = "host"

    @property
    def settles(self) -> bool:
        """Whether the request is law when the vehicle is."""
        return self in {Role.PRIMARY, Role.ALTERNATE, Role.HOST}


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleLink:
    """That a vehicle carries a request, from when until when.

    Attributes:
        vehicle_id: of the vehicle; ``None`` in records made when vehicles were only named.
        division: part of the vehicle that holds the request, such as ``Division B``.
        became_vehicle: from when it carried the request; actions before it do not count for it.
            Undated: from the request's own date.
        ceased: from when it no longer did; ``None`` while it does.
    """

    vehicle_id: UUID | None
    name: VehicleName
    became_vehicle: Span
    role: Role = Role.PRIMARY
    division: str | None = None
    ceased: Span | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A bill, a budget or a committee decision, as of one version.

    Attributes:
        title: as it is now.
        title_original: as it was introduced, where it differs: texts are replaced.
        session_ends: when the vehicle dies undecided.
        external_ids: its names elsewhere, such as ``{"congress.gov": "118/hr/815"}``.
        law_citation: once it is law, such as ``P.L. 118-50``.
        actions: in the order in which they happened, see ``domain.course.place``.
        recorded_on: the day on which it was recorded.
    """

    id: UUID
    version: int
    name: VehicleName
    title: str | None
    title_original: str | None
    introduced: Span
    session_ends: Span | None
    law_citation: str | None
    url: str | None
    notes: str | None
    sources: tuple[Source, ...]
    actions: tuple[Action, ...]
    recorded_on: date
    external_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def standing_actions(self) -> tuple[Action, ...]:
        """The actions that were not withdrawn, in order."""
        return tuple(action for action in self.actions if not action.withdrawn)
