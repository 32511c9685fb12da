"""A workbook that leaves while it is made: openpyxl makes all but the rows of large sheets, and these follow in pieces.

Memory holds a few pieces, however many rows there are. What does not fit a sheet continues on the next one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import islice
from math import ceil
from typing import Any, Final, Generic, Protocol, TypeVar
from zipfile import ZipFile

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from reports.kit.archive import Archive, Block, pack_block
from reports.kit.cells import BigColumn, RowWriter
from reports.kit.page import MAX_ROWS
from reports.kit.paper import set_up_paper
from reports.kit.rows import Rows
from reports.kit.text import table_name, unique_headers
from reports.kit.workbook import FIRST, NO_ROWS, Book, Progress

Row = TypeVar("Row")
# The header is one row of each sheet.
SHEET_ROWS: Final = MAX_ROWS - 1
BLOCK_ROWS: Final = 10_000
# Whoever changes what rows look like changes this, so that no kept block is mixed with new rows.
FORMAT: Final = "1"
_PIECE: Final = 64 * 2**10
# Rows that are made together.
_BATCH: Final = 100
_WIDEST_PRINT: Final = 200  # characters that are still legible across a sheet of A4


class MissingRowsError(RuntimeError):
    """Fewer or more rows came than were announced; the file is not ended, so that nobody takes it for whole."""


class Blocks(Protocol):
    """Where packed rows that never change are kept."""

    def find(self, key: str) -> Block | None:
        """What is kept by this key."""

    def keep(self, key: str, block: Block) -> None:
        """Keep a block, if there is room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BigTable(Generic[Row]):
    """What the large sheets list, under a header in their first row, so that every program reads them as they are.

    Attributes:
        tab: name of the first sheet; the others are numbered from 2.
        name: wanted name of the native tables.
        count: how many rows there are; addresses of tables are known before the first row is.
        rows: the rows from one index up to another one. It is asked for ascending ranges that adjoin, but for those
            that are kept in blocks.
        key: names the content of such a range, where it never changes; ``None`` where it may.
        empty: what the only row says when there are none; Excel refuses a table without rows.
        sheet_rows: how many fit a sheet.
        block_rows: how many are kept together.
    """

    tab: str
    name: str
    columns: tuple[BigColumn[Row], ...]
    count: int
    rows: Callable[[int, int], Iterable[Row]]
    empty: str
    key: Callable[[int, int], str] | None = None
    sheet_rows: int = SHEET_ROWS
    block_rows: int = BLOCK_ROWS

    @property
    def headers(self) -> tuple[str, ...]:
        """The titles of the columns, no two alike."""
        return unique_headers(column.title for column in self.columns)


@dataclass(frozen=True, slots=True)
class _Part(Generic[Row]):
    """The rows of one large sheet, from one index up to another one."""

    table: BigTable[Row]
    worksheet: Worksheet
    writer: RowWriter[Row]
    start: int
    stop: int


class StreamedBook:
    """A workbook with large sheets behind the others. It can be read once."""

    def __init__(self, book: Book, *, footer: str) -> None:
        self._book = book
        self._footer = footer
        self._parts: list[_Part[Any]] = []

    def add(self, table: BigTable[Any]) -> None:
        """Lay out the sheets of a large table."""
        starts = range(0, max(table.count, 1), table.sheet_rows)
        for number, start in enumerate(starts, 1):
            tab = table.tab if number == 1 else f"{table.tab} {number}"
            worksheet: Worksheet = self._book.create_sheet(tab)
            stop = min(start + table.sheet_rows, table.count)
            _set_up(worksheet, table, footer=self._footer)
            taken = [name for sheet in self._book.worksheets for name in sheet.tables]
            name = table_name(table.name, taken)
            worksheet.tables.add(_native_table(table, max(stop - start, 1), name))
            writer = RowWriter(worksheet, tab, table.columns)
            self._parts.append(_Part(table, worksheet, writer, start, stop))

    @property
    def count(self) -> int:
        """How many rows the large tables have."""
        return sum(part.stop - part.start for part in self._parts)

    def pieces(
        self, blocks: Blocks | None = None, progress: Progress | None = None
    ) -> Iterator[bytes]:
        """The file, piece by piece.

        Args:
            blocks: where packed rows are kept.
            progress: told how many rows are done.

        Raises:
            ReportTooLargeError: a text is longer than a cell can hold.
            MissingRowsError: the rows are not as many as was said.
        """
        archive = Archive()
        headers = [self._header(part) for part in self._parts]
        shell = BytesIO()
        self._book.save(shell)
        paths = [part.worksheet.path.removeprefix("/") for part in self._parts]
        with ZipFile(shell) as source:
            names = sorted(source.namelist(), key=lambda name: name != FIRST)
            for name in names:
                if name not in paths:
                    yield archive.add(name, source.read(name))
            sheets = [source.read(path).split(NO_ROWS) for path in paths]
        del shell
        writing = _Writing(archive, blocks, progress or _unheeded)
        for part, path, header, (before, after) in zip(
            self._parts, paths, headers, sheets, strict=True
        ):
            yield archive.begin(path) + archive.write(before + b"<sheetData>" + header)
            yield from writing.rows(part)
            yield archive.write(b"</sheetData>" + after) + archive.end()
        yield archive.close()

    def _header(self, part: _Part[Any]) -> bytes:
        rows = Rows(part.worksheet)
        table = part.table
        looks = [column.kind.look.header for column in table.columns]
        rows.append(zip(table.headers, looks, strict=True))
        if not table.count:
            rows.append([(table.empty, table.columns[0].kind.look)])
        return rows.xml()


