"""Our own CSV of pledges: one row per pledge, one source each, and an optional file of doubts beside it."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from app.imports.domain.facts import Row
from app.imports.errors import UnreadableFileError

HEADERS: Final = (
    "reference", "donor", "aid_type", "instrument", "title", "amount", "currency", "bound", "status",
    "announced_on", "date_precision", "source_url", "source_title", "source_kind", "verification",
)  # fmt: skip
DOUBTS: Final = "doubts.csv"


def read_pledges(path: Path) -> list[Row]:
    """Each line of the file, with what ``doubts.csv`` in the same folder says about it.

    Raises:
        UnreadableFileError: not UTF-8, or other headers.
    """
    doubts = _read_doubts(path.with_name(DOUBTS))
    return [_row(path.name, line, cells, doubts) for line, cells in read_csv(path, HEADERS)]


def read_csv(path: Path, headers: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of each row of a CSV file with exactly these headers.

    Raises:
        UnreadableFileError: not UTF-8, other headers, or a row of another length.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {type(error).__name__}.") from None
    reader = csv.DictReader(text.splitlines(), strict=True)
    if tuple(reader.fieldnames or ()) != headers:
        raise UnreadableFileError(f"{path.name} has other headers than {', '.join(headers)}.")
    for cells in reader:
        if None in cells or None in cells.values():
            raise UnreadableFileError(
                f"{path.name}, line {reader.line_num}: wrong number of cells."
            )
        yield reader.line_num, cells


def _row(
    file: str, line: int, cells: Mapping[str, str], doubts: Mapping[str, tuple[str, list[str]]]
) -> Row:
    note, overlaps = doubts.get(cells["reference"], ("", []))
    fields: dict[str, Any] = {
        name: cells[name] or None for name in HEADERS if not name.startswith(("source_", "date_"))
    }
    fields["sources"] = [
        {
            "url": cells["source_url"],
            "title": cells["source_title"] or None,
            "kind": cells["source_kind"],
        }
    ]
    fields |= {"notes": note or None, "overlaps": tuple(overlaps)}
    return Row(file, line, cells["reference"], fields)


def _read_doubts(path: Path) -> dict[str, tuple[str, list[str]]]:
    if not path.exists():
        return {}
    rows = read_csv(path, ("reference", "note", "overlaps"))
    return {
        cells["reference"]: (cells["note"], list(filter(None, cells["overlaps"].split(";"))))
        for _, cells in rows
    }
