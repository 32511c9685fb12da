"""Where charts stand on a sheet: side by side above the table, whatever the columns' widths."""

from collections.abc import Sequence
from itertools import chain, repeat
from math import ceil
from typing import Final

from openpyxl.chart._chart import ChartBase
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.worksheet.worksheet import Worksheet

# English metric units, which drawings are measured in (ECMA-376 part 1, 20.1.2.1).
_EMU_PER_CM: Final = 360_000
_EMU_PER_POINT: Final = 12_700
_EMU_PER_PIXEL: Final = 9_525
_PIXELS_PER_CHARACTER: Final = 7  # of Calibri 11, which column widths are measured in
_DEFAULT_PIXELS: Final = 64  # width of a column that nobody set


def rows_covered(height: int, row_height: int) -> int:
    """How many rows of ``row_height`` points charts of so many centimetres cover, and one to spare."""
    covered = height * _EMU_PER_CM
    return ceil(covered / (row_height * _EMU_PER_POINT)) + 1 if height else 0


def place(
    worksheet: Worksheet,
    charts: Sequence[ChartBase],
    widths: Sequence[int],
    *,
    row: int,
    column: int,
) -> None:
    """Put the charts next to each other, their tops in ``row``, from ``column`` (from 0) on."""
    steps = [width * _PIXELS_PER_CHARACTER * _EMU_PER_PIXEL for width in widths]
    left = sum(steps[:column])
    for chart in charts:
        width, height = chart.width * _EMU_PER_CM, ceil(chart.height * _EMU_PER_CM)
        chart.anchor = OneCellAnchor(  # type: ignore[assignment]  # the stubs know addresses only
            _from=_marker(left, row, steps), ext=XDRPositiveSize2D(width, height)
        )
        worksheet.add_chart(chart)
        left += width


def _marker(left: int, row: int, steps: Sequence[int]) -> AnchorMarker:
    """The cell that lies ``left`` EMU from the edge, and how far into it."""
    column = 0
    for step in chain(steps, repeat(_DEFAULT_PIXELS * _EMU_PER_PIXEL)):
        if left < step:
            break
        left -= step
        column += 1
    return AnchorMarker(col=column, colOff=left, row=row - 1)
