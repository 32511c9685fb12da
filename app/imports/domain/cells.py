"""A file as it was read: sheets of rows of typed cells, each of which knows where it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

# A number is whole (``int``) or the shortest decimal that means its double; no float leaves the reader.
Value: TypeAlias = "str | int | Decimal | bool | date | datetime | None"
MAX_RAW: Final = 200
# ECMA-376 part 1, 18.18.11 (ST_CellType ``e``) and what later releases of Excel added.
_ERRORS: Final = frozenset(
    {
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
    }
)
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        sheet: name of its sheet; of a CSV file the file's name.
        row: 1, 2, 3, ... as Excel counts; of a CSV file the line on which the row begins.
        column: 1, 2, 3, ...
        value: text as it stands in the file, blanks included; ``None`` where nothing stands.
        is_formula: a formula stands in the cell; ``value`` is what the program that saved it last worked out.
    """

    sheet: str
    row: int
    column: int
    value: Value
    is_formula: bool = False

    @property
    def address(self) -> str:
        """The address within the sheet, such as ``B17``."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing but blanks stands in it."""
        return is_blank(self.value)

    @property
    def is_unknown(self) -> bool:
        """Whether it is a formula whose result nobody saved: reading it as empty would lose a figure."""
        return self.is_formula and self.value is None

    @property
    def raw(self) -> str | None:
        """The value as text, at most 200 characters."""
        return None if self.value is None else str(self.value)[:MAX_RAW]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not empty. A value becomes a cell when somebody asks for it: most are only looked over.

    Attributes:
        values: from column A without a gap.
        formulas: the columns in which a formula stands.
    """

    sheet: str
    number: int
    values: tuple[Value, ...]
    formulas: frozenset[int] = frozenset()

    @property
    def is_blank(self) -> bool:
        """Whether nothing but blanks stands in it."""
        return all(is_blank(value) for value in self.values)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All of them."""
        return self.cells_behind(0)

    def cells_behind(self, column: int) -> tuple[Cell, ...]:
        """Those to the right of a column."""
        return tuple(self.at(one) for one in range(column + 1, len(self.values) + 1))

    def at(self, column: int) -> Cell:
        """The cell of a column, counted from 1; an empty one behind the last."""
        is_formula = column in self.formulas
        return Cell(self.sheet, self.number, column, self.value_at(column), is_formula)

    def value_at(self, column: int) -> Value:
        """The value of that cell."""
        return self.values[column - 1] if column <= len(self.values) else None


@dataclass(frozen=True, slots=True)
class NamedCells(Mapping[str, Cell]):
    """Cells of one row by name; each becomes a cell when somebody asks for it.

    Attributes:
        columns: by name, counted from 1.
    """

    row: SheetRow
    columns: Mapping[str, int]

    def __getitem__(self, name: str) -> Cell:
        """The cell of this name."""
        return self.row.at(self.columns[name])

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self.columns)

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.columns)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, or a whole CSV file.

    Attributes:
        rows: those that are not empty, top to bottom. May be gone through again, and may be too many for the memory.
        last_row: number of the last row that holds something.
        last_column: number of the last column that does.
        is_hidden: nobody who opens the workbook sees it.
        hidden_rows: numbers of the rows that nobody sees.
        hidden_columns: numbers of the columns that nobody sees.
    """

    name: str
    rows: Iterable[SheetRow]
    last_row: int = 0
    last_column: int = 0
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """One file.

    Attributes:
        file_name: as its sender calls it, without a path.
        sha256: of its bytes, in hexadecimal.
        sheets: in the file's order; a CSV file is one sheet.
        is_text: a CSV file, whose cells are all texts.
        is_from_1904: it counts days as old Macs did; a date that was copied into it may be four years off.
    """

    file_name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    is_text: bool = False
    is_from_1904: bool = False

    def find_sheet(self, name: str) -> Sheet | None:
        """The sheet of this name, whatever the case and the blanks around it."""
        wanted = name.strip().casefold()
        return next((one for one in self.sheets if one.name.strip().casefold() == wanted), None)


def is_blank(value: Value) -> bool:
    """Whether nothing stands there, or blanks alone."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_error_text(value: Value) -> bool:
    """Whether a formula went wrong here, or somebody copied it from where one did."""
    return isinstance(value, str) and "#" in value and value.strip() in _ERRORS


def column_letters(column: int) -> str:
    """``A`` for 1, ``Z`` for 26, ``AA`` for 27."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
