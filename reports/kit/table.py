"""Columns as data, and the grid of plain cells that a table becomes before anything is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from reports.kit.errors import ReportTooLargeError
from reports.kit.formulas import Formula
from reports.kit.looks import Look
from reports.kit.numbers import Number
from reports.kit.text import MAX_CELL, fits_cell, printable, unique_headers
from reports.kit.values import Value

Row = TypeVar("Row")
_NARROWEST: Final = 8
_MARGIN: Final = 3
_ONE_LINE: Final = 18


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its header, what it shows of a row, how it looks, and how wide it may grow.

    Attributes:
        widest: in characters; longer text is wrapped (``Look.PROSE``) or covered by its neighbour.
    """

    title: str
    value: Callable[[Row], Value]
    look: Look = Look.TEXT
    widest: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Row]):
    """What a sheet lists.

    Attributes:
        name: wanted name of the native table.
        empty: what the only row says when there are none; Excel refuses a table without rows.
        totals: rows below the native table, which sorting and filtering leave alone.
    """

    name: str
    columns: tuple[Column[Row], ...]
    rows: Sequence[Row]
    empty: str
    totals: tuple[tuple[Value, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table whose cells are all known to fit and to be safe.

    Attributes:
        height: how many rows there are; those of a long table are written elsewhere, and none stand here.
        count: how many rows were listed; where there are none, the only row says so.
        widths: of the columns, in characters.
        has_long_numbers: some numbers stand as text, because Excel would round them.
    """

    name: str
    headers: tuple[str, ...]
    looks: tuple[Look, ...]
    rows: tuple[tuple[Value, ...], ...]
    totals: tuple[tuple[Value, ...], ...]
    height: int
    count: int
    widths: tuple[int, ...]
    has_long_numbers: bool

    def column(self, index: int) -> tuple[Value, ...]:
        """All cells of one column, from the left, beginning at 0."""
        return tuple(row[index] for row in self.rows)


def lay_out(table: Table[Row], sheet: str) -> Grid:
    """Read every cell of a table and make it fit for a workbook.

    Raises:
        ReportTooLargeError: a text is longer than a cell can hold. It is never cut.
    """
    headers = unique_headers(column.title for column in table.columns)
    places = [f"Sheet {sheet}, column {header}" for header in headers]
    raw = [tuple(column.value(row) for column in table.columns) for row in table.rows]
    cells = [tuple(map(fit, row, places)) for row in raw or [_notice(table)]]
    totals = tuple(tuple(map(fit, row, places)) for row in table.totals)
    return Grid(
        name=table.name,
        headers=headers,
        looks=tuple(column.look for column in table.columns),
        rows=tuple(cells),
        totals=totals,
        height=len(cells),
        count=len(raw),
        widths=_widths(table, headers, cells, totals),
        has_long_numbers=any(map(is_long, _flat([*raw, *table.totals]))),
    )


def fit(value: Value, place: str) -> Value:
    """The value as a cell can hold it: text printable, a number of too many digits as text.

    Raises:
        ReportTooLargeError: the text is longer than a cell can hold.
    """
    if isinstance(value, str):
        if not fits_cell(value):
            raise ReportTooLargeError(place, "characters in a cell", MAX_CELL)
        return printable(value)
    shown = value.result if isinstance(value, Formula) else value
    if isinstance(shown, Number) and not shown.is_exact_in_excel:
        # No formula could come to it: a spreadsheet calculates with fewer digits.
        return f"{shown.value:,f}"
    return value


def is_long(value: Value) -> bool:
    """Whether it is written as text, because Excel would round it."""
    shown = value.result if isinstance(value, Formula) else value
    return isinstance(shown, Number) and not shown.is_exact_in_excel


def _flat(rows: Iterable[tuple[Value, ...]]) -> Iterable[Value]:
    return (value for row in rows for value in row)


def _notice(table: Table[Row]) -> tuple[Value, ...]:
    return (table.empty, *(None for _ in table.columns[1:]))


def _widths(
    table: Table[Row],
    headers: tuple[str, ...],
    rows: Sequence[tuple[Value, ...]],
    totals: Sequence[tuple[Value, ...]],
) -> tuple[int, ...]:
    # The notice of an empty table may run over its empty neighbours.
    counted = [*(rows if table.rows else []), *totals]
    return tuple(
        column_width(header, max(map(shown_length, cells), default=0), column.widest)
        for column, header, cells in zip(
            table.columns, headers, _transposed(counted, headers), strict=True
        )
    )


def column_width(header: str, longest: int, widest: int) -> int:
    """How wide a column is, in characters.

    Args:
        header: its title.
        longest: how many characters its longest cell shows in a line.
        widest: how wide it may grow.
    """
    return max(_NARROWEST, _header_width(header), min(widest, longest + _MARGIN))


def _transposed(
    rows: Sequence[tuple[Value, ...]], headers: tuple[str, ...]
) -> list[tuple[Value, ...]]:
    return list(zip(*rows, strict=True)) if rows else [() for _ in headers]


def _header_width(header: str) -> int:
    """Wide enough for the header in one line, or in two where it is long."""
    if len(header) <= _ONE_LINE:
        return len(header) + _MARGIN
    return max(*map(len, header.split()), len(header) // 2 + 2) + _MARGIN


def shown_length(value: Value) -> int:
    """How many characters the cell shows in its longest line."""
    match value:
        case None:
            return 0
        case Formula():
            return shown_length(value.result)
        case str():
            return max(map(len, value.split("\n")))
        case Number():
            decimals = len(value.pattern.partition(".")[2])
            return len(f"{value.value:,.{decimals}f}")
        case date():
            return len("2022-02-24")
        case int():
            return len(f"{value:,}")
