"""Where a package is read: addresses become sources, and what is no address stays as words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from app.imports.domain.cells import SheetRow
from app.imports.domain.kiel.columns import SOURCES, Column, Table
from app.imports.domain.kiel.words import is_missing, is_yes
from app.kernel.errors import ValueRefusedError
from app.kernel.sources import MAX_SOURCES, SourceKind
from app.kernel.text import clean_url

# What governments keep to themselves: defense.mil, and gov.uk, gouv.fr, gob.es, govt.nz, gv.at, go.jp, gc.ca, mfa.gr.
_OFFICIAL_LABELS: Final = frozenset({"gov", "gouv", "gob", "govt", "gv", "go", "mil", "mfa", "gc"})
_COUNTRY: Final = 2  # letters
# Those without such a part, of the donors that the tracker follows.
_OFFICIAL_SITES: Final = (
    "europa.eu", "eib.org", "admin.ch", "belgium.be", "bundesregierung.de", "bundeswehr.de", "bmvg.de",
    "canada.ca", "defensie.nl", "defmin.fi", "esteri.it", "fmn.dk", "gouvernement.fr", "gouvernement.lu",
    "government.nl", "government.se", "intermin.fi", "kaitseministeerium.ee", "lrv.lt", "regeringen.dk",
    "regeringen.se", "regjeringen.no", "um.dk", "um.fi", "valtioneuvosto.fi", "vlada.cz", "vm.ee",
)  # fmt: skip
_ADDRESS: Final = re.compile(r"\.?(https?://.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Citation:
    """One cell of a source column.

    Attributes:
        text: an address that may be a source, or words such as ``E-Mail from the Ministry of Defence``.
        is_address: whether it is an address.
        is_flagged: whether the workbook says that the row rests on an official source; not which one it is.
    """

    text: str
    is_address: bool
    is_flagged: bool

    @property
    def is_governmental(self) -> bool:
        """Whether the address is one of a government or an institution."""
        host = urlsplit(self.text).hostname or ""
        *_, domain, top = ("", *host.split("."))
        return (
            top in _OFFICIAL_LABELS
            or (len(top) == _COUNTRY and domain in _OFFICIAL_LABELS)
            or any(host == site or host.endswith(f".{site}") for site in _OFFICIAL_SITES)
        )


def cite(table: Table, row: SheetRow) -> Iterator[Citation]:
    """What a row cites, first for the promise and then for the delivery."""
    is_flagged = is_yes(table.text(row, Column.OFFICIAL))
    for column in (*SOURCES, Column.DELIVERY_SOURCE):
        text = table.text(row, column)
        if not is_missing(text) and text != "0":
            yield _read(text, is_flagged=is_flagged)


def split(citations: Iterable[Citation]) -> tuple[list[Citation], list[Citation]]:
    """Distinct citations: those that a pledge can hold as its sources, and the rest, which is told in words."""
    distinct = list({one.text: one for one in reversed(list(citations))}.values())[::-1]
    sources = [one for one in distinct if one.is_address][:MAX_SOURCES]
    return sources, [one for one in distinct if one not in sources]


def to_sources(citations: Iterable[Citation]) -> list[dict[str, str | None]]:
    """The sources as a command takes them.

    Of the addresses of flagged rows those of governments are official; where none is one, all are, for the flag says
    that one of them must be.
    """
    flagged = [one for one in citations if one.is_flagged]
    official = [one for one in flagged if one.is_governmental] or flagged
    return [
        {
            "url": one.text,
            "title": None,
            "kind": (SourceKind.OFFICIAL if one in official else SourceKind.OTHER).value,
        }
        for one in citations
    ]


# Dozens of rows of a package cite the same page.
@lru_cache(maxsize=1_024)
def _read(text: str, *, is_flagged: bool) -> Citation:
    """Some addresses begin with a stray full stop, and in some a blank was typed or pasted."""
    found = _ADDRESS.fullmatch(text)
    if found:
        address = found[1].replace(" ", "%20").rstrip("\\")
        try:
            return Citation(clean_url(address), is_address=True, is_flagged=is_flagged)
        except ValueRefusedError:
            pass
    return Citation(text, is_address=False, is_flagged=is_flagged)
