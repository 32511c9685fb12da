"""What the parts of a workbook say of themselves before its cells are read: sheets, area, formulas, what is hidden.

Runs in the reading process. It looks at every XML part, so that none holds a document type declaration (entities that
unfold, files that are fetched), and it finds out how far the cells of a sheet reach, whatever its ``<dimension>`` says.
"""

import posixpath
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, Final
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl
from zipfile import ZipFile

from defusedxml.sax import parse

from app.imports.domain.layouts import Limits
from app.imports.errors import MalformedWorkbookError, WorkbookTooLargeError

WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_TRUE: Final = frozenset({"1", "true"})


@dataclass(slots=True)
class SheetScan:
    """What one sheet says of itself.

    Attributes:
        last_row: of the last cell that holds something; 0 where none does.
        formulas: columns with formulas, by row.
        unknown: those of them whose result nobody saved.
        errors: texts such as ``#REF!`` by column, by row.
    """

    name: str
    is_hidden: bool
    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    formulas: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    unknown: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BookScan:
    """What a workbook says of itself; ``is_from_1904`` is the date system of old Macs."""

    sheets: tuple[SheetScan, ...]
    is_from_1904: bool


def scan(archive: ZipFile, limits: Limits) -> BookScan:
    """Look at every part.

    Raises:
        WorkbookTooLargeError: more sheets, rows, columns or cells than the limits allow.
        MalformedWorkbookError: a part is missing or not XML.
    """
    book, targets = _Workbook(), _Relations()
    _parse(archive, WORKBOOK, book)
    _parse(archive, RELATIONS, targets)
    if len(book.sheets) > limits.sheets:
        raise WorkbookTooLargeError(f"A workbook has at most {limits.sheets} sheets.")
    places = {targets.found[one.relation]: one for one in book.sheets}
    budget = limits.cells
    scans: dict[str, SheetScan] = {}
    for name in archive.namelist():
        if name in {WORKBOOK, RELATIONS} or not name.endswith((".xml", ".rels", ".vml")):
            continue
        if name not in places:
            _parse(archive, name, ContentHandler())
            continue
        sheet = SheetScan(places[name].name, places[name].is_hidden)
        _parse(archive, name, _Sheet(sheet, limits, budget))
        budget -= sheet.cells
        scans[name] = sheet
    return BookScan(
        tuple(scans[place] for place in places if place.startswith("xl/worksheets/")),
        book.is_from_1904,
    )


def _parse(archive: ZipFile, name: str, handler: ContentHandler) -> None:
    with archive.open(name) as part:
        _parse_part(part, handler)


def _parse_part(part: IO[bytes], handler: ContentHandler) -> None:
    parse(part, handler, forbid_dtd=True)


def _local(name: str) -> str:
    """The name without its prefix: some programs write ``<x:c>`` for ``<c>``."""
    return name.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    is_hidden: bool
    relation: str


class _Workbook(ContentHandler):
    """``xl/workbook.xml``: the sheets in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[_Named] = []
        self.is_from_1904 = False

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 -- as SAX calls it
        """One element begins."""
        match _local(name):
            case "sheet":
                values = {_local(key): value for key, value in attrs.items()}
                hidden = values.get("state", "visible") != "visible"
                self.sheets.append(_Named(values["name"], hidden, values["id"]))
            case "workbookPr":
                self.is_from_1904 = attrs.get("date1904", "0") in _TRUE
            case _:
                pass


class _Relations(ContentHandler):
    """``xl/_rels/workbook.xml.rels``: which part a sheet is."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 -- as SAX calls it
        """One element begins."""
        if _local(name) == "Relationship":
            target = attrs["Target"]
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            self.found[attrs["Id"]] = posixpath.normpath(path)


class _Sheet(ContentHandler):
    """One sheet: where something stands, not what. A cell without an address follows the one before (ECMA-376 18.3)."""

    def __init__(self, sheet: SheetScan, limits: Limits, budget: int) -> None:
        super().__init__()
        self._sheet, self._limits, self._budget = sheet, limits, budget
        self._row = self._column = 0
        self._is_error = self._in_value = self._is_noted = False
        self._text: list[str] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 -- as SAX calls it
        """One element begins."""
        match _local(name):
            case "c":
                self._begin_cell(attrs)
            case "v" | "is":
                self._note_content()
                self._sheet.unknown.discard((self._row, self._column))
                self._in_value = self._is_error
            case "f":
                self._note_content()
                self._sheet.formulas[self._row].add(self._column)
                self._sheet.unknown.add((self._row, self._column))
            case "row":
                self._begin_row(attrs)
            case "col" if attrs.get("hidden") in _TRUE:
                last = min(int(attrs["max"]), self._limits.columns)
                self._sheet.hidden_columns += range(int(attrs["min"]), last + 1)

    def characters(self, content: str) -> None:
        """Text inside of an element."""
        if self._in_value:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 -- as SAX calls it
        """One element ends."""
        if self._in_value and _local(name) == "v":
            self._sheet.errors[self._row][self._column] = "".join(self._text)[:20]
            self._text, self._in_value = [], False

    def _begin_row(self, attrs: AttributesImpl) -> None:
        self._row = _next(self._row, int(attrs.get("r") or self._row + 1))
        self._column = 0
        if attrs.get("hidden") in _TRUE and len(self._sheet.hidden_rows) < self._limits.rows:
            self._sheet.hidden_rows.append(self._row)

    def _begin_cell(self, attrs: AttributesImpl) -> None:
        address = attrs.get("r")
        column = _column_of(address, self._row) if address else self._column + 1
        self._column = _next(self._column, column)
        self._is_error = attrs.get("t") == "e"
        self._is_noted = False

    def _note_content(self) -> None:
        """A formula and its result are one cell."""
        if self._is_noted:
            return
        self._is_noted = True
        sheet, limits = self._sheet, self._limits
        sheet.cells += 1
        sheet.last_row = max(sheet.last_row, self._row)
        sheet.last_column = max(sheet.last_column, self._column)
        if sheet.last_row > limits.rows or sheet.last_column > limits.columns:
            raise WorkbookTooLargeError(
                f"A sheet has at most {limits.rows} rows and {limits.columns} columns."
            )
        if sheet.cells > self._budget:
            raise WorkbookTooLargeError(f"A workbook has at most {limits.cells} cells.")


def _next(last: int, number: int) -> int:
    """The number of a row or a column. Of two cells at one place, two readers may see two different ones.

    Raises:
        MalformedWorkbookError: it does not come behind the last.
    """
    if number <= last:
        raise MalformedWorkbookError("Rows or cells of a sheet are there twice, or out of order.")
    return number


def _column_of(address: str, row: int) -> int:
    """2 for ``B17`` in row 17.

    Raises:
        MalformedWorkbookError: it is no address, or one of another row, where nobody would look for it.
    """
    letters = address.rstrip("0123456789")
    if address != f"{letters}{row}":
        raise MalformedWorkbookError("A cell says that it stands in another row.")
    if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= 3):  # noqa: PLR2004
        raise MalformedWorkbookError("A cell has no address that Excel knows.")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