@dataclass(frozen=True, slots=True)
class _Writing:
    """One reading of the rows."""

    archive: Archive
    blocks: Blocks | None
    progress: Progress

    def rows(self, part: _Part[Row]) -> Iterator[bytes]:
        """The rows of a sheet, packed."""
        table, pending = part.table, bytearray()
        for start in range(part.start, part.stop, table.block_rows):
            stop = min(start + table.block_rows, part.stop)
            is_whole = table.block_rows == stop - start or table.sheet_rows == stop - part.start
            if self.blocks is not None and table.key is not None and is_whole:
                pending += self.archive.splice(self._block(part, start, stop, self.blocks))
            else:
                for done, piece in enumerate(_rendered(part, start, stop), 1):
                    pending += self.archive.write(piece)
                    self.progress(min(start + done * _BATCH, stop))
                    if len(pending) >= _PIECE:
                        yield bytes(pending)
                        pending.clear()
            yield bytes(pending)
            pending.clear()
            self.progress(stop)

    def _block(self, part: _Part[Row], start: int, stop: int, blocks: Blocks) -> Block:
        assert part.table.key is not None  # noqa: S101 -- only blocks that have one are asked for
        key = _block_key(part, start, part.table.key(start, stop))
        block = blocks.find(key)
        if block is None:
            block = pack_block(_rendered(part, start, stop))
            blocks.keep(key, block)
        return block


def _block_key(part: _Part[Any], start: int, content: str) -> str:
    """Names what packed rows depend on: their form, their place, the styles, and the content."""
    said = (
        FORMAT,
        part.table.tab,
        part.table.headers,
        part.writer.styles,
        start - part.start,
        content,
    )
    return sha256(repr(said).encode()).hexdigest()


def _rendered(part: _Part[Row], start: int, stop: int) -> Iterator[bytes]:
    """The rows as XML, in pieces.

    Raises:
        MissingRowsError: they are not as many as was said.
    """
    # The header stands above the first.
    first = number = start - part.start + 2
    rows = iter(part.table.rows(start, stop))
    while batch := list(islice(rows, _BATCH)):
        yield part.writer.write(number, batch).encode()
        number += len(batch)
    if number - first != stop - start:
        raise MissingRowsError


def _unheeded(_rows: int) -> None:
    """Nobody looks at the progress."""


def _set_up(worksheet: Worksheet, table: BigTable[Any], *, footer: str) -> None:
    worksheet.sheet_view.showGridLines = False
    worksheet.freeze_panes = "B2"
    for number, column in enumerate(table.columns, 1):
        worksheet.column_dimensions[get_column_letter(number)].width = column.width
    width = sum(column.width for column in table.columns)
    set_up_paper(worksheet, footer=footer, wide=ceil(width / _WIDEST_PRINT))
    worksheet.print_title_rows = "1:1"


def _native_table(table: BigTable[Any], rows: int, name: str) -> NativeTable:
    reference = f"A1:{get_column_letter(len(table.columns))}{rows + 1}"
    return NativeTable(
        displayName=name,
        ref=reference,
        autoFilter=AutoFilter(ref=reference),
        tableColumns=[
            TableColumn(id=number, name=header) for number, header in enumerate(table.headers, 1)
        ],
        tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=False),
    )
