"""News: what requests became, in the order in which the ledger was told; and what it was told in error."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.legislation.domain.course import carries_since
from app.legislation.domain.dossier import Dossier
from app.legislation.domain.model import Action, LegislativeRequest, VehicleLink
from app.legislation.domain.states import Flag, State
from app.legislation.domain.telling import Tellings, Told, of_action, of_link, of_withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """That a request became something else, or that somebody takes back what he said of it.

    Attributes:
        action: what brought it about; ``None`` where the whole request was recorded in error.
        link: of the vehicle that the action is of; ``None`` for an action of the request itself.
        before, state, flags: of the request before the action and after it, in the order of the world.
        withdrawn: the action, or the request, was recorded in error.
        told: the entry that said so.
        place: tells news of one entry and one request apart.
    """

    request: LegislativeRequest
    action: Action | None
    link: VehicleLink | None = None
    before: State | None = None
    state: State | None = None
    flags: tuple[Flag, ...] = ()
    withdrawn: bool = False
    told: Told
    place: int = 0

    @property
    def key(self) -> tuple[int, str, int]:
        """Its place in the order of the ledger."""
        return self.told.revision, str(self.request.id), self.place


def news(
    dossiers: Iterable[Dossier], tellings: Tellings, known_on: date | None = None
) -> list[News]:
    """All news about some requests, the newest first.

    Args:
        dossiers: with those that were recorded in error.
        tellings: of all entries of the requests and of their vehicles.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
    """
    found = [
        one
        for dossier in dossiers
        if dossier.is_public(known_on)
        for one in _news_of(dossier, tellings, known_on)
    ]
    return sorted(found, key=lambda one: one.key, reverse=True)


def page(
    found: Sequence[News], after: tuple[int, str, int] | None, limit: int
) -> tuple[list[News], tuple[int, str, int] | None]:
    """One page of news, the newest first, behind the key ``after``; and where the next begins."""
    rest = [one for one in found if after is None or one.key < after]
    return rest[:limit], rest[limit - 1].key if len(rest) > limit else None


def streams_of(dossiers: Iterable[Dossier]) -> set[UUID]:
    """The streams that tell of some requests: their own, and those of their vehicles."""
    return {one for dossier in dossiers for one in (dossier.request.id, *dossier.vehicles)}


def _news_of(dossier: Dossier, tellings: Tellings, known_on: date | None) -> Iterator[News]:
    request = dossier.request
    if request.withdrawn:
        told = tellings.find(of_withdrawal(request.id))
        yield News(request=request, action=None, withdrawn=True, told=told)
        return
    before: tuple[State | None, tuple[Flag, ...]] = (None, ())
    points = dossier.course(known_on).points
    for place, point in enumerate(points):
        action, link = point.step.action, point.step.link
        if (point.state, point.flags) != before:
            told = tellings.find(of_action(action.id))
            # What a bill did before anybody hung the request on it is news of the request only then.
            told = max(told, tellings.find(of_link(request.id, link))) if link else told
            yield News(
                request=request,
                action=action,
                link=link,
                before=before[0],
                state=point.state,
                flags=point.flags,
                told=told,
                place=place,
            )
        before = (point.state, point.flags)
    for place, (action, link) in enumerate(_taken_back(dossier, known_on), start=len(points)):
        told = tellings.find(of_withdrawal(action.id))
        if link and told < tellings.find(of_link(request.id, link)):
            continue  # it was never said of this request
        yield News(
            request=request, action=action, link=link, withdrawn=True, told=told, place=place
        )


def _taken_back(
    dossier: Dossier, known_on: date | None
) -> Iterator[tuple[Action, VehicleLink | None]]:
    """The actions recorded in error that said what the request became."""
    told: list[tuple[Action, VehicleLink | None]] = [(one, None) for one in dossier.request.actions]
    for riding in dossier.request.vehicles:
        vehicle = dossier.vehicles.get(riding.vehicle_id) if riding.vehicle_id else None
        since = carries_since(dossier.request, riding)
        told += (
            [(one, riding) for one in vehicle.actions if since <= one.on.last] if vehicle else []
        )
    for action, link in told:
        says = action.state is not None or action.flag is not None
        if action.withdrawn and says and (known_on is None or action.is_known_by(known_on)):
            yield action, link
