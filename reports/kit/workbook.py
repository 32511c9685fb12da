"""A workbook with our looks and properties: openpyxl writes it, except for the rows."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from typing_extensions import override

from reports.figures import Stamp
from reports.kit.archive import Archive
from reports.kit.looks import register_looks
from reports.kit.packed import PackedRows
from reports.kit.rows import Rows
from reports.kit.text import printable

Progress = Callable[[int], None]
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATOR: Final = "Aid Ledger"
# What a streaming worksheet of openpyxl writes where no row was appended to it.
NO_ROWS: Final = b"<sheetData></sheetData>"
# Every reader looks here first.
FIRST: Final = "[Content_Types].xml"
# The same figures give the same bytes: nothing in the file says when it was saved.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_CORE: Final = "docProps/core.xml"
_MODIFIED: Final = re.compile(rb"<dcterms:modified\b.*?</dcterms:modified>", re.DOTALL)


class Book(Workbook):
    """An openpyxl workbook whose sheets take their rows from ``Rows``. It can be saved once."""

    def __init__(self) -> None:
        super().__init__(write_only=True)
        self._rows: list[tuple[Worksheet, Rows]] = []
        self._packed: dict[str, PackedRows] = {}
        self.count = 0
        """How many rows all its tables have."""
        register_looks(self)

    def begin_sheet(self, tab: str) -> tuple[Worksheet, Rows]:
        """Add a sheet: all that openpyxl writes of it, and its rows."""
        worksheet: Worksheet = self.create_sheet(tab)
        rows = Rows(worksheet)
        self._rows.append((worksheet, rows))
        return worksheet, rows

    def name(self, key: str, address: str) -> None:
        """Give a cell a name that formulas anywhere can use, and a reader can jump to."""
        self.defined_names[key] = DefinedName(key, attr_text=address)

    def append_packed(self, worksheet: Worksheet, packed: PackedRows) -> None:
        """Let rows that are packed follow the others of a sheet."""
        self._packed[worksheet.title] = packed

    def pieces(
        self, _blocks: object = None, progress: Progress | None = None, /
    ) -> Iterator[bytes]:
        """The file, piece by piece; ``progress`` is told how many rows are done."""
        shell = BytesIO()
        super().save(shell)
        archive = Archive()
        # A sheet learns its path within the file only now.
        sheets = {sheet.path.removeprefix("/"): (sheet, rows) for sheet, rows in self._rows}
        with ZipFile(shell) as source:
            for name in sorted(source.namelist(), key=lambda name: name != FIRST):
                part = source.read(name)
                if name == _CORE:
                    part = _MODIFIED.sub(b"", part)
                if name in sheets:
                    yield from self._sheet(archive, name, part, *sheets[name])
                else:
                    yield archive.add(name, part)
        yield archive.close()
        if progress is not None:
            progress(self.count)

    def _sheet(
        self, archive: Archive, name: str, shell: bytes, worksheet: Worksheet, rows: Rows
    ) -> Iterator[bytes]:
        before, after = shell.split(NO_ROWS)
        head = before + b"<sheetData>" + rows.xml()
        if worksheet.title not in self._packed:
            yield archive.add(name, head + b"</sheetData>" + after)
            return
        yield archive.begin(name) + archive.write(head)
        for block in self._packed[worksheet.title]:
            yield archive.splice(block)
        yield archive.write(b"</sheetData>" + after) + archive.end()

    @override
    def save(self, filename: Any) -> None:
        for piece in self.pieces():
            filename.write(piece)


def new_book(stamp: Stamp) -> Book:
    """An empty workbook whose properties name the ledger's revision, for programs, and no person."""
    book = Book()
    properties: Any = book.properties
    properties.creator = CREATOR
    properties.title = printable(stamp.title)
    properties.description = printable(stamp.what)
    created = stamp.generated_at or stamp.recorded_at or datetime(*_NO_DATE, tzinfo=UTC)
    properties.created = created.astimezone(UTC).replace(tzinfo=None)
    for fact in (
        IntProperty(name="Ledger revision", value=stamp.revision),
        StringProperty(name="As of", value=printable(stamp.as_of)),
        StringProperty(name="Currency", value=stamp.currency),
    ):
        book.custom_doc_props.append(fact)  # type: ignore[attr-defined]  # missing in the stubs
    return book


def to_bytes(workbook: Workbook) -> bytes:
    """The workbook as an .xlsx file."""
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def instant(moment: datetime) -> str:
    """``2026-11-22 10:00 UTC``; cells know no time zones, so instants stand as text."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
