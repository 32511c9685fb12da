"""A table of pledges that can be edited and imported: the template, and the export that looks like it.

Unlike a report it begins with its header, and it holds what was recorded and nothing that is converted or rounded.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import zip_longest
from textwrap import wrap
from typing import Any, Final

from openpyxl.packaging.custom import IntProperty
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.donors.domain import list_donors
from app.pledges.domain.columns import COLUMNS, EXAMPLE, PledgeColumn
from reports.kit.looks import Look
from reports.kit.notes import add_notes
from reports.kit.rows import Rows, Styled
from reports.kit.table import fit
from reports.kit.values import TEXT_PATTERN, Value, money
from reports.kit.workbook import CREATOR, Book

TITLE: Final = "Pledges, to be edited and imported"
TAB: Final = "Pledges"
WORDS_TAB: Final = "Words"
NOTES_TAB: Final = "Notes"
# What an import reads; a longer table could not come back.
MAX_ROWS: Final = 10_000
MAX_PLEDGES: Final = MAX_ROWS - 1
DONOR_NAME: Final = "donor name"
NUMBER_FORMAT: Final = "#,##0.00"
COUNT_FORMAT: Final = "0"
_COUNTS: Final = frozenset({"version", "revision"})
_TITLE_HEIGHT: Final = 30
_WIDTHS: Final = {"title": 44, "notes": 44, "source_url": 44, "source_title": 30, "id": 38}
_NARROW: Final = 16
_LINE: Final = 100
NOTES: Final = (
    "Each row of the sheet Pledges is one pledge. The first row names the columns; leave it as it is.",
    "donor, title and aid_type are needed. A column may be left out, and then changes nothing.",
    "The row of the template's example is not imported. A changed example is refused: write into other rows.",
    "A row without a reference is a new pledge.",
    "A row with the reference of a pledge that the ledger has changes that pledge, and needs its version.",
    "The version says which state of it the row is based on. If somebody has changed it since, nothing is overwritten.",
    "An empty cell in amount, currency, announced_on, notes, overlaps or source_url says that there is no such thing.",
    "Values only: formulas, errors and hidden parts are reported.",
    "Try it first: aidledger import FILE --dry-run, or POST /v1/imports with dry_run=true, says what would change.",
)
Row = Mapping[str, Any]


def build_template() -> Book:
    """The template: an example, and room for pledges."""
    columns = [column for column in COLUMNS if not column.is_derived]
    book = _new_book()
    _write_table(book, columns, [EXAMPLE], Look.NOTE)
    _write_words(book)
    _write_notes(book, columns)
    return book


def build_table(rows: Iterable[Row], revision: int) -> Book:
    """Pledges as they stand at a revision.

    Args:
        rows: by the names of the columns, amounts as decimal texts; at most ``MAX_PLEDGES``.
        revision: of the ledger.

    Raises:
        ReportTooLargeError: a text is longer than a cell can hold.
    """
    book = _new_book()
    properties: Any = book.custom_doc_props  # type: ignore[attr-defined]  # missing in the stubs
    properties.append(IntProperty(name="Ledger revision", value=revision))
    _write_table(book, COLUMNS, rows, Look.VERBATIM)
    _write_words(book)
    _write_notes(book, COLUMNS)
    return book


def _new_book() -> Book:
    book = Book()
    properties: Any = book.properties
    properties.creator, properties.title = CREATOR, TITLE
    # The same table is the same bytes.
    properties.created = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    return book


def _write_table(
    book: Book, columns: Sequence[PledgeColumn], rows: Iterable[Row], look: Look
) -> None:
    worksheet, written = book.begin_sheet(TAB)
    worksheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        _set_up_column(worksheet, column, place)
    notes = {place: column.note for place, column in enumerate(columns, start=1)}
    add_notes(worksheet, notes, author=CREATOR)
    written.append((column.name, Look.HEADER) for column in columns)
    for row in rows:
        written.append(_cell(row, column, look) for column in columns)
    worksheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"


def _set_up_column(worksheet: Worksheet, column: PledgeColumn, place: int) -> None:
    """How wide it is, what it takes, and what it holds."""
    letter = get_column_letter(place)
    dimension = worksheet.column_dimensions[letter]
    dimension.width = _WIDTHS.get(column.name, _NARROW)
    dimension.number_format = _format(column)
    if column.words:
        worksheet.data_validations.append(_validation(column, letter))


def _format(column: PledgeColumn) -> str:
    """Of the column's empty cells; text, so that 2023-11 does not become the first of the month."""
    if not column.is_number:
        return TEXT_PATTERN
    return COUNT_FORMAT if column.name in _COUNTS else NUMBER_FORMAT


def _validation(column: PledgeColumn, letter: str) -> DataValidation:
    """A list to choose from. Names that an import understands as well may be typed all the same."""
    words = get_column_letter(_with_words(COLUMNS).index(column) + 1)
    found = DataValidation(
        type="list",
        formula1=f"{WORDS_TAB}!${words}$2:${words}${len(column.words) + 1}",
        allow_blank=True,
        errorStyle="warning",
        errorTitle=column.name,
        error="This is not one of the words of the list.",
    )
    found.add(f"{letter}2:{letter}{MAX_ROWS}")
    return found


def _cell(row: Row, column: PledgeColumn, look: Look) -> Styled:
    value = row[column.name]
    if column.is_number and value is not None:
        return _number(column, value, row["currency"]), Look.NUMBER
    return fit(value, f"Sheet {TAB}, column {column.name}"), look


def _number(column: PledgeColumn, value: int | str, currency: str | None) -> Value:
    """A number, or a text where Excel would round it."""
    if column.name in _COUNTS:
        return int(value)
    number = money(Decimal(value), currency)
    return number if number.is_exact_in_excel else str(number)


def _with_words(columns: Sequence[PledgeColumn]) -> list[PledgeColumn]:
    return [column for column in columns if column.words]


def _write_words(book: Book) -> None:
    """All words, a column for each column that takes them, and the donors' names behind."""
    worksheet, written = book.begin_sheet(WORDS_TAB)
    worksheet.freeze_panes = "A2"
    columns = _with_words(COLUMNS)
    lists = [list[str](column.words) for column in columns]
    lists.append([donor.name for donor in list_donors()])
    headers = [*(column.name for column in columns), DONOR_NAME]
    for place in range(1, len(headers) + 1):
        worksheet.column_dimensions[get_column_letter(place)].width = _NARROW
    written.append((name, Look.HEADER) for name in headers)
    for row in zip_longest(*lists):
        written.append((word, Look.TEXT) for word in row)


def _write_notes(book: Book, columns: Sequence[PledgeColumn]) -> None:
    worksheet, written = book.begin_sheet(NOTES_TAB)
    worksheet.column_dimensions["A"].width = _NARROW
    worksheet.column_dimensions["B"].width = _LINE
    written.append([(TITLE, Look.TITLE)], height=_TITLE_HEIGHT)
    for note in NOTES:
        _write_lines(written, None, note)
    written.append([("Column", Look.HEADER), ("What it holds", Look.HEADER)])
    for column in columns:
        _write_lines(written, column.name, column.note)


def _write_lines(written: Rows, label: str | None, text: str) -> None:
    for number, line in enumerate(wrap(text, _LINE)):
        written.append([(None if number else label, Look.LABEL), (line, Look.PLAIN)])
