"""One vehicle, that is a bill, a budget or a committee decision: what it is, what it carries, what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.db import ReadSession
from app.journal.domain import Snapshot
from app.legislation import service as legislation
from app.legislation.domain import (
    Dossier,
    LegislativeRequest,
    Vehicle,
    VehicleLink,
    course_of_vehicle,
    points_of_vehicle,
)
from app.web.views.board import address_of_request
from app.web.views.changes import EntryStory, tell_vehicle
from app.web.views.drawings import Drawing
from app.web.views.happenings import Happening, action_words, draw_course, happening, span_words
from app.web.words import NOTHING, day_words, donor_name, plain_words

NAMES: Final = ("on", "as_of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A request that the vehicle carries or carried."""

    reference: str
    address: str
    title: str
    donor: str
    role: str
    since: str
    state: str
    state_css: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclePage:
    """All that the page shows.

    Attributes:
        donor: whose parliament decides on it.
        open_requests: those that it may still be attached to.
        timeline: what moved it; ``None`` where nothing did.
        ahead: what is dated later than the day asked about.
        address: of its twin in the API.
    """

    vehicle: Vehicle
    title: str
    basis: str
    donor: str
    state: str
    state_css: str
    flags: Sequence[str]
    facts: Sequence[tuple[str, str]]
    carried: Sequence[Carried]
    open_requests: Sequence[LegislativeRequest]
    timeline: Drawing | None
    happened: Sequence[Happening]
    ahead: Sequence[Happening]
    history: Sequence[EntryStory]
    address: str


def read_vehicle(
    session: ReadSession, vehicle: Vehicle, revision: int, snapshot: Snapshot, on: date
) -> VehiclePage:
    """The page of one vehicle, whose version has this revision, as of a snapshot, at the end of a day."""
    state, flags = course_of_vehicle(vehicle, on)
    points = points_of_vehicle(vehicle, on)
    shown = {one.step.action.id for one in points}
    items = legislation.list_vehicle_history(session, vehicle.id, snapshot)
    carried = legislation.list_carried(session, vehicle.id, snapshot)
    return VehiclePage(
        vehicle=vehicle,
        title=vehicle.title or vehicle.title_original or vehicle.name.identifier,
        basis=f"{vehicle.name} · version {vehicle.version} · at the end of {day_words(on)}"
        f" · ledger revision {revision}",
        donor=donor_name(vehicle.name.jurisdiction),
        state=plain_words(state.value) if state else "no state yet",
        state_css=state.value if state else "",
        flags=[plain_words(one.value) for one in flags],
        facts=list(_facts(vehicle)),
        carried=[one for dossier in carried for one in _carried(dossier, vehicle.id, on)],
        open_requests=_open_requests(session, vehicle, snapshot, on),
        timeline=draw_course(
            vehicle.name.identifier, [(one.step.day, one.state) for one in points if one.state]
        ),
        happened=[happening(one.step, one.state) for one in points],
        ahead=[action_words(one) for one in vehicle.standing_actions if one.id not in shown],
        history=[tell_vehicle(item, vehicle) for item in reversed(items)],
        address=f"/v1/vehicles/{vehicle.id}",
    )


def _facts(vehicle: Vehicle) -> Iterator[tuple[str, str]]:
    told = (
        ("Session", vehicle.name.session),
        ("Introduced as", vehicle.title_original),
        ("Introduced", span_words(vehicle.introduced)),
        ("Session ends", span_words(vehicle.session_ends)),
        ("Law", vehicle.law_citation),
        *((f"At {scheme}", name) for scheme, name in sorted(vehicle.external_ids.items())),
    )
    yield from ((name, text) for name, text in told if text)


def _open_requests(
    session: ReadSession, vehicle: Vehicle, snapshot: Snapshot, on: date
) -> list[LegislativeRequest]:
    """The requests to this parliament that are not decided by the day and do not hang on the vehicle."""
    found = []
    for dossier in legislation.list_dossiers(
        session, snapshot, donors=(vehicle.name.jurisdiction,)
    ):
        state, links = dossier.state_on(on), dossier.request.vehicles
        is_carried = any(one.vehicle_id == vehicle.id and one.ceased is None for one in links)
        if not is_carried and (state is None or not state.is_terminal):
            found.append(dossier.request)
    return found


def _carried(dossier: Dossier, vehicle_id: UUID, on: date) -> Iterator[Carried]:
    request, state = dossier.request, dossier.state_on(on)
    for link in request.vehicles:
        if link.vehicle_id == vehicle_id:
            yield Carried(
                reference=request.reference,
                address=address_of_request(request.reference),
                title=request.title,
                donor=donor_name(request.donor),
                role=f"{link.role.value}, {link.division}" if link.division else link.role.value,
                since=time_of_link(link),
                state=plain_words(state.value) if state else NOTHING,
                state_css=state.value if state else "",
            )


def time_of_link(link: VehicleLink) -> str:
    """Since when a vehicle carries a request, and until when."""
    until = span_words(link.ceased)
    parts = (span_words(link.became_vehicle), f"until {until}" if until else None)
    return ", ".join(part for part in parts if part) or NOTHING
