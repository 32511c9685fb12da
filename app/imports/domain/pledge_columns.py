"""The columns of our own table of pledges: their names, and how a cell of each is read.

Nothing is rounded and nothing is guessed: a cell that holds no value of its column's kind is a finding.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, NamedTuple

from app.donors.domain import find_donor
from app.imports.domain.cells import Cell, Value
from app.kernel.text import fold

REQUIRED: Final = ("donor", "title", "aid_type")
# What the ledger works out by itself: an export shows it, and nobody changes it here.
DERIVED: Final = frozenset(
    {"pledged", "committed", "allocated", "delivered", "id", "revision", "recorded_at"}
)


class UnreadableCellError(Exception):
    """A cell that holds no value of its column's kind."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def _text(value: Value) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise UnreadableCellError("text-expected", "A number or a date stands where a text belongs.")


def _choice(value: Value) -> str | None:
    """A word as people write it: ``In kind`` is ``in_kind``."""
    text = _text(value)
    return fold(text).replace(" ", "_") if text else None


def _donor(value: Value) -> str | None:
    """A code, or a name that is known; what is neither is judged as it stands."""
    text = _text(value)
    known = find_donor(text) if text else None
    return known.code if known else text


def _amount(value: Value) -> str | None:
    """The number exactly as it stands; nothing is rounded."""
    match value:
        case bool() | date():
            raise UnreadableCellError("invalid-amount", "An amount is a number.")
        case Decimal():
            return f"{value:f}"
        case int():
            return str(value)
        case _:
            return value or None


def _when(value: Value) -> str | None:
    """A day as ISO 8601, or a text such as ``2023-11``."""
    match value:
        case datetime() if value.time() != time():
            raise UnreadableCellError("invalid-date", "A date has no time of day.")
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case bool() | Decimal():
            raise UnreadableCellError("invalid-date", "A date is 2023-11-14, 2023-11 or 2023.")
        case int():
            return str(value)
        case _:
            return value or None


def _references(value: Value) -> tuple[str, ...]:
    text = _text(value)
    return tuple(text.replace(",", " ").replace(";", " ").split()) if text else ()


def _version(value: Value) -> int | None:
    match value:
        case None | "":
            return None
        case int() if not isinstance(value, bool) and value > 0:
            return value
        case str() if value.isascii() and value.isdigit() and len(value) < 10:  # noqa: PLR2004
            return int(value)
        case _:
            raise UnreadableCellError("invalid-version", "A version is a whole number above zero.")


class Column(NamedTuple):
    """How the cells of a column are read, and whether an empty one means that there is no such thing."""

    read: Callable[[Value], Any]
    is_nullable: bool = True


COLUMNS: Final[Mapping[str, Column]] = {
    "reference": Column(_text),
    "version": Column(_version),
    "donor": Column(_donor),
    "title": Column(_text),
    "aid_type": Column(_choice),
    "instrument": Column(_choice, is_nullable=False),
    "amount": Column(_amount),
    "currency": Column(_text),
    "bound": Column(_choice, is_nullable=False),
    "announced_on": Column(_when),
    "status": Column(_choice, is_nullable=False),
    "verification": Column(_choice, is_nullable=False),
    "notes": Column(_text),
    "overlaps": Column(_references),
    "source_url": Column(_text),
    "source_title": Column(_text),
    "source_kind": Column(_choice, is_nullable=False),
}
# The columns that are the first source, by their names within it.
SOURCE: Final = {
    "source_url": "sources/0/url",
    "source_title": "sources/0/title",
    "source_kind": "sources/0/kind",
}


def column_name(cell: Cell) -> str:
    """The name that a header cell means: ``Aid type`` is ``aid_type``."""
    return fold(cell.value).replace(" ", "_") if isinstance(cell.value, str) else ""
