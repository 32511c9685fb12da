"""``/changes``: what moved the totals between two states of the ledger."""

from typing import Any, Final

from fastapi import APIRouter, Response

from app.journal.deps import snapshot_of, snapshots_of
from app.journal.domain import Snapshot
from app.web.answers import answer
from app.web.deps import Visit, VisitDep
from app.web.views import difference
from app.web.views.filters import View

router: Final = APIRouter()


@router.get("/changes")
def show_changes(visit: VisitDep) -> Response:
    """The difference by cause and by donor, and the entries that made it."""
    view = View.read("/changes", visit.request.query_params, difference.NAMES)

    def build(head: Snapshot) -> dict[str, Any]:
        page = compare(visit, view, head)
        return {"page": page, "alternates": [*page.bridge_twins, *page.twins]}

    return answer(visit, "changes.html", view, build, bar=difference.ChangesFilterBar)


def compare(visit: Visit, view: View, head: Snapshot) -> difference.DifferencePage:
    """The two states that a view names, compared; by default what was a month ago with the head."""
    today = visit.clock.today()
    first, last = difference.read_moments(view, today)
    if first is None:
        month_ago = snapshot_of(visit.request, visit.session, difference.month_before(today))
        first = difference.usual_start(month_ago, head)
    earlier, later = snapshots_of(visit.request, visit.session, first, last)
    return difference.read_difference(visit.session, view, earlier, later)
