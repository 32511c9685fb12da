"""``/donors``: all donors, and a page for each."""

from typing import Any, Final

from fastapi import APIRouter, Response

from app.journal.domain import Snapshot
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.views import donors, overview, standings
from app.web.views.filters import View
from app.web.views.sharing import share

router: Final = APIRouter()


@router.get("/donors")
def show_donors(visit: VisitDep) -> Response:
    """All donors that the view has amounts of."""
    view = View.read("/donors", visit.request.query_params, donors.LIST_NAMES)

    def build(snapshot: Snapshot) -> dict[str, Any]:
        found = standings.read_standings(visit.session, view, snapshot)
        files = standings.donor_twins(view, found)
        return {
            "title": overview.title_of(view),
            "basis": overview.basis_of(view, found, snapshot),
            "notes": overview.notes_of(found),
            "table": standings.donor_table(found, view),
            "table_twins": files,
            "alternates": files,
            "table_sharing": share(
                standings.DONORS, view, f"{overview.title_of(view)}, by donor", snapshot
            ),
        }

    return answer(visit, "donors.html", view, build)


@router.get("/donors/{code}")
def show_donor(visit: VisitDep, code: str) -> Response:
    """One donor."""
    donor = donors.find_known_donor(code)
    view = View.read(f"/donors/{donor.code}", visit.request.query_params, donors.NAMES)

    def build(snapshot: Snapshot) -> dict[str, Any]:
        today = visit.clock.today()
        page = donors.read_donor(visit.session, donor, view, snapshot, today)
        return {"page": page, "alternates": [*page.stages_twins, *page.kinds_twins, *page.twins]}

    return answer(visit, "donor.html", view, build)
