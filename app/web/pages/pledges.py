"""``/pledges``: the list, and a page for each pledge."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError
from app.kernel.ids import parse_id
from app.pledges import service
from app.pledges.domain.reading import is_reference
from app.pledges.errors import PledgeNotFoundError
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.views import pledges
from app.web.views.filters import View

router: Final = APIRouter()


@router.get("/pledges")
def show_pledges(visit: VisitDep) -> Response:
    """One page of the list; all pages of one walk show the same revision."""
    view = View.read("/pledges", visit.request.query_params, pledges.NAMES)
    now = visit.clock.now()

    def build(snapshot: Snapshot) -> dict[str, Any]:
        page = pledges.read_list(visit.session, view, snapshot, now)
        return {"page": page, "alternates": page.twins}

    def pinned() -> int | None:
        cursor = pledges.read_cursor(view, now)
        return cursor.revision if cursor else None

    return answer(
        visit,
        "pledges.html",
        view,
        build,
        bar=pledges.PledgeFilterBar,
        pinned=pinned,
    )


@router.get("/pledges/{name}")
def show_pledge(visit: VisitDep, name: str) -> Response:
    """One pledge, by reference or id."""
    view = View.read(f"/pledges/{name}", visit.request.query_params, ("as_of",))

    def build(snapshot: Snapshot) -> dict[str, Any]:
        stored = service.get_pledge(visit.session, read_name(name), snapshot)
        page = pledges.read_pledge(visit.session, view, stored, snapshot)
        # What was recorded in error changes no more, so no form leads anywhere.
        closed: dict[str, Any] = {"desk_links": []} if stored.pledge.withdrawn else {}
        return {"page": page, "alternates": [*page.twins, *page.stages_twins], **closed}

    return answer(visit, "pledge.html", view, build)


def read_name(text: str) -> UUID | str:
    """An id or a reference. What can be neither names nothing."""
    try:
        return parse_id(text, "pledge")
    except NotFoundError:
        if is_reference(text):
            return text
        raise PledgeNotFoundError from None
