"""What the parts of a workbook say of themselves before its cells are read: sheets, area, formulas, what is hidden.

Runs in the reading process. It looks at every XML part, so that none holds a document type declaration (entities that
unfold, files that are fetched), and it finds out how far the cells of a sheet reach, whatever its ``<dimension>`` says.
"""

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from xml.parsers import expat
from zipfile import ZipFile

from app.imports.domain.limits import Limits
from app.imports.errors import MalformedWorkbookError, WorkbookTooLargeError
from app.imports.files.gate import MAX_UNPACKED

WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_TRUE: Final = frozenset({"1", "true"})
_PIECE: Final = 2**16
_ERROR_TEXT: Final = 20
Attributes: TypeAlias = Mapping[str, str]
ElementBegins: TypeAlias = Callable[[str, Attributes], None]


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
        MalformedWorkbookError: a part is missing, is not XML or has a document type.
        BadZipFile: a part is not what the archive's directory says.
    """
    book, targets, parts = _Workbook(), _Relations(), _Parts(archive)
    _parse(parts, WORKBOOK, book.begin)
    _parse(parts, RELATIONS, targets.begin)
    if len(book.sheets) > limits.sheets:
        raise WorkbookTooLargeError(f"A workbook has at most {limits.sheets} sheets.")
    places = {targets.found[one.relation]: one for one in book.sheets}
    budget = limits.cells
    scans: dict[str, SheetScan] = {}
    for name in archive.namelist():
        if name in {WORKBOOK, RELATIONS}:
            continue
        if not name.endswith((".xml", ".rels", ".vml")):
            parts.unpack(name)
            continue
        if name not in places:
            _parse(parts, name)
            continue
        sheet = SheetScan(places[name].name, places[name].is_hidden)
        _feed(parts, name, _Sheet(sheet, limits, budget).parser)
        budget -= sheet.cells
        scans[name] = sheet
    return BookScan(
        tuple(scans[place] for place in places if place.startswith("xl/worksheets/")),
        book.is_from_1904,
    )


@dataclass(slots=True)
class _Parts:
    """The parts of an archive, each unpacked once: one may hold more, or other bytes, than the directory says.

    Attributes:
        left: so many bytes may still come out of it.
    """

    archive: ZipFile
    left: int = MAX_UNPACKED

    def pieces(self, name: str) -> Iterator[bytes]:
        """What a part holds, to its end, piece by piece."""
        with self.archive.open(name) as part:
            while piece := part.read(_PIECE):
                self.left -= len(piece)
                if self.left < 0:
                    raise WorkbookTooLargeError(
                        f"A workbook unpacks to at most {MAX_UNPACKED} bytes."
                    )
                yield piece

    def unpack(self, name: str) -> None:
        """See that a part that nobody reads is what the directory says."""
        for _ in self.pieces(name):
            pass


def _parser() -> expat.XMLParserType:
    """A parser that refuses what a spreadsheet has no need of: without a document type there are no entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*_declared: object) -> None:
    raise MalformedWorkbookError("A part of the workbook has a document type.")


def _parse(parts: _Parts, name: str, begin: ElementBegins | None = None) -> None:
    """Go through a part. Where nobody listens it is only seen to be XML without a document type."""
    parser = _parser()
    parser.StartElementHandler = begin
    _feed(parts, name, parser)


def _feed(parts: _Parts, name: str, parser: expat.XMLParserType) -> None:
    try:
        for piece in parts.pieces(name):
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 -- that it ends; it takes no name
    except expat.ExpatError as error:
        raise MalformedWorkbookError("A part of the workbook is no XML.") from error


def _local(name: str) -> str:
    """The name without its prefix: some programs write ``<x:c>`` for ``<c>``."""
    return name.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    is_hidden: bool
    relation: str


class _Workbook:
    """``xl/workbook.xml``: the sheets in their order."""

    def __init__(self) -> None:
        self.sheets: list[_Named] = []
        self.is_from_1904 = False

    def begin(self, name: str, attrs: Attributes) -> None:
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


