"""Our own CSV of movements: later events of single pledges, named by reference."""

from pathlib import Path
from typing import Final

from app.imports.domain.facts import Row
from app.imports.readers.pledges import read_csv

HEADERS: Final = ("reference", "stage", "amount", "currency", "on", "source_url", "note")


def read_movements(path: Path) -> list[Row]:
    """Each line of the file; an empty amount was not published.

    Raises:
        UnreadableFileError: not UTF-8, or other headers.
    """
    return [
        Row(
            path.name,
            line,
            cells["reference"],
            {
                "stage": cells["stage"],
                "amount": cells["amount"] or None,
                "currency": cells["currency"],
                "on": cells["on"] or None,
                "note": cells["note"] or None,
                "sources": [{"url": cells["source_url"], "title": None, "kind": "media"}],
            },
        )
        for line, cells in read_csv(path, HEADERS)
    ]
