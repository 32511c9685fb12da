"""The rows of a sheet as SpreadsheetML: fast, exact to the last digit, and with no formula but our own."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from html import escape
from io import BytesIO
from typing import Final, TypeAlias

from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.kit.formulas import Formula
from reports.kit.looks import Look
from reports.kit.numbers import Number
from reports.kit.text import may_start_formula
from reports.kit.values import (
    COUNT_PATTERN,
    DAY_PATTERN,
    MONTH_PATTERN,
    TEXT_PATTERN,
    Value,
    serial,
)

Styled: TypeAlias = tuple[Value, Look]
_GENERAL: Final = "General"


class Rows:
    """The rows of one worksheet, written from the top.

    openpyxl keeps the styles; the cells are written here, because openpyxl takes about ten times as
    long, makes a float of every ``Decimal``, and takes text for formulas and errors.
    """

    def __init__(self, worksheet: Worksheet) -> None:
        self._worksheet = worksheet
        self._styles: dict[tuple[Look, str, bool], str] = {}
        self._written = BytesIO()
        self._count = 0

    def append(self, row: Iterable[Styled], *, height: int | None = None) -> None:
        """Write the next row; ``height`` in points, by default that of a line."""
        self._count += 1
        number = str(self._count)
        cells = "".join(
            self._cell(_letter(column) + number, value, look)
            for column, (value, look) in enumerate(row, 1)
        )
        tall = "" if height is None else f' ht="{height}" customHeight="1"'
        self._written.write(f'<row r="{number}"{tall}>{cells}</row>'.encode())

    def skip(self, rows: int = 1, *, height: int | None = None) -> None:
        """Leave rows empty."""
        for _ in range(rows):
            self.append((), height=height)

    def xml(self) -> bytes:
        """All rows so far: the content of ``sheetData`` (ECMA-376 part 1, 18.3.1.80)."""
        return self._written.getvalue()

    def _cell(self, address: str, value: Value, look: Look) -> str:
        match value:
            case str():
                pattern = TEXT_PATTERN if look is Look.VERBATIM else _GENERAL
                style = self._style(look, pattern, quoted=may_start_formula(value))
                text = f'<is><t xml:space="preserve">{escape(value, quote=False)}</t></is>'
                return f'<c r="{address}" s="{style}" t="inlineStr">{text}</c>'
            case None:
                return f'<c r="{address}" s="{self._style(look, _GENERAL)}"/>'
            case Formula():
                return self._formula(address, value, look)
            case Number():
                style, number = self._style(look, value.pattern), str(value)
            case date():
                pattern = MONTH_PATTERN if look is Look.MONTH else DAY_PATTERN
                style, number = self._style(look, pattern), str(serial(value))
            case int():
                style, number = self._style(look, COUNT_PATTERN), str(value)
        return f'<c r="{address}" s="{style}"><v>{number}</v></c>'

    def _formula(self, address: str, formula: Formula, look: Look) -> str:
        """The formula with its result, as a program that calculates would have saved it."""
        match formula.result:
            case str() as text:
                style, kind, shown = (
                    self._style(look, _GENERAL),
                    ' t="str"',
                    escape(text, quote=False),
                )
            case Number() as number:
                style, kind, shown = self._style(look, number.pattern), "", str(number)
            case count:
                style, kind, shown = self._style(look, COUNT_PATTERN), "", str(count)
        text = escape(formula.text, quote=False)
        return f'<c r="{address}" s="{style}"{kind}><f>{text}</f><v>{shown}</v></c>'

    def _style(self, look: Look, pattern: str, *, quoted: bool = False) -> str:
        """The number of a style in the workbook's list, which openpyxl writes out."""
        key = (look, pattern, quoted)
        if key not in self._styles:
            cell = WriteOnlyCell(self._worksheet)
            cell.style = look.value
            cell.number_format = pattern
            # As if typed with a leading apostrophe: it stays text when somebody edits the cell.
            cell.quotePrefix = quoted
            self._styles[key] = str(cell.style_id)
        return self._styles[key]


_letter: Final = cache(get_column_letter)