class _Relations:
    """``xl/_rels/workbook.xml.rels``: which part a sheet is."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def begin(self, name: str, attrs: Attributes) -> None:
        """One element begins."""
        if _local(name) == "Relationship":
            target = attrs["Target"]
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            self.found[attrs["Id"]] = posixpath.normpath(path)


class _Sheet:
    """One sheet: where something stands, not what. A cell without an address follows the one before (ECMA-376 18.3).

    A sheet has a hundred thousand elements and more: text and ends are listened to within a cell with an error alone.
    """

    def __init__(self, sheet: SheetScan, limits: Limits, budget: int) -> None:
        self.parser = _parser()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.begin
        self._sheet, self._limits, self._budget = sheet, limits, budget
        self._row = self._column = 0
        self._row_text = ""
        self._is_error = self._is_noted = self._has_formula = False
        self._text: list[str] = []
        self._columns: dict[str, int] = {}
        self._begins: Mapping[str, Callable[[Attributes], None]] = {
            "col": self._begin_column, "row": self._begin_row, "c": self._begin_cell,
            "f": self._begin_formula, "v": self._begin_value, "is": self._begin_value,
        }  # fmt: skip

    def begin(self, name: str, attrs: Attributes) -> None:
        """One element begins."""
        begins = self._begins.get(name) or self._begins.get(_local(name))
        if begins is not None:
            begins(attrs)

    def _begin_column(self, attrs: Attributes) -> None:
        if attrs.get("hidden") in _TRUE:
            last = min(int(attrs["max"]), self._limits.columns)
            self._sheet.hidden_columns += range(int(attrs["min"]), last + 1)

    def _begin_row(self, attrs: Attributes) -> None:
        row = int(attrs.get("r") or self._row + 1)
        if row <= self._row:
            raise _out_of_order()
        self._row = row
        self._row_text = str(self._row)
        self._column = 0
        if attrs.get("hidden") in _TRUE and len(self._sheet.hidden_rows) < self._limits.rows:
            self._sheet.hidden_rows.append(self._row)

    def _begin_cell(self, attrs: Attributes) -> None:
        if address := attrs.get("r"):
            letters = address.removesuffix(self._row_text)
            column = self._columns.get(letters) or self._learn(letters)
            if column <= self._column:
                raise _out_of_order()
            self._column = column
        else:
            self._column += 1
        self._is_error = attrs.get("t") == "e"
        self._is_noted = self._has_formula = False

    def _begin_formula(self, _attrs: Attributes) -> None:
        if not self._is_noted:
            self._note_content()
        self._has_formula = True
        self._sheet.formulas[self._row].add(self._column)
        self._sheet.unknown.add((self._row, self._column))

    def _begin_value(self, _attrs: Attributes) -> None:
        # A formula and its result are one cell.
        if not self._is_noted:
            self._note_content()
        if self._has_formula:
            self._sheet.unknown.discard((self._row, self._column))
        if self._is_error:
            self._listen()

    def _listen(self) -> None:
        self._text = []
        self.parser.CharacterDataHandler = self._text.append
        self.parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        """The error's text, or something in it, ends."""
        if _local(name) == "v":
            self._sheet.errors[self._row][self._column] = "".join(self._text)[:_ERROR_TEXT]
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None

    def _learn(self, letters: str) -> int:
        return self._columns.setdefault(letters, _column_of(letters))

    def _note_content(self) -> None:
        """The cell holds something."""
        self._is_noted = True
        sheet = self._sheet
        sheet.cells += 1
        if sheet.cells > self._budget:
            raise WorkbookTooLargeError(f"A workbook has at most {self._limits.cells} cells.")
        if self._row > sheet.last_row or self._column > sheet.last_column:
            self._reach_out()

    def _reach_out(self) -> None:
        """The cells of the sheet reach further than before."""
        sheet, limits = self._sheet, self._limits
        sheet.last_row = max(sheet.last_row, self._row)
        sheet.last_column = max(sheet.last_column, self._column)
        if sheet.last_row > limits.rows or sheet.last_column > limits.columns:
            raise WorkbookTooLargeError(
                f"A sheet has at most {limits.rows} rows and {limits.columns} columns."
            )


def _out_of_order() -> MalformedWorkbookError:
    """Of two cells at one place, two readers may see two different ones."""
    return MalformedWorkbookError("Rows or cells of a sheet are there twice, or out of order.")


def _column_of(letters: str) -> int:
    """2 for ``B``.

    Raises:
        MalformedWorkbookError: it is no column.
    """
    if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= 3):  # noqa: PLR2004
        raise MalformedWorkbookError(
            "A cell has no address that Excel knows, or one of another row."
        )
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
