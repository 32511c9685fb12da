"""``/rates``: what currencies were worth, who says so, and by which rule amounts are converted."""

from typing import Any, Final

from fastapi import APIRouter, Response

from app.journal.domain import Snapshot
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.views import rates
from app.web.views.filters import View

router: Final = APIRouter()


@router.get("/rates")
def show_rates(visit: VisitDep) -> Response:
    """One currency over a period."""
    view = rates.read_view(View.read("/rates", visit.request.query_params, rates.NAMES))

    def build(snapshot: Snapshot) -> dict[str, Any]:
        page = rates.read_rates(visit.session, view, snapshot)
        return {"page": page, "alternates": page.twins}

    return answer(visit, "rates.html", view, build, bar=rates.RatesBar)
