"""``/``, asked for by a browser: the overview. Programs that ask there get links instead, see ``app.health``."""

from typing import Any, Final

from fastapi import APIRouter, Response

from app.journal.domain import Snapshot
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.views import overview
from app.web.views.dataset import describe_dataset
from app.web.views.filters import View

router: Final = APIRouter()


@router.get("/overview")
def show_overview(visit: VisitDep) -> Response:
    """Key figures, growth, donors, pending requests, latest changes."""
    view = View.read("/", visit.request.query_params, overview.NAMES)

    def build(snapshot: Snapshot) -> dict[str, Any]:
        shown = overview.read_overview(visit.session, view, snapshot, visit.clock.today())
        return {
            "overview": shown,
            "dataset": describe_dataset(snapshot),
            "alternates": [*shown.growth_twins, *shown.table_twins, *shown.board_twins],
        }

    return answer(visit, "overview.html", view, build)
