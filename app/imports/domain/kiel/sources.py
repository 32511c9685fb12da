"""Where a package is read: addresses become sources, and what is no address stays as words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.imports.domain.cells import SheetRow
from app.imports.domain.kiel.columns import SOURCES, Column, Table
from app.imports.domain.kiel.words import is_missing, is_yes
from app.kernel.errors import ValueRefusedError
from app.kernel.sources import MAX_SOURCES, SourceKind
from app.kernel.text import clean_url

_ADDRESS: Final = re.compile(r"\.?(https?://.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Citation:
    """One cell of a source column.

    Attributes:
        text: an address that may be a source, or words such as ``E-Mail from the Ministry of Defence``.
        is_address: whether it is an address.
        is_official: whether the workbook flags the row as resting on an official source.
    """

    text: str
    is_address: bool
    is_official: bool

    def to_source(self) -> dict[str, str | None]:
        """The source as a command takes it."""
        kind = SourceKind.OFFICIAL if self.is_official else SourceKind.OTHER
        return {"url": self.text, "title": None, "kind": kind.value}


def cite(table: Table, row: SheetRow) -> Iterator[Citation]:
    """What a row cites, first for the promise and then for the delivery."""
    official = is_yes(table.text(row, Column.OFFICIAL))
    for column in (*SOURCES, Column.DELIVERY_SOURCE):
        text = table.text(row, column)
        if not is_missing(text) and text != "0":
            yield _read(text, is_official=official)


def split(citations: Iterable[Citation]) -> tuple[list[Citation], list[Citation]]:
    """Distinct citations: those that a pledge can hold as its sources, and the rest, which is told in words."""
    distinct = list({one.text: one for one in reversed(list(citations))}.values())[::-1]
    sources = [one for one in distinct if one.is_address][:MAX_SOURCES]
    return sources, [one for one in distinct if one not in sources]


def _read(text: str, *, is_official: bool) -> Citation:
    """Some addresses begin with a stray full stop, and in some a blank was typed or pasted."""
    found = _ADDRESS.fullmatch(text)
    if found:
        address = found[1].replace(" ", "%20").rstrip("\\")
        try:
            return Citation(clean_url(address), is_address=True, is_official=is_official)
        except ValueRefusedError:
            pass
    return Citation(text, is_address=False, is_official=is_official)
