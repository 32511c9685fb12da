"""Tables: rows under named columns, each of one kind, so that every format writes the same values in its own types."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from app.csv_text import write_csv

Row = Mapping[str, Any]


class Kind(StrEnum):
    """What the cells of a column are, and how rows hold them; ``None`` is an empty cell.

    Attributes:
        TEXT: a text, also a date that may be as coarse as its source.
        CODE: a text of which few different ones stand in the column.
        AMOUNT: money in units of its currency, as a decimal text with at most four digits behind the point.
        RATE: a rate, a price or a quantity, as a decimal text with at most 18 digits behind the point.
        COUNT: an ``int``.
        DAY: a whole day, ``2023-11-14``.
        INSTANT: an instant of UTC, ``2026-11-22T10:00:00Z``.
        FLAG: a ``bool``.
    """

    TEXT = "text"
    CODE = "code"
    AMOUNT = "amount"
    RATE = "rate"
    COUNT = "count"
    DAY = "day"
    INSTANT = "instant"
    FLAG = "flag"

    @property
    def is_number(self) -> bool:
        """Whether a cell is a figure of our own, which may begin with a minus."""
        return self in {Kind.AMOUNT, Kind.RATE, Kind.COUNT}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: in the header.
        needed: no cell of it is empty.
        note: what it holds, where the name does not say it.
        words: all that may stand in it; empty where anything may.
        unique: no two rows have the same in it.
    """

    name: str
    kind: Kind = Kind.TEXT
    needed: bool = False
    note: str | None = None
    words: tuple[str, ...] = ()
    unique: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """That a column holds what stands in a column of another table, or of the same one."""

    column: str
    table: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under columns.

    Attributes:
        name: of its file, without suffix.
        rows: opens the rows, once or several times.
        primary_key: the columns that tell every row from all others.
    """

    name: str
    columns: Sequence[Column]
    rows: Callable[[], Iterable[Row]]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    def csv(self) -> Iterator[bytes]:
        """The table as CSV, in pieces."""
        names = [column.name for column in self.columns]
        numbers = frozenset(column.name for column in self.columns if column.kind.is_number)
        flags = [column.name for column in self.columns if column.kind is Kind.FLAG]
        rows = (_spell(row, flags) for row in self.rows()) if flags else self.rows()
        return write_csv(names, rows, numbers=numbers)


def _spell(row: Row, flags: Sequence[str]) -> Row:
    """The row with ``true`` and ``false`` in words, as other programs spell them."""
    words = {name: str(row[name]).lower() for name in flags if row[name] is not None}
    return {**row, **words}


def in_batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows, so many at a time."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch
