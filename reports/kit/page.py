"""A page: one sheet with a heading, charts where there are any, and one native table."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Final

from openpyxl.chart._chart import ChartBase
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from reports.kit.errors import ReportTooLargeError
from reports.kit.looks import Look
from reports.kit.paper import repeat_first_column, set_up_paper
from reports.kit.placing import place, rows_covered
from reports.kit.rows import Rows
from reports.kit.table import Grid, fit
from reports.kit.text import table_name
from reports.kit.values import Value
from reports.kit.workbook import Book

# "Excel specifications and limits": worksheet size.
MAX_ROWS: Final = 1_048_576
LONG_NUMBERS: Final = (
    "Numbers of more than 15 digits stand as text, because Excel would round them."
)
_TITLE_HEIGHT: Final = 30
_HEADER_HEIGHT: Final = 31
LINE_HEIGHT: Final = 15
_MOST_LINES: Final = 8
_WIDEST_PRINT: Final = 200  # characters that are still legible across a sheet of A4
_TALLEST_PRINT: Final = 50  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One sheet, ready to be written.

    Attributes:
        tab: the sheet's name.
        title: its heading.
        lines: below the heading; the first one says currency and revision.
        charts: above the table, side by side.
        room: height in centimetres that is kept for charts of this very table, which can be drawn only once it is
            known where the table stands.
        tab_colour: RRGGBB, or ``None`` for Excel's own.

    Raises:
        ReportTooLargeError: there are more rows than a sheet has.
    """

    tab: str
    title: str
    lines: tuple[str, ...]
    grid: Grid
    charts: tuple[ChartBase, ...] = ()
    room: int = 0
    tab_colour: str | None = None

    def __post_init__(self) -> None:
        if self.bottom_row > MAX_ROWS:
            raise ReportTooLargeError(f"Sheet {self.tab}", "rows", MAX_ROWS)

    @property
    def notes(self) -> tuple[str, ...]:
        """The lines below the heading, with one on long numbers where there are any."""
        return (*self.lines, LONG_NUMBERS) if self.grid.has_long_numbers else self.lines

    @property
    def chart_row(self) -> int:
        """Number of the first row that the charts cover."""
        return 1 + len(self.notes) + 2

    @property
    def header_row(self) -> int:
        """Number of the row with the column headers."""
        height = max((ceil(chart.height) for chart in self.charts), default=self.room)
        return self.chart_row + rows_covered(height, LINE_HEIGHT)

    @property
    def last_row(self) -> int:
        """Number of the last row of the native table."""
        return self.header_row + self.grid.height

    @property
    def bottom_row(self) -> int:
        """Number of the last row, totals included."""
        return self.last_row + len(self.grid.totals)

    @property
    def pages_wide(self) -> int:
        """Over how many pages of paper the sheet's width runs."""
        return ceil(sum(self.grid.widths) / _WIDEST_PRINT)

    @property
    def last_column(self) -> str:
        """Letter of the table's last column."""
        return get_column_letter(len(self.grid.headers))

    def cells(self, column: int) -> str:
        """The absolute address of a column's data, counted from 0, with the sheet's name."""
        letter = get_column_letter(column + 1)
        return f"'{self.tab}'!${letter}${self.header_row + 1}:${letter}${self.last_row}"

    def total_cell(self, title: str, row: int = 0) -> str:
        """The absolute address, with the sheet's name, of a total below the column of this title."""
        letter = get_column_letter(self.grid.headers.index(title) + 1)
        return f"'{self.tab}'!${letter}${self.last_row + 1 + row}"

    def header_cell(self, column: int) -> str:
        """The absolute address of a column's header, with the sheet's name."""
        return f"'{self.tab}'!${get_column_letter(column + 1)}${self.header_row}"


def write_page(book: Book, page: Page, *, footer: str) -> None:
    """Add the page as the workbook's next sheet."""
    worksheet, rows = book.begin_sheet(page.tab)
    begin_page(book, page, worksheet, rows, footer=footer)
    _write_rows(rows, page)
    end_page(book, page, worksheet)


