"""``/method``, ``/about`` and ``/groups``: what the figures mean, what this is, and who is a member of what."""

from typing import Any, Final

from fastapi import APIRouter, Response

from app import migrate
from app.exports.stamps import citation
from app.journal.domain import Snapshot
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.views.filters import View
from app.web.views.groups import list_groups
from reports.terms import LICENCE

router: Final = APIRouter()


@router.get("/method")
def show_method(visit: VisitDep) -> Response:
    """Definitions, conversion, and what is not counted."""
    view = View.read("/method", visit.request.query_params, ())
    return answer(visit, "method.html", view, lambda _snapshot: {})


@router.get("/about")
def show_about(visit: VisitDep) -> Response:
    """What this is, its licence, how to cite it, its versions and feeds."""
    view = View.read("/about", visit.request.query_params, ())

    def build(snapshot: Snapshot) -> dict[str, Any]:
        return {
            "licence": LICENCE,
            "citation": citation(snapshot),
            "version": visit.request.app.version,
            "schema": migrate.expected_head() or "none",
        }

    return answer(visit, "about.html", view, build)


@router.get("/groups")
def show_groups(visit: VisitDep) -> Response:
    """The groups that totals can be asked for."""
    view = View.read("/groups", visit.request.query_params, ())

    def build(_snapshot: Snapshot) -> dict[str, Any]:
        return {"groups": list_groups(visit.clock.today())}

    return answer(visit, "groups.html", view, build)
