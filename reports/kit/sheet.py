"""Writes cells to one sheet, row by row from the top."""

from collections.abc import Iterable
from datetime import date
from typing import Final, TypeAlias

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from reports.kit.looks import Look
from reports.kit.text import may_start_formula
from reports.kit.values import COUNT_PATTERN, DAY_PATTERN, MONTH_PATTERN, Number, Value

Styled: TypeAlias = tuple[Value, Look]
_GENERAL: Final = "General"


class Sheet:
    """The pen of one worksheet.

    The workbook streams: a cell is on disk before the next one is made, so memory does not grow
    with the rows, and one cell object per look serves the whole sheet. What stands above the rows
    in the file (widths, frozen panes) must be set before the first ``append``.
    """

    def __init__(self, worksheet: Worksheet) -> None:
        self._worksheet = worksheet
        self._cells: dict[tuple[Look, str, bool], Cell] = {}
        self._rows = 0

    def append(self, row: Iterable[Styled], *, height: int | None = None) -> None:
        """Write the next row; ``height`` in points, by default what the content needs."""
        self._rows += 1
        heights = self._worksheet.row_dimensions
        if height is not None:
            heights[self._rows].height = height
        cells = (self._cell(value, look) for value, look in row)
        self._worksheet.append(cells)  # type: ignore[arg-type]  # any generator will do
        heights.pop(self._rows, None)  # it is on disk

    def skip(self, rows: int = 1, *, height: int | None = None) -> None:
        """Leave rows empty."""
        for _ in range(rows):
            self.append((), height=height)

    def _cell(self, value: Value, look: Look) -> Cell:
        match value:
            case None:
                cell = self._pattern_cell(look, _GENERAL)
                cell.value = None
            case str():
                return self._text(value, look)
            case Number():
                cell = self._pattern_cell(look, value.pattern)
                cell.value = value.value
            case date():
                cell = self._pattern_cell(
                    look, MONTH_PATTERN if look is Look.MONTH else DAY_PATTERN
                )
                cell.value = value
            case int():
                cell = self._pattern_cell(look, COUNT_PATTERN)
                cell.value = value
        return cell

    def _text(self, text: str, look: Look) -> Cell:
        cell = self._pattern_cell(look, _GENERAL, quoted=may_start_formula(text))
        cell.value = text
        # openpyxl takes "=..." for a formula and "#N/A" for an error.
        cell.data_type = "s"
        return cell

    def _pattern_cell(self, look: Look, pattern: str, *, quoted: bool = False) -> Cell:
        key = (look, pattern, quoted)
        if key not in self._cells:
            cell = WriteOnlyCell(self._worksheet)
            cell.style = look.value
            cell.number_format = pattern
            # As if typed with a leading apostrophe: it stays text when somebody edits the cell.
            cell.quotePrefix = quoted
            self._cells[key] = cell
        return self._cells[key]
