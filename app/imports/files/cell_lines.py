"""The cells of a file as lines of JSON: how the process that reads a file hands them to the one that asked.

A line ``{"sheet": ...}`` begins a sheet; a line ``[number, [values], [columns with formulas]]`` is a row; the last
line is ``{"rows": n}``, or ``{"refused": code, "detail": ...}`` where the file is not read. JSON has no dates and its
readers make floats of fractions, so these are written as ``{"d": "2023-11-14"}``, ``{"t": ...}`` and ``{"n": "0.1"}``.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from app.imports.domain.cells import SheetRow, Value

# How the process that reads says that its output was cut off.
EXIT_TOO_LARGE: Final = 3
_EXACT: Final = 2**53
_NONE: Final[frozenset[int]] = frozenset()


def write_row(number: int, values: Sequence[Value], formulas: Iterable[int] = ()) -> str:
    """The line of one row; the last value is not empty or a formula."""
    marks = sorted(formulas)
    return _write([number, values, marks] if marks else [number, values])


def to_value(read: object) -> Value:
    """What a spreadsheet's library has read, as a value without floats."""
    match read:
        case str():
            return read or None
        case float():
            return int(read) if read.is_integer() and abs(read) < _EXACT else Decimal(repr(read))
        case None | bool() | int() | date():
            return read
        case time() | timedelta():
            return str(read)
        case _:
            raise TypeError(type(read))


def _encode(value: object) -> dict[str, str]:
    """A value that JSON does not know."""
    match value:
        case Decimal():
            return {"n": str(value)}
        case datetime():
            return {"t": value.isoformat()}
        case date():
            return {"d": value.isoformat()}
        case _:
            raise TypeError(type(value))


def _decode(written: dict[str, str]) -> Value:
    """The inverse of ``_encode``."""
    match written:
        case {"n": text}:
            return Decimal(text)
        case {"t": text}:
            return datetime.fromisoformat(text)
        case {"d": text}:
            return date.fromisoformat(text)
        case _:
            raise TypeError(written.keys())


def _refuse_float(_text: str) -> Value:
    raise TypeError(float)


# What JSON knows, which is nearly all of it, never comes by our functions.
_write: Final = json.JSONEncoder(separators=(",", ":"), default=_encode).encode
_read: Final = json.JSONDecoder(object_hook=_decode, parse_float=_refuse_float).decode


@dataclass(frozen=True, slots=True)
class CellRows:
    """The rows of one sheet, read from the lines as often as they are asked for.

    Attributes:
        path: the file of lines.
        sheet: name of the sheet.
        start: of the sheet's first row in the file, in bytes.
        end: behind its last row.
    """

    path: Path
    sheet: str
    start: int
    end: int

    def __iter__(self) -> Iterator[SheetRow]:
        """Every row, top to bottom."""
        with self.path.open("rb") as lines:
            lines.seek(self.start)
            place = self.start
            while place < self.end:
                line = lines.readline()
                place += len(line)
                yield self._row(_read(line.decode()))

    def _row(self, row: list[Any]) -> SheetRow:
        number, values, *marks = row
        formulas = frozenset(marks[0]) if marks else _NONE
        return SheetRow(self.sheet, number, tuple(values), formulas)
