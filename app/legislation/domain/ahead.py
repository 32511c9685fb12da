"""What lies ahead of a day: steps with a date, and the ends that somebody should know of in time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from app.kernel.dates import Span, day_span
from app.legislation.domain.course import carries_since, course_of_vehicle
from app.legislation.domain.dossier import Dossier
from app.legislation.domain.model import LegislativeRequest
from app.legislation.domain.telling import Key, of_action, of_dependency, of_field

# Ids of occasions are version 5 UUIDs (RFC 9562 section 5.5) in a name space of their own.
_NAMESPACE: Final = UUID("0b0e7f0a-6a0e-4a52-8d0f-0f0c6b3a9d57")


class Occasion(StrEnum):
    """What there is to know of a day ahead.

    Attributes:
        STEP: an action that is dated ahead, such as a hearing.
        PERIOD_ENDS: the time that the money is for ends.
        SESSION_ENDS: the session of a vehicle ends.
        DEPENDENT_DUE: a pledge that waits for the request is due.
    """

    STEP = "step"
    PERIOD_ENDS = "period_ends"
    SESSION_ENDS = "session_ends"
    DEPENDENT_DUE = "dependent_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Something about a request that lies ahead.

    Attributes:
        days: the days that it may be.
        text: what a step is about; ``None`` for the others.
        vehicle: name of the vehicle that it is about.
        subject: what it is about: an action, a vehicle, a dependency, or the request.
        stream: the request or vehicle whose entries said so.
        told_by: what they said, see ``Tellings``.
    """

    request: LegislativeRequest
    occasion: Occasion
    days: Span
    body: str | None = None
    text: str | None = None
    vehicle: str | None = None
    source_url: str | None = None
    subject: UUID
    stream: UUID
    told_by: Key

    @property
    def id(self) -> UUID:
        """The same for as long as it is the same occasion, also where its date is amended."""
        return uuid5(_NAMESPACE, f"{self.request.id}/{self.occasion.value}/{self.subject}")


def ahead(dossiers: Iterable[Dossier], on: date, known_on: date | None = None) -> list[Ahead]:
    """What lies ahead at the end of the day ``on``, by day.

    Steps of any request; ends only of those that are announced or pending. Of a date that is a month or an
    interval, its last day is still ahead.

    Args:
        dossiers: requests with their vehicles, as of one moment.
        on: the day.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
    """
    found = [
        one
        for dossier in dossiers
        if dossier.is_public(known_on) and not dossier.request.withdrawn
        for one in (*_steps(dossier, on, known_on), *_ends(dossier, on, known_on))
        if one.days.last > on
    ]
    return sorted(found, key=lambda one: (one.days, one.request.reference, str(one.id)))


def _steps(dossier: Dossier, on: date, known_on: date | None) -> Iterator[Ahead]:
    for step in dossier.course(known_on).steps:
        if step.day > on:
            action = step.action
            yield Ahead(
                request=dossier.request,
                occasion=Occasion.STEP,
                days=action.on,
                body=action.body,
                text=action.text,
                vehicle=str(step.link.name) if step.link else action.vehicle,
                source_url=action.source_url,
                subject=action.id,
                stream=(step.link.vehicle_id if step.link else None) or dossier.request.id,
                told_by=of_action(action.id),
            )


def _ends(dossier: Dossier, on: date, known_on: date | None) -> Iterator[Ahead]:
    request, state = dossier.request, dossier.state_on(on, known_on)
    if state is None or state.is_terminal:
        return
    if request.period is not None and request.period.is_dated:
        yield Ahead(
            request=request,
            occasion=Occasion.PERIOD_ENDS,
            days=day_span(request.period.last),
            subject=request.id,
            stream=request.id,
            told_by=of_field(request.id, "period"),
        )
    for one in request.standing_dependencies:
        if one.due is not None and one.due.is_dated:
            yield Ahead(
                request=request,
                occasion=Occasion.DEPENDENT_DUE,
                days=one.due,
                subject=one.id,
                stream=request.id,
                told_by=of_dependency(one.id),
            )
    yield from _sessions(dossier, on)


def _sessions(dossier: Dossier, on: date) -> Iterator[Ahead]:
    """The ends of the sessions of the vehicles that carry the request, each once."""
    seen: set[UUID] = set()
    for link in dossier.request.vehicles:
        vehicle = dossier.vehicles.get(link.vehicle_id) if link.vehicle_id else None
        carries = carries_since(dossier.request, link) <= on and (
            link.ceased is None or on < link.ceased.last
        )
        if vehicle is None or vehicle.id in seen or not carries:
            continue
        seen.add(vehicle.id)
        state, _ = course_of_vehicle(vehicle, on)
        is_over = state is not None and state.is_terminal
        if vehicle.session_ends is not None and vehicle.session_ends.is_dated and not is_over:
            yield Ahead(
                request=dossier.request,
                occasion=Occasion.SESSION_ENDS,
                days=vehicle.session_ends,
                vehicle=str(vehicle.name),
                source_url=vehicle.url,
                subject=vehicle.id,
                stream=vehicle.id,
                told_by=of_field(vehicle.id, "session_ends_on"),
            )
