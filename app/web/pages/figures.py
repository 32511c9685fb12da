"""Charts by themselves, as SVG files that carry their own colours: to print, to embed, to cite."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Response
from markupsafe import Markup

from app.journal.deps import snapshot_of
from app.kernel.errors import NotFoundError
from app.web.deps import VisitDep
from app.web.headers import FIGURE_POLICY, page_headers
from app.web.views.filters import View
from app.web.views.growth import draw_growth
from app.web.views.standings import read_standings

router: Final = APIRouter()
_SVG: Final = "image/svg+xml"


@router.get("/figures/growth.svg")
def get_growth(visit: VisitDep) -> Response:
    """The chart of growth of a view; its filters are those of the overview."""
    view = View.read("/figures/growth.svg", visit.request.query_params)
    view.check()
    snapshot = snapshot_of(visit.request, visit.session, view.as_of)
    growth = draw_growth(read_standings(visit.session, view, snapshot))
    if growth is None:
        raise NotFoundError("This view has no month to draw.")
    return Response(_alone(growth.wide), 200, page_headers(FIGURE_POLICY), _SVG)


def _alone(chart: Markup) -> str:
    """A chart with its name space and its colours in it."""
    colours = (files("app.web") / "static" / "chart.css").read_text(encoding="utf-8")
    # The stylesheet hides the wide chart where the screen is narrow; alone it is shown in any case.
    opening = Markup('<svg xmlns="http://www.w3.org/2000/svg" class="chart area" ')
    style = Markup("<style>{}</style>").format(Markup(colours))  # noqa: S704 -- a file of ours
    return chart.replace(Markup('<svg class="chart area wide" '), opening, 1).replace(
        Markup('<g class="plot" '), style + Markup('<g class="plot" '), 1
    )