def begin_page(book: Book, page: Page, worksheet: Worksheet, rows: Rows, *, footer: str) -> None:
    """Set a sheet up and write what stands above its rows."""
    book.count += page.grid.count
    _set_up_screen(worksheet, page)
    _set_up_print(worksheet, page, footer)
    place_name = f"Sheet {page.tab}"
    rows.append([(fit(page.title, place_name), Look.TITLE)], height=_TITLE_HEIGHT)
    for number, line in enumerate(page.notes):
        rows.append([(fit(line, place_name), Look.NOTE if number else Look.SUBTITLE)])
    rows.skip(page.header_row - len(page.notes) - 2, height=LINE_HEIGHT)
    headers = [look.header for look in page.grid.looks]
    rows.append(zip(page.grid.headers, headers, strict=True), height=_HEADER_HEIGHT)


def end_page(book: Book, page: Page, worksheet: Worksheet) -> None:
    """Put charts and native table on a sheet."""
    # Beside the first column where that stays in view or is repeated in print: it would cut a chart.
    first = 1 if page.pages_wide > 1 else 0
    place(worksheet, page.charts, page.grid.widths, row=page.chart_row, column=first)
    taken = [name for sheet in book.worksheets for name in sheet.tables]
    # Not worksheet.add_table(), which warns that a streaming sheet must be told the columns. It is.
    worksheet.tables.add(_native_table(page, table_name(page.grid.name, taken)))


def _set_up_screen(worksheet: Worksheet, page: Page) -> None:
    worksheet.sheet_view.showGridLines = False
    # Charts above the table would take up the whole frozen part; and once one scrolls, Excel shows
    # a native table's headers in place of the column letters.
    worksheet.freeze_panes = "B1" if page.charts else f"B{page.header_row + 1}"
    worksheet.sheet_properties.tabColor = page.tab_colour
    for number, width in enumerate(page.grid.widths, 1):
        worksheet.column_dimensions[get_column_letter(number)].width = width


def _set_up_print(worksheet: Worksheet, page: Page, footer: str) -> None:
    tall = 1 if page.pages_wide == 1 and page.bottom_row <= _TALLEST_PRINT else 0
    set_up_paper(worksheet, footer=footer, wide=page.pages_wide, tall=tall)
    worksheet.print_title_rows = f"{page.header_row}:{page.header_row}"
    if page.pages_wide > 1:
        area = f"A{page.chart_row}:{page.last_column}{page.bottom_row}"
        heading = " · ".join((page.title, *page.lines[:1]))
        repeat_first_column(worksheet, heading=heading, area=area)


def _write_rows(rows: Rows, page: Page) -> None:
    grid = page.grid
    for row in grid.rows:
        rows.append(zip(row, grid.looks, strict=True), height=_height(row, grid))
    totals = [look.total for look in grid.looks]
    for row in grid.totals:
        rows.append(zip(row, totals, strict=True))


def _height(row: tuple[Value, ...], grid: Grid) -> int | None:
    return lines_height(
        (value, width)
        for value, look, width in zip(row, grid.looks, grid.widths, strict=True)
        if look is Look.PROSE
    )


def lines_height(prose: Iterable[tuple[Value, int]]) -> int | None:
    """Room for wrapped texts in columns of these widths; ``None`` where each takes one line.

    Without it not every program makes a row higher by itself.
    """
    lines = max(
        (
            sum(_lines(line, width) for line in value.split("\n"))
            for value, width in prose
            if isinstance(value, str)
        ),
        default=1,
    )
    return min(lines, _MOST_LINES) * LINE_HEIGHT if lines > 1 else None


def _lines(text: str, width: int) -> int:
    """How many lines a text takes. A width counts digits, and most letters are narrower."""
    return 1 if len(text) <= width * 11 // 10 else ceil(len(text) / width)


def _native_table(page: Page, name: str) -> NativeTable:
    reference = f"A{page.header_row}:{page.last_column}{page.last_row}"
    return NativeTable(
        displayName=name,
        ref=reference,
        autoFilter=AutoFilter(ref=reference),
        tableColumns=[
            TableColumn(id=number, name=header)
            for number, header in enumerate(page.grid.headers, 1)
        ],
        tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=False),
    )
