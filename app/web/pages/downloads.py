"""``/downloads``: every file that the ledger can be had as."""

from typing import Any, Final

from fastapi import APIRouter, Response

from app.journal.domain import Snapshot
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.routes import known_paths
from app.web.views import downloads
from app.web.views.filters import View
from app.web.views.verify import find_checkpoint

router: Final = APIRouter()


@router.get("/downloads")
def show_downloads(visit: VisitDep) -> Response:
    """Workbooks and tables of the view, with their rows and sizes."""
    view = View.read("/downloads", visit.request.query_params)
    signed = find_checkpoint(visit.session)
    size = signed.size if signed else None

    def build(snapshot: Snapshot) -> dict[str, Any]:
        paths = known_paths(visit.request.app)
        found = downloads.read_downloads(
            visit.session,
            view,
            snapshot,
            today=visit.clock.today(),
            signed=size,
            has_route=paths.__contains__,
        )
        return {"downloads": found, "revision": snapshot.revision}

    return answer(visit, "downloads.html", view, build, beside=f"signed {size}")
