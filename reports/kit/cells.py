"""Cells of large sheets: each column knows what it holds, so that a cell costs little more than its characters.

What the cells look like and how text is made safe is as in ``rows``; no cell is a formula but in a column of these.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from html import escape
from itertools import repeat
from string import ascii_letters, digits
from typing import Final, Generic, TypeAlias, TypeVar

from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app.kernel.currencies import CURRENCIES
from reports.kit.formulas import Formula
from reports.kit.looks import Look
from reports.kit.numbers import MAX_DIGITS, Number
from reports.kit.table import fit
from reports.kit.text import MAX_CELL, may_start_formula
from reports.kit.values import (
    COUNT_PATTERN,
    DAY_PATTERN,
    MONTH_PATTERN,
    YEAR_PATTERN,
    Value,
    money,
    serial,
)

Row = TypeVar("Row")
# From behind the row's number to the end of the cell.
Tail: TypeAlias = str
LookAt: TypeAlias = Callable[[Sequence[Sequence[Value]]], "Sequence[int | None] | None"]
WriteCell: TypeAlias = Callable[[Value], Tail]
WriteColumn: TypeAlias = Callable[[list[Value]], list[Tail]]
_GENERAL: Final = "General"
_QUOTED: Final = "quoted"
# Stands for the row's number in the template of a row.
_NUMBER: Final = "#"
# So many different values of a column are remembered at most.
_REMEMBERED: Final = 10_000
_HALF_A_CELL: Final = MAX_CELL // 2
_TEXT_END: Final = "</t></is></c>"
# What XML or Excel reads otherwise than it is written, and blanks that readers of XML drop.
_MARKS: Final = ("&", "<", ">", "_x", "  ")
# What most text begins with, and no formula.
_STARTS: Final = frozenset(ascii_letters + digits)


class Kind(StrEnum):
    """What a column holds, and so how its cells are made."""

    TEXT = "text"
    WORD = "word"
    """Text of which there are few different ones."""
    PROSE = "prose"
    """Text that is wrapped."""
    NUMBER = "number"
    COUNT = "count"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    FORMULA = "formula"
    """A formula with its result, or a whole number as ``Number``."""

    @property
    def look(self) -> Look:
        """How the cells look."""
        match self:
            case Kind.TEXT | Kind.WORD:
                return Look.TEXT
            case Kind.PROSE:
                return Look.PROSE
            case Kind.NUMBER | Kind.COUNT | Kind.YEAR | Kind.FORMULA:
                return Look.NUMBER
            case Kind.DAY:
                return Look.DAY
            case Kind.MONTH:
                return Look.MONTH


@dataclass(frozen=True, slots=True)
class BigColumn(Generic[Row]):
    """One column of a large sheet; ``width`` in characters, because nobody looks at all rows first."""

    title: str
    value: Callable[[Row], Value]
    kind: Kind = Kind.TEXT
    width: int = 16


_PATTERNS: Final = {
    Kind.COUNT: COUNT_PATTERN,
    Kind.YEAR: YEAR_PATTERN,
    Kind.FORMULA: COUNT_PATTERN,
    Kind.DAY: DAY_PATTERN,
    Kind.MONTH: MONTH_PATTERN,
}


class RowWriter(Generic[Row]):
    """Makes the rows of one sheet. All styles are settled when it is made, before openpyxl writes them out."""

    def __init__(self, worksheet: Worksheet, tab: str, columns: tuple[BigColumn[Row], ...]) -> None:
        cells = "".join(
            f'<c r="{get_column_letter(place)}{_NUMBER}%s' for place in range(1, len(columns) + 1)
        )
        self._template = f'<row r="{_NUMBER}"%s>{cells}</row>'
        kinds = dict.fromkeys(column.kind for column in columns)
        styles = {kind: _styles(worksheet, kind) for kind in kinds}
        self.styles: Final = repr(styles)
        """Names the styles: rows that were made with others look otherwise."""
        self._columns = [
            (
                column.value,
                _column_writer(
                    column.kind, styles[column.kind], f"Sheet {tab}, column {column.title}"
                ),
            )
            for column in columns
        ]

    def write(self, number: int, rows: Sequence[Row], look_at: LookAt | None = None) -> str:
        """Rows from this number on (ECMA-376 part 1, 18.3.1.73). Several at a time cost less.

        Args:
            number: of the first row.
            rows: what they show.
            look_at: is shown the values of each column, and may say how high each row is, in points.

        Raises:
            ReportTooLargeError: a text is longer than a cell can hold.
        """
        values = [[value(row) for row in rows] for value, _ in self._columns]
        heights = look_at(values) if look_at else None
        tall = map(_tall, heights) if heights else repeat("", len(rows))
        cells = [write(column) for column, (_, write) in zip(values, self._columns, strict=True)]
        template = self._template
        return "".join(
            template.replace(_NUMBER, str(place)) % tails
            for place, tails in enumerate(zip(tall, *cells, strict=True), number)
        )


def _tall(height: int | None) -> str:
    return "" if height is None else f' ht="{height}" customHeight="1"'


def _styles(worksheet: Worksheet, kind: Kind) -> dict[str, int]:
    """The numbers of all styles that cells of this kind may take, by pattern."""
    look = kind.look
    # Also of numbers that stand as text, because Excel would round them.
    styles = {
        _GENERAL: _style(worksheet, look, _GENERAL),
        _QUOTED: _style(worksheet, look, _GENERAL, quoted=True),
    }
    patterns = [_PATTERNS[kind]] if kind in _PATTERNS else []
    if kind is Kind.NUMBER:
        patterns = [*_money_patterns()]
    return styles | {pattern: _style(worksheet, look, pattern) for pattern in patterns}


def _style(worksheet: Worksheet, look: Look, pattern: str, *, quoted: bool = False) -> int:
    cell = WriteOnlyCell(worksheet)
    cell.style = look.value
    cell.number_format = pattern
    cell.quotePrefix = quoted
    style: int = cell.style_id
    return style


@cache
def _money_patterns() -> tuple[str, ...]:
    zeros = (money(Decimal(0), code) for code in sorted(CURRENCIES))
    return tuple(sorted({zero.pattern for zero in zeros}))


def _column_writer(kind: Kind, styles: Mapping[str, int], place: str) -> WriteColumn:
    write = _text_writer(styles, place)
    match kind:
        case Kind.TEXT | Kind.PROSE:
            return _texts_writer(styles, write)
        case Kind.WORD:
            return _remembering(write)
        case Kind.NUMBER:
            return _numbers_writer(styles, write)
        case Kind.COUNT | Kind.YEAR:
            return _counts_writer(styles[_PATTERNS[kind]], write)
        case Kind.DAY | Kind.MONTH:
            return _remembering(_day_writer(styles[_PATTERNS[kind]], write))
        case Kind.FORMULA:
            return _formulas_writer(styles, write)


class _Known(dict[Value, Tail]):
    """Cells by their values; what is missing is made."""

    def __init__(self, write: WriteCell) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, value: Value) -> Tail:
        tail = self[value] = self._write(value)
        return tail


def _remembering(write: WriteCell) -> WriteColumn:
    known = _Known(write)

    def write_all(values: list[Value]) -> list[Tail]:
        if len(known) > _REMEMBERED:
            known.clear()
        return [known[value] for value in values]

    return write_all


def _texts_writer(styles: Mapping[str, int], write: WriteCell) -> WriteColumn:
    start, end = f'" s="{styles[_GENERAL]}" t="inlineStr"><is><t>', _TEXT_END

    def write_all(values: list[Value]) -> list[Tail]:
        # One look at all of them together: mostly none needs a look by itself.
        if _are_plain(values):
            return [f"{start}{value}{end}" for value in values]
        return [write(value) for value in values]

    return write_all


def _are_plain(values: list[Value]) -> bool:
    """Whether all are short texts that stand in XML as they are and begin no formula."""
    try:
        joined = "".join(values)  # type: ignore[arg-type]  # it raises where one is no text
        starts, ends = {value[:1] for value in values}, {value[-1:] for value in values}  # type: ignore[index]
    except TypeError:
        return False
    return (
        joined.isascii()
        and joined.isprintable()
        and not any(mark in joined for mark in _MARKS)
        and starts <= _STARTS
        and " " not in ends
        and len(joined) <= _HALF_A_CELL
    )


def _text_writer(styles: Mapping[str, int], place: str) -> WriteCell:
    empty = f'" s="{styles[_GENERAL]}"/>'
    spaced = f'" s="{styles[_GENERAL]}" t="inlineStr"><is><t xml:space="preserve">'
    quoted = f'" s="{styles[_QUOTED]}" t="inlineStr"><is><t xml:space="preserve">'

    def write(value: Value) -> Tail:
        if value is None or value == "":
            return empty
        text = value if isinstance(value, str) else str(value)
        is_simple = text.isascii() and text.isprintable() and "_x" not in text
        if not is_simple or len(text) > _HALF_A_CELL:
            text = str(fit(text, place))
        start = spaced if text[0] in _STARTS or not may_start_formula(text) else quoted
        return start + escape(text, quote=False) + _TEXT_END

    return write


def _numbers_writer(styles: Mapping[str, int], write: WriteCell) -> WriteColumn:
    starts = {pattern: f'" s="{style}"><v>' for pattern, style in styles.items()}

    def write_one(value: Value) -> Tail:
        if not isinstance(value, Number):
            return write(value)
        number = str(value.value)
        # As many characters as Excel keeps digits are never too many.
        if len(number) > MAX_DIGITS or "E" in number:
            if not value.is_exact_in_excel:
                return write(fit(value, ""))
            number = str(value)
        return f"{starts[value.pattern]}{number}</v></c>"

    return lambda values: [write_one(value) for value in values]


def _formulas_writer(styles: Mapping[str, int], write: WriteCell) -> WriteColumn:
    style, write_numbers = styles[COUNT_PATTERN], _numbers_writer(styles, write)
    starts: dict[str, str] = {}

    def write_one(value: Value) -> Tail:
        if not isinstance(value, Formula):
            return write_numbers([value])[0]
        shown = fit(value, "")
        if not isinstance(shown, Formula):
            return write(shown)
        if value.text not in starts:
            starts[value.text] = f'" s="{style}"><f>{escape(value.text, quote=False)}</f><v>'
        return f"{starts[value.text]}{value.result}</v></c>"

    return lambda values: [write_one(value) for value in values]


def _counts_writer(style: int, write: WriteCell) -> WriteColumn:
    start = f'" s="{style}"><v>'
    return lambda values: [
        f"{start}{value}</v></c>" if isinstance(value, int) else write(value) for value in values
    ]


def _day_writer(style: int, write: WriteCell) -> WriteCell:
    start = f'" s="{style}"><v>'
    return lambda value: (
        f"{start}{serial(value)}</v></c>" if isinstance(value, date) else write(value)
    )
