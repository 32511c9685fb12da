"""``/embed/NAME``: one figure alone, for the pages of others. It has no forms and no keys, so anybody may frame it."""

from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Response

from app.journal.domain import Snapshot
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.headers import EMBED_POLICY
from app.web.pages.blocks import find_block
from app.web.views.filters import View

router: Final = APIRouter()


@router.get("/embed/{name}")
def show_block(visit: VisitDep, name: str) -> Response:
    """A figure with its table; its filters are those of the page that shows it among others."""
    block, read = find_block(name)
    view = View.read(f"/embed/{block.name}", visit.request.query_params, block.takes)

    def build(snapshot: Snapshot) -> dict[str, Any]:
        shown = read(visit, view, snapshot)
        files = block.files(view, shown.drawing.title) if shown.drawing else []
        return {"block": shown, "alternates": files}

    # Nothing in it is personal: whoever is signed in is shown what all are shown.
    anybody = replace(visit, visitor=None)
    return answer(anybody, "embed.html", view, build, policy=EMBED_POLICY)
