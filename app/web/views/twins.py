"""The twins of a block: the same figures, by the same query, as files and as lines for other programs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from app.fx.domain import TARGETS
from app.web.views.filters import SHARED, View

# What the workbooks can be asked for; the summary shows all measures.
_OF_SUMMARY: Final = tuple(name for name in SHARED if name != "measure")


@dataclass(frozen=True, slots=True)
class Twin:
    """One link: what it is called, what it leads to, what it says to those who cannot see its place."""

    name: str
    address: str
    about: str


def totals_twins(view: View, by: str, about: str, **more: str) -> list[Twin]:
    """The figures of a table of donors as CSV and JSON, and the workbook that holds them."""
    workbook = file_address("/v1/reports/summary.xlsx", view, _OF_SUMMARY, {})
    return [
        *_in_target(view, Twin("XLSX", workbook, f"{about}, in the summary workbook")),
        *_tables(view, by, about, more),
    ]


def _tables(view: View, by: str, about: str, more: Mapping[str, str]) -> list[Twin]:
    return [
        Twin(
            "CSV", file_address("/v1/totals.csv", view, SHARED, {"by": by, **more}), f"{about}, CSV"
        ),
        Twin(
            "JSON", file_address("/v1/totals", view, SHARED, {"by": by, **more}), f"{about}, JSON"
        ),
    ]


def _in_target(view: View, workbook: Twin) -> list[Twin]:
    """Workbooks are made in these currencies only."""
    return [workbook] if view.get("currency") in TARGETS else []


def growth_twins(view: View, about: str) -> list[Twin]:
    """The figures of the chart of growth, and the chart as a picture."""
    picture = Twin(
        "SVG", file_address("/figures/growth.svg", view, SHARED, {}), f"{about}, picture"
    )
    workbook = file_address("/v1/reports/timeline.xlsx", view, SHARED, {})
    return [
        *_in_target(view, Twin("XLSX", workbook, f"{about}, in the workbook over time")),
        *_tables(view, "donor,month", about, {"cumulative": "true"}),
        picture,
    ]


def totals_path(view: View, by: str) -> str:
    """Where the same totals stand as CSV, for programs."""
    return file_address("/v1/totals.csv", view, SHARED, {"by": by})


def file_address(path: str, view: View, names: Iterable[str], more: Mapping[str, str]) -> str:
    """The address of a file with those filters of the view that it takes, and with ``more``."""
    # What the page shows by default it says here in full, so that a copied link means the same for ever.
    texts = {name: view.get(name) for name in names if view.get(name)}
    query = urlencode({**texts, **more}, safe=",:")
    return f"{path}?{query}" if query else path
