"""The twins of a block: the same figures, by the same query, as files and as lines for other programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from app.fx.domain import TARGETS
from app.web.views.filters import SHARED, View

# What the workbooks can be asked for; the summary shows all measures.
_OF_SUMMARY: Final = tuple(name for name in SHARED if name != "measure")


_MEDIA_TYPES: Final[Mapping[str, str]] = {
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "CSV": "text/csv",
    "JSON": "application/json",
    "SVG": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Twin:
    """One link: what it is called, what it leads to, what it says to those who cannot see its place."""

    name: str
    address: str
    about: str

    @property
    def media_type(self) -> str:
        """What it is, to those who ask before they fetch it."""
        return _MEDIA_TYPES[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A figure of a page that also stands by itself, as a picture, as a table, in the pages of others.

    Attributes:
        name: in its addresses, ``/figures/NAME.svg`` and ``/embed/NAME``.
        takes: the parameters of these, with the names and meanings that they have on the page.
        is_total: whether what it shows is a total, which the API can cite.
        height: of a frame that holds it, in pixels.
    """

    name: str
    takes: Sequence[str]
    is_total: bool = False
    height: int = 540

    def embed_path(self, view: View, **own: str) -> str:
        """Where it stands alone; ``own`` are the parameters that the page itself stands for, as the donor's."""
        return file_address(f"/embed/{self.name}", view, self.takes, own)

    def picture(self, view: View, about: str, **own: str) -> Twin:
        """The chart as a file."""
        return self._twin("SVG", view, f"{about}, picture", own)

    def files(self, view: View, about: str, **own: str) -> list[Twin]:
        """What the chart shows as tables, where the API has none of just that, and the chart as a picture."""
        tables = [self._twin(name, view, f"{about}, {name}", own) for name in ("CSV", "JSON")]
        return [*tables, self.picture(view, about, **own)]

    def _twin(self, name: str, view: View, about: str, own: Mapping[str, str]) -> Twin:
        path = f"/figures/{self.name}.{name.lower()}"
        return Twin(name, file_address(path, view, self.takes, own), about)


def summary_twins(view: View, about: str, **own: str) -> list[Twin]:
    """The workbook that holds the figures of all stages, where there is one in this currency."""
    workbook = file_address("/v1/reports/summary.xlsx", view, _OF_SUMMARY, own)
    return in_target(view, Twin("XLSX", workbook, f"{about}, in the summary workbook"))


def series_twins(view: View, by: str, about: str, more: Mapping[str, str]) -> list[Twin]:
    """The totals of a view as CSV and JSON."""
    return [
        Twin(
            "CSV", file_address("/v1/totals.csv", view, SHARED, {"by": by, **more}), f"{about}, CSV"
        ),
        Twin(
            "JSON", file_address("/v1/totals", view, SHARED, {"by": by, **more}), f"{about}, JSON"
        ),
    ]


def in_target(view: View, workbook: Twin) -> list[Twin]:
    """Workbooks are made in these currencies only."""
    return [workbook] if view.get("currency") in TARGETS else []


def totals_path(view: View, by: str) -> str:
    """Where the same totals stand as CSV, for programs."""
    return file_address("/v1/totals.csv", view, SHARED, {"by": by})


def file_address(path: str, view: View, names: Iterable[str], more: Mapping[str, str]) -> str:
    """The address of a file with those filters of the view that it takes, and with ``more``."""
    # What the page shows by default it says here in full, so that a copied link means the same for ever.
    texts = {name: view.get(name) for name in names if view.get(name)}
    query = urlencode({**texts, **more}, safe=",:")
    return f"{path}?{query}" if query else path
