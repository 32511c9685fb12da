"""A workbook with our looks and properties: openpyxl writes it, except for the rows."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from typing_extensions import override

from reports.figures import Stamp
from reports.kit.looks import register_looks
from reports.kit.rows import Rows
from reports.kit.text import printable

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATOR: Final = "Aid Ledger"
# What a streaming worksheet of openpyxl writes where no row was appended to it.
_NO_ROWS: Final = b"<sheetData></sheetData>"
# The same figures give the same bytes: nothing in the file says when it was saved.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_CORE: Final = "docProps/core.xml"
_MODIFIED: Final = re.compile(rb"<dcterms:modified\b.*?</dcterms:modified>", re.DOTALL)


class Book(Workbook):
    """An openpyxl workbook whose sheets take their rows from ``Rows``. It can be saved once."""

    def __init__(self) -> None:
        super().__init__(write_only=True)
        self._rows: list[tuple[Worksheet, Rows]] = []
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

    @override
    def save(self, filename: Any) -> None:
        shell = BytesIO()
        super().save(shell)
        # A sheet learns its path within the file only now.
        rows = {sheet.path.removeprefix("/"): rows.xml() for sheet, rows in self._rows}
        with ZipFile(shell) as source, ZipFile(filename, "w", ZIP_DEFLATED) as target:
            for name in source.namelist():
                part = source.read(name)
                if name == _CORE:
                    part = _MODIFIED.sub(b"", part)
                filled = _filled(part, rows[name]) if name in rows else part
                target.writestr(ZipInfo(name, _NO_DATE), filled, ZIP_DEFLATED)


def _filled(sheet: bytes, rows: bytes) -> bytes:
    before, after = sheet.split(_NO_ROWS)
    return b"".join((before, b"<sheetData>", rows, b"</sheetData>", after))


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
