"""Workbooks by name: each is a pure function from frozen figures and a stamp to a workbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from reports import changes, donor, legislation, summary, timeline
from reports.figures import Stamp
from reports.kit.workbook import Book


@dataclass(frozen=True, slots=True)
class Report:
    """A workbook that can be asked for.

    Attributes:
        title: what it is called on its cover.
        build: from its own figures and a stamp to a workbook, ready to be saved once.
    """

    title: str
    build: Callable[[Any, Stamp], Book]


REPORTS: Final[Mapping[str, Report]] = MappingProxyType(
    {
        "changes": Report(changes.TITLE, changes.build),
        "donor": Report(donor.TITLE, donor.build),
        "legislation": Report(legislation.TITLE, legislation.build),
        "summary": Report(summary.TITLE, summary.build),
        "timeline": Report(timeline.TITLE, timeline.build),
    }
)
