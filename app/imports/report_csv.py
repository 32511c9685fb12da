"""The report of an import as CSV: a line for every change and every finding."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.csv_text import write_csv

COLUMNS: Final = (
    "sheet", "row", "cell", "external_id", "reference", "outcome", "severity", "code", "detail", "raw", "field",
    "before", "after",
)  # fmt: skip
_NUMBERS: Final = frozenset({"row"})


def report_csv(lines: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The report, in pieces.

    Args:
        lines: of the report that was kept, see ``domain.report``.
    """
    return write_csv(COLUMNS, _rows(lines), numbers=_NUMBERS)


def _rows(lines: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, object]]:
    for line in lines:
        row = dict.fromkeys(COLUMNS) | {name: line.get(name) for name in COLUMNS if name in line}
        told = [
            *(row | finding for finding in line["findings"]),
            *(row | change for change in line["changes"]),
        ]
        yield from told or [row]
