"""CSV that any spreadsheet reads and none runs: UTF-8, RFC 4180, no cell that could be a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
# What makes a spreadsheet take a cell for a formula: OWASP's list, and the full-width and small signs.
_TRIGGERS: Final = (
    *"=+-@\t\r\n|",
    *"\uff1d\uff0b\uff0d\uff20",
    *"\ufe66\ufe62\ufe63\ufe6b",
)
# What may stand before it unseen: apostrophes, blanks, and marks that have no width.
_BEFORE: Final = "' \u00a0\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060"
_BATCH: Final = 500


def write_csv(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], *, numbers: frozenset[str]
) -> Iterator[bytes]:
    """The header and the rows, in pieces.

    Args:
        columns: keys of the rows, in order; they are the header.
        rows: ``None`` is an empty cell.
        numbers: columns that hold our own figures and may begin with a minus.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for count, row in enumerate(rows, start=1):
        writer.writerow([row[name] if name in numbers else _safe(row[name]) for name in columns])
        if count % _BATCH == 0:
            yield _take(text)
    yield _take(text)


def _safe(value: object) -> str:
    """Text that stays text: an apostrophe before whatever a spreadsheet would run.

    What begins with apostrophes before that gets one more, so that whoever reads it takes away one and has the text.
    """
    text = "" if value is None else str(value)
    return "'" + text if _may_run(text) else text


def plain_text(cell: str) -> str:
    """The text of a cell that ``write_csv`` wrote."""
    return cell[1:] if cell.startswith("'") and _may_run(cell) else cell


def _may_run(text: str) -> bool:
    return text.lstrip(_BEFORE).startswith(_TRIGGERS)


def _take(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken
