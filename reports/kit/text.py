"""Text that Excel shows exactly as it was recorded and never runs as a formula."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# "Excel specifications and limits": characters that a cell can contain, counted in UTF-16 units.
MAX_CELL: Final = 32_767
_MAX_HEADER: Final = 255
_MAX_TABLE_NAME: Final = 255

# What XML or Excel cannot hold, and what shows two readers two different texts (CVE-2021-42574).
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Excel reads "_x0041_" in a file as "A" (ECMA-376 part 1, 22.9.2.19, ST_Xstring).
_ESCAPE_LIKE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# What a spreadsheet may take for the start of a formula (OWASP, "CSV Injection").
_FORMULA_STARTS: Final = frozenset("=+-@\t\r\n")
_CELL_REFERENCE: Final = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*|[Rr]|[Cc]")


def printable(text: str) -> str:
    """The text as it goes into the file: unprintable characters visible, line ends as in Excel."""
    if text.isascii() and text.isprintable() and "_x" not in text:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPE_LIKE.sub("_x005F_", _UNPRINTABLE.sub(_visible, text))


def fits_cell(text: str) -> bool:
    """Whether a cell can hold the whole text. Excel counts UTF-16 units: an emoji counts twice."""
    return len(text) <= MAX_CELL // 2 or len(text.encode("utf-16-le")) // 2 <= MAX_CELL


def may_start_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula once somebody edits the cell.

    Full-width and small variants count, because spreadsheets of some languages accept them.
    """
    start = text[:1]
    return (
        start in _FORMULA_STARTS or unicodedata.normalize("NFKC", start or " ") in _FORMULA_STARTS
    )


def unique_headers(titles: Iterable[str]) -> tuple[str, ...]:
    """The titles as a native table's headers: one line, not empty, no two alike in any case."""
    headers: list[str] = []
    taken: set[str] = set()
    for title in titles:
        line = " ".join(printable(title).split())[: _MAX_HEADER - 10] or "Column"
        header = _free_name(line, taken, " ({})")
        taken.add(header.casefold())
        headers.append(header)
    return tuple(headers)


def table_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that Excel takes for a table: letters, digits, underscores; no address; not taken."""
    name = re.sub(r"\W+", "_", wanted).strip("_")[: _MAX_TABLE_NAME - 10]
    if not name or name[0].isdigit() or _CELL_REFERENCE.fullmatch(name):
        name = f"Table_{name}".rstrip("_")
    return _free_name(name, {each.casefold() for each in taken}, "_{}")


def words(code: str) -> str:
    """A code of the ledger as people write it: ``in_kind`` is ``In kind``."""
    return code.replace("_", " ").capitalize()


def _free_name(name: str, taken: set[str], suffix: str) -> str:
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = name + suffix.format(number)
    return free


def _visible(match: re.Match[str]) -> str:
    """Unicode's control pictures for C0 and DEL, the replacement character for all else."""
    code = ord(match[0])
    if code <= ord("\x1f"):
        return chr(ord("\u2400") + code)
    return "\u2421" if code == ord("\x7f") else "\ufffd"
