"""Our own table of pledges: the template, and the exports of pledges as CSV and as a workbook, edited or not.

The header is the first row, and its names are those of the API. What the ledger works out by itself is recognised and
left alone. A pledge that the ledger has is named by its reference, and its row says which version it is based on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.csv_text import plain_text
from app.imports.domain.cells import (
    Book,
    NamedCells,
    Sheet,
    SheetRow,
    Value,
    is_blank,
    is_error_text,
)
from app.imports.domain.findings import Finding, Severity
from app.imports.domain.pledge_columns import (
    COLUMNS,
    DERIVED,
    REQUIRED,
    SOURCE,
    UnreadableCellError,
    column_name,
)
from app.imports.domain.proposals import FIRST_SOURCE, Mapped, Proposal
from app.pledges.domain.columns import EXAMPLE, EXAMPLE_REFERENCE

TAB: Final = "Pledges"


def recognises(book: Book) -> bool:
    """Whether the first row of its sheet names the columns that every pledge needs."""
    sheet = _find_sheet(book)
    header = next(iter(sheet.rows), None) if sheet else None
    return header is not None and set(REQUIRED) <= {column_name(cell) for cell in header.cells}


def map_book(book: Book) -> Mapped:
    """A proposal for every row."""
    sheet = _find_sheet(book)
    if sheet is None:
        return Mapped((), [_about("header", f"There is no sheet {TAB}.")])
    header = next(iter(sheet.rows), None)
    findings = list(_check_header(header)) if header else [_about("header", "The sheet is empty.")]
    findings += _check_book(book, sheet)
    if header is None or any(one.severity is Severity.ERROR for one in findings):
        return Mapped((), findings)
    return Mapped(_Proposals(sheet, header, is_text=book.is_text), findings)


def _find_sheet(book: Book) -> Sheet | None:
    if len(book.sheets) == 1:
        return book.sheets[0]
    return book.find_sheet(TAB)


def _about(code: str, detail: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(severity=severity, code=code, detail=detail)


def _check_header(header: SheetRow) -> Iterator[Finding]:
    known = COLUMNS.keys() | DERIVED
    seen: set[str] = set()
    expected = f"The first row names the columns: {', '.join(COLUMNS)}."
    if header.number != 1:
        yield Finding.on(header, Severity.ERROR, "header", expected)
    for cell in header.cells:
        name = column_name(cell)
        if name not in known:
            yield Finding.at(cell, Severity.ERROR, "header", expected)
        elif name in seen:
            yield Finding.at(cell, Severity.ERROR, "header", "Two columns have this name.")
        seen.add(name)
    for name in REQUIRED:
        if name not in seen:
            yield Finding.on(header, Severity.ERROR, "header", f"There is no column {name}.")


def _check_book(book: Book, sheet: Sheet) -> Iterator[Finding]:
    """What nobody sees who looks at the workbook, and what shifts its dates."""
    if book.is_from_1904:
        yield _about(
            "date-system", "The workbook counts days from 1904; save it with the 1900 date system."
        )
    for one in book.sheets:
        if one.is_hidden:
            detail = "The sheet is hidden; it is not read." if one is not sheet else "It is hidden."
            yield Finding(
                severity=Severity.WARNING, code="hidden-sheet", detail=detail, sheet=one.name
            )
    if sheet.hidden_columns:
        detail = "Columns of the sheet are hidden; they are read."
        yield Finding(
            severity=Severity.WARNING, code="hidden-column", detail=detail, sheet=sheet.name
        )


@dataclass(frozen=True, slots=True)
class _Proposals:
    """The proposals of a sheet, made whenever they are gone through."""

    sheet: Sheet
    header: SheetRow
    is_text: bool

    def __iter__(self) -> Iterator[Proposal]:
        """One proposal for every row but the header and the template's example."""
        names = {column_name(cell): cell.column for cell in self.header.cells}
        columns = {name: place for name, place in names.items() if name in COLUMNS}
        places = {SOURCE.get(name, name): place for name, place in columns.items()}
        width = len(self.header.values)
        seen: set[str] = set()
        for row in self.sheet.rows:
            if row.number == self.header.number:
                continue
            reader = _RowReader(row, is_text=self.is_text)
            values = {name: reader.read(name, place) for name, place in columns.items()}
            if values.get("reference") == EXAMPLE_REFERENCE:
                if _is_example(values):
                    continue
                reader.refuse_example(columns["reference"])
            reader.check(self.sheet, width=width)
            if (reference := values.get("reference")) is not None:
                reader.check_reference(reference, columns["reference"], seen)
            yield reader.propose(values, places)


