"""``/legislation``: the board of requests to parliaments, a page for each request, and one for each bill."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from app.journal.deps import snapshot_of
from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError, ValueRefusedError
from app.kernel.ids import parse_id
from app.legislation import service
from app.legislation.domain import is_reference, parse_vehicle_name
from app.legislation.errors import LegislativeRequestNotFoundError, VehicleNotFoundError
from app.web.answers import answer
from app.web.deps import Visit, VisitDep
from app.web.views import legislation, requests, vehicles
from app.web.views.board import address_of_vehicle
from app.web.views.filters import View

router: Final = APIRouter()


@router.get("/legislation")
def show_legislation(visit: VisitDep) -> Response:
    """What is pending on a day, what to look at, and what became of the rest."""
    view = View.read("/legislation", visit.request.query_params, legislation.NAMES)

    def build(snapshot: Snapshot) -> dict[str, Any]:
        today = visit.clock.today()
        page = legislation.read_legislation(visit.session, view, snapshot, today)
        return {"page": page, "alternates": page.twins}

    return answer(visit, "legislation.html", view, build, bar=legislation.LegislationFilterBar)


@router.get("/legislation/vehicles/{name:path}")
def show_vehicle(visit: VisitDep, name: str) -> Response:
    """One bill, budget or decision, by its id; by its name, such as ``US/118/H.R. 815``, it leads there."""
    try:
        vehicle_id = parse_id(name, "vehicle")
    except NotFoundError:
        return _lead_to_vehicle(visit, name)
    path = address_of_vehicle(vehicle_id)
    view = View.read(path, visit.request.query_params, vehicles.NAMES)

    def build(snapshot: Snapshot) -> dict[str, Any]:
        on = requests.read_on(view, snapshot, visit.clock.today())
        stored = service.get_vehicle(visit.session, vehicle_id, snapshot)
        page = vehicles.read_vehicle(visit.session, stored.vehicle, stored.revision, snapshot, on)
        return {"page": page}

    return answer(visit, "vehicle.html", view, build)


@router.get("/legislation/{name}")
def show_request(visit: VisitDep, name: str) -> Response:
    """One request, by reference or id."""
    view = View.read(f"/legislation/{name}", visit.request.query_params, requests.NAMES)

    def build(snapshot: Snapshot) -> dict[str, Any]:
        on = requests.read_on(view, snapshot, visit.clock.today())
        stored = service.get_request(visit.session, read_name(name), snapshot)
        page = requests.read_request(
            visit.session, view, stored.dossier, stored.revision, snapshot, on
        )
        closed: dict[str, Any] = {"desk_links": []} if stored.dossier.request.withdrawn else {}
        files = [*page.twins, *page.course_twins, *page.against_twins]
        return {"page": page, "alternates": files, **closed}

    return answer(visit, "legislative_request.html", view, build)


def _lead_to_vehicle(visit: Visit, name: str) -> Response:
    """To the address of a vehicle, which its name never breaks, whatever is in it."""
    try:
        known = parse_vehicle_name(name)
    except ValueRefusedError:
        raise VehicleNotFoundError from None
    stored = service.find_vehicle(
        visit.session, known, snapshot_of(visit.request, visit.session, None)
    )
    if stored is None:
        raise VehicleNotFoundError
    query = f"?{visit.request.url.query}" if visit.request.url.query else ""
    return RedirectResponse(f"{address_of_vehicle(stored.vehicle.id)}{query}", HTTPStatus.SEE_OTHER)


def read_name(text: str) -> UUID | str:
    """An id or a reference. What can be neither names nothing."""
    try:
        return parse_id(text, "legislative request")
    except NotFoundError:
        if is_reference(text):
            return text
        raise LegislativeRequestNotFoundError from None
