"""``/embed/growth``: the chart alone, for the pages of others. It has no forms and no keys, so anybody may frame it."""

from typing import Any, Final

from fastapi import APIRouter, Response

from app.journal.domain import Snapshot
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.headers import EMBED_POLICY
from app.web.views import overview
from app.web.views.filters import View
from app.web.views.growth import draw_growth
from app.web.views.standings import read_standings

router: Final = APIRouter()


@router.get("/embed/growth")
def show_growth(visit: VisitDep) -> Response:
    """The chart of growth; its filters are those of the overview."""
    view = View.read("/embed/growth", visit.request.query_params)

    def build(snapshot: Snapshot) -> dict[str, Any]:
        standings = read_standings(visit.session, view, snapshot)
        return {
            "title": overview.title_of(view),
            "basis": overview.basis_of(view, standings, snapshot),
            "growth": draw_growth(standings),
        }

    return answer(visit, "embed.html", view, build, policy=EMBED_POLICY)
