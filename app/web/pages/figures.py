"""Figures by themselves: charts as SVG files that carry their own colours, to print, to send, to cite; and as tables.

Each takes the filters of the page that shows it.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import APIRouter, Response

from app.csv_text import MEDIA_TYPE as CSV
from app.csv_text import write_csv
from app.exports.stamps import as_of_words
from app.journal.deps import snapshot_of
from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError
from app.web import assets, charts
from app.web.answers import answer_file
from app.web.deps import Visit, VisitDep
from app.web.headers import FIGURE_POLICY
from app.web.pages.blocks import Shown, find_block
from app.web.views.drawings import Cell, Drawing, Exact
from app.web.views.filters import View

router: Final = APIRouter()
_SVG: Final = "image/svg+xml"
_JSON: Final = "application/json"
Write = Callable[[Shown, Drawing, Snapshot], bytes]


@router.get("/figures/{name}.svg")
def get_picture(visit: VisitDep, name: str) -> Response:
    """The chart as a picture."""
    return _answer(visit, name, "svg", _SVG, _write_picture)


@router.get("/figures/{name}.csv")
def get_csv(visit: VisitDep, name: str) -> Response:
    """The rows behind the chart, exactly."""
    return _answer(visit, name, "csv", CSV, _write_csv)


@router.get("/figures/{name}.json")
def get_json(visit: VisitDep, name: str) -> Response:
    """The rows behind the chart, exactly, with what they rest on."""
    return _answer(visit, name, "json", _JSON, _write_json)


def _answer(visit: Visit, name: str, suffix: str, media_type: str, write: Write) -> Response:
    block, read = find_block(name)
    view = View.read(f"/figures/{block.name}.{suffix}", visit.request.query_params, block.takes)
    view.check()
    snapshot = snapshot_of(visit.request, visit.session, view.as_of)

    def make() -> bytes:
        shown = read(visit, view, snapshot)
        if shown.drawing is None:
            raise NotFoundError("There is nothing to draw in this view.")
        return write(shown, shown.drawing, snapshot)

    return answer_file(visit, snapshot, make, media_type=media_type, policy=FIGURE_POLICY)


def _write_picture(shown: Shown, drawing: Drawing, snapshot: Snapshot) -> bytes:
    return charts.poster(
        drawing.drawn.wide,
        (shown.title, drawing.title),
        f"Source: Aid Ledger, as of {as_of_words(snapshot)}. {shown.basis}",
        style=assets.chart_style(),
        notes=drawing.notes,
    ).encode()


def _write_csv(_shown: Shown, drawing: Drawing, _snapshot: Snapshot) -> bytes:
    keys = [head.key for head in drawing.heads]
    figures = frozenset(head.key for head in drawing.heads if head.is_number)
    rows = (_values(drawing, row) for row in drawing.rows)
    return b"".join(write_csv(keys, rows, numbers=figures))


def _write_json(shown: Shown, drawing: Drawing, snapshot: Snapshot) -> bytes:
    document: dict[str, Any] = {
        "data": [_values(drawing, row) for row in drawing.rows],
        "total": _values(drawing, drawing.total) if drawing.total else None,
        "meta": {
            **snapshot.meta(),
            "title": drawing.title,
            "about": shown.title,
            "basis": shown.basis,
            "notes": list(drawing.notes),
        },
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _values(drawing: Drawing, row: Sequence[Cell]) -> dict[str, str | int | None]:
    return {
        head.key: cell.value if isinstance(cell, Exact) else cell
        for head, cell in zip(drawing.heads, row, strict=True)
    }
