"""A page whose table may be long: looks as ``page``, but its rows are packed while made, so that few are held."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Generic, TypeAlias, TypeVar

from reports.kit.cells import BigColumn, Kind, RowWriter
from reports.kit.errors import ReportTooLargeError
from reports.kit.formulas import Formula
from reports.kit.numbers import MAX_DIGITS, Number
from reports.kit.packed import PackedRows
from reports.kit.page import MAX_ROWS, Page, begin_page, end_page, lines_height, write_page
from reports.kit.table import Grid, column_width, is_long, shown_length
from reports.kit.text import unique_headers
from reports.kit.values import Value
from reports.kit.workbook import Book

Row = TypeVar("Row")
_BATCH: Final = 100
_BLOCK: Final = 10_000
# No number of so many digits before its point has too many with the decimals of any currency.
_SURELY_EXACT: Final = 10 ** (MAX_DIGITS - 4)
_DAY_LENGTH: Final = len("2022-02-24")


@dataclass(frozen=True, slots=True, kw_only=True)
class BigPage(Generic[Row]):
    """One sheet with a long table.

    Attributes:
        tab, title, lines: as of ``Page``.
        name: wanted name of the native table.
        columns: each as wide as its text, but no wider than it says.
        rows: read once, or a second time where numbers turn out to be too long for a spreadsheet.
        empty: what the only row says when there are none.

    Raises:
        ReportTooLargeError: there are more rows than a sheet has.
    """

    tab: str
    title: str
    lines: tuple[str, ...]
    name: str
    columns: tuple[BigColumn[Row], ...]
    rows: Collection[Row]
    empty: str

    def __post_init__(self) -> None:
        if len(self.rows) > MAX_ROWS - len(self.lines) - 10:
            raise ReportTooLargeError(f"Sheet {self.tab}", "rows", MAX_ROWS)


AnyPage: TypeAlias = Page | BigPage[Any]


def write_pages(book: Book, pages: Iterable[AnyPage], *, footer: str) -> None:
    """Add pages as the workbook's next sheets.

    Raises:
        ReportTooLargeError: a text is longer than a cell can hold.
    """
    for page in pages:
        match page:
            case Page():
                write_page(book, page, footer=footer)
            case BigPage():
                _write_big_page(book, page, footer=footer)


def _write_big_page(book: Book, page: BigPage[Any], *, footer: str) -> None:
    worksheet, rows = book.begin_sheet(page.tab)
    writer = RowWriter(worksheet, page.tab, page.columns)
    # Numbers that are too long are told of above the table, which moves it down by a row.
    for has_long_numbers in (False, True):
        laid = _lay_out(page, has_long_numbers=has_long_numbers)
        seen, packed = _Seen(page.columns), PackedRows()
        for block in _blocks(page.rows, writer, laid.header_row + 1, seen):
            packed.pack(block)
        if seen.has_long_numbers == has_long_numbers:
            break
    laid = _lay_out(page, has_long_numbers=has_long_numbers, seen=seen)
    begin_page(book, laid, worksheet, rows, footer=footer)
    if page.rows:
        book.append_packed(worksheet, packed)
    else:
        rows.append([(page.empty, page.columns[0].kind.look)])
    end_page(book, laid, worksheet)


def _lay_out(page: BigPage[Any], *, has_long_numbers: bool, seen: "_Seen | None" = None) -> Page:
    """The page without its rows; before these are seen, the widths of its columns are not known."""
    headers = unique_headers(column.title for column in page.columns)
    longest = seen.longest if seen else [0 for _ in headers]
    grid = Grid(
        name=page.name,
        headers=headers,
        looks=tuple(column.kind.look for column in page.columns),
        rows=(),
        height=max(len(page.rows), 1),
        totals=(),
        count=len(page.rows),
        widths=tuple(
            column_width(header, length, column.width)
            for header, length, column in zip(headers, longest, page.columns, strict=True)
        ),
        has_long_numbers=has_long_numbers,
    )
    return Page(tab=page.tab, title=page.title, lines=page.lines, grid=grid)


def _blocks(
    rows: Collection[Row], writer: RowWriter[Row], first: int, seen: "_Seen"
) -> Iterator[Iterator[bytes]]:
    """The rows as XML, block by block, each in pieces; they are to be taken in order."""
    left = iter(rows)
    for start in range(0, len(rows), _BLOCK):
        yield _pieces(islice(left, _BLOCK), writer, first + start, seen)


def _pieces(
    rows: Iterator[Row], writer: RowWriter[Row], number: int, seen: "_Seen"
) -> Iterator[bytes]:
    while batch := list(islice(rows, _BATCH)):
        yield writer.write(number, batch, seen.look_at).encode()
        number += len(batch)


@dataclass(slots=True)
class _Seen:
    """What the rows so far say of their columns.

    Attributes:
        longest: how many characters the longest cell of each shows in a line.
    """

    columns: Sequence[BigColumn[Any]]
    longest: list[int] = field(init=False)
    has_long_numbers: bool = False

    def __post_init__(self) -> None:
        self.longest = [0 for _ in self.columns]

    def look_at(self, columns: Sequence[Sequence[Value]]) -> list[int | None] | None:
        """See some more rows, column by column.

        Returns:
            The heights of the rows in points, ``None`` for an ordinary one; none at all where all are ordinary.
        """
        for place, (column, values) in enumerate(zip(self.columns, columns, strict=True)):
            length, is_too_long = _measure(column.kind, values)
            self.longest[place] = max(self.longest[place], length)
            self.has_long_numbers |= is_too_long
        prose = [
            (values, column.width)
            for column, values in zip(self.columns, columns, strict=True)
            if column.kind is Kind.PROSE
        ]
        if not prose:
            return None
        widths = [width for _, width in prose]
        rows = zip(*(values for values, _ in prose), strict=True)
        return [lines_height(zip(row, widths, strict=True)) for row in rows]


def _measure(kind: Kind, values: Sequence[Value]) -> tuple[int, bool]:
    """How many characters the longest of these cells shows, and whether one holds a number that is too long."""
    match kind:
        case Kind.TEXT | Kind.WORD | Kind.PROSE:
            return max(map(shown_length, set(values))), False
        case Kind.DAY | Kind.MONTH:
            return (_DAY_LENGTH if any(values) else 0), False
        case Kind.COUNT | Kind.YEAR:
            return max(map(shown_length, set(values))), False
        case Kind.NUMBER | Kind.FORMULA:
            numbers = [_result(value) for value in values if value is not None]
            if not numbers:
                return 0, False
            least = min(numbers, key=lambda number: number.value)
            most = max(numbers, key=lambda number: number.value)
            if least.value > -_SURELY_EXACT and most.value < _SURELY_EXACT:
                return max(shown_length(least), shown_length(most)), False
            return max(map(shown_length, numbers)), any(map(is_long, values))


def _result(value: Value) -> Number:
    shown = value.result if isinstance(value, Formula) else value
    assert isinstance(shown, Number)  # noqa: S101 -- columns of this kind hold nothing else
    return shown