@dataclass(slots=True)
class _RowReader:
    """Reads the cells of one row, and remembers what cannot be read."""

    row: SheetRow
    is_text: bool
    findings: list[Finding] = field(default_factory=list)

    def read(self, name: str, column: int) -> Any:
        """What a named column says; ``None`` with a finding where it says nothing that can be read."""
        value = self.row.value_at(column)
        if column in self.row.formulas:
            self._note(column, "formula-not-allowed", "A formula stands here; put in its value.")
            return None
        if is_error_text(value):
            self._note(column, "cell-error", "An error of the spreadsheet stands here.")
            return None
        if name in REQUIRED and is_blank(value):
            self._note(column, "blank", "Every pledge has one.")
            return None
        try:
            return COLUMNS[name].read(self._plain(value))
        except UnreadableCellError as unreadable:
            self._note(column, unreadable.code, unreadable.detail)
            return None

    def check(self, sheet: Sheet, *, width: int) -> None:
        """What is odd about the row as a whole; the header is so many columns wide."""
        if self.row.number in sheet.hidden_rows:
            hidden = "The row is hidden; it is read."
            self.findings.append(Finding.on(self.row, Severity.WARNING, "hidden-row", hidden))
        for cell in self.row.cells_behind(width):
            if not cell.is_empty:
                self._note(cell.column, "header", "The first row has no name for this column.")

    def refuse_example(self, column: int) -> None:
        """Somebody wrote into the row of the example: it is neither the example nor safely a pledge."""
        sentence = (
            "This is still the template's example; give the row a reference of its own, or none."
        )
        self._note(column, "example-row", sentence)

    def check_reference(self, reference: str, column: int, seen: set[str]) -> None:
        """Two rows about one pledge would contradict each other."""
        if reference in seen:
            self._note(column, "repeated-reference", "A row above is about this pledge.")
        seen.add(reference)

    def propose(self, values: Mapping[str, Any], places: Mapping[str, int]) -> Proposal:
        """The proposal of this row; ``places`` are the columns of its fields."""
        fields = {
            name: value
            for name, value in values.items()
            if name not in SOURCE
            and name != "version"
            and (value is not None or COLUMNS[name].is_nullable)
        }
        if "source_url" in values:
            fields[FIRST_SOURCE] = _first_source(values)
        return Proposal(
            external_id=values.get("reference") or "",
            sheet=self.row.sheet,
            row=self.row.number,
            fields=fields,
            version=values.get("version"),
            origins=NamedCells(self.row, places),
            findings=tuple(self.findings),
        )

    def _plain(self, value: Value) -> Value:
        return plain_text(value) if self.is_text and isinstance(value, str) else value

    def _note(self, column: int, code: str, detail: str) -> None:
        self.findings.append(Finding.at(self.row.at(column), Severity.ERROR, code, detail))


def _is_example(values: Mapping[str, Any]) -> bool:
    """Whether a row holds what the template's example holds, and nothing else."""
    return all((value or None) == EXAMPLE[name] for name, value in values.items())


def _first_source(values: Mapping[str, Any]) -> dict[str, str | None] | None:
    """The source that the row names, without what there is no column for; its kind may be left open."""
    if values["source_url"] is None:
        return None
    return {
        place.rpartition("/")[2]: values[name]
        for name, place in SOURCE.items()
        if name in values and (values[name] is not None or COLUMNS[name].is_nullable)
    }
