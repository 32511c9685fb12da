"""``/legislation``: the board of requests to parliaments, and a page for each request."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError
from app.kernel.ids import parse_id
from app.legislation import service
from app.legislation.domain import is_reference
from app.legislation.errors import LegislativeRequestNotFoundError
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.views import legislation, requests
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


def read_name(text: str) -> UUID | str:
    """An id or a reference. What can be neither names nothing."""
    try:
        return parse_id(text, "legislative request")
    except NotFoundError:
        if is_reference(text):
            return text
        raise LegislativeRequestNotFoundError from None
