"""The main data sheet, found by its headers, and its columns, by the names of old and new releases."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Final

from app.imports.domain.cells import Book, Cell, Sheet, SheetRow
from app.imports.domain.findings import Finding, Severity
from app.imports.domain.kiel.words import plain_words

_PUNCTUATION: Final = re.compile(r"[^a-z0-9]+")
# No header is longer, blanks included.
_LONGEST: Final = 100
# The header stands on row 1 of old releases and on row 8 of new ones.
_HEADER_WITHIN: Final = 30


class Column(Enum):
    """A column, with the names that releases gave it, compared without regard to case, blanks and punctuation."""

    PACKAGE = ("ID", "activity_id")
    LINE = ("sub_activity_id",)
    DONOR = ("countries", "country", "donor")
    ANNOUNCED = ("Announcement Date", "announcement_date", "date")
    AID_TYPE = ("Type of Aid General", "aid_type_general", "type_of_aid_general")
    FORM = ("Type of Aid Specific", "aid_type_specific", "type_of_aid_specific")
    EXPLANATION = ("Explanation",)
    MEASURE = ("measure", "donation_type")
    CURRENCY = ("Original Currency", "reporting_currency", "currency")
    GIVEN = ("Monetary Value as Given by Source", "source_reported_value")
    TOTAL = ("Total", "Total monetary value", "tot_activity_value")
    LINE_TOTAL = ("tot_sub_activity_value",)
    CONVERTED = (
        "Converted Value in EUR", "Total monetary value in EUR", "tot_activity_value_EUR", "eur_value",
    )  # fmt: skip
    LINE_CONVERTED = ("tot_sub_activity_value_EUR_redistr", "tot_sub_activity_value_EUR")
    ITEM = ("item",)
    KIND = ("Type of item", "item_type")
    SUBKIND = ("Sub-type of item", "item_sub_type", "item_subtype")
    SOVIET = ("Soviet origin (1)", "soviet_origin")
    QUANTITY = ("No. of Units", "item_numb")
    DELIVERED = ("No. of Units delivered (in-kind military aid)", "item_numb_deliv")
    PRICE = ("Unit Price in USD", "item_price_USD")
    ESTIMATE = ("Value committed (own estimate, in USD)", "item_value_estimate_USD")
    PRICE_SOURCE = ("Source of item", "source_of_item", "item_price_source")
    OFFICIAL = ("Official Source", "official_source")
    SOURCE_1 = ("Source of Aid 1", "source_of_aid_1", "source_1")
    SOURCE_2 = ("Source of Aid 2", "source_of_aid_2", "source_2")
    SOURCE_3 = ("Source of Aid 3", "source_of_aid_3", "source_3")
    SOURCE_4 = ("Source of Aid 4", "source_of_aid_4", "source_4")
    DELIVERY_SOURCE = ("Source for Delivery", "source_for_delivery", "source_delivery")
    THROUGH_BANK = ("Bilateral loan/grant made through IMF or WB?",)
    VALUE_SOURCE = ("value_source_commitments",)

    # There is one of each, and each cell of a table is looked up by one: the hash of ``Enum`` is a call of Python.
    __hash__ = object.__hash__


SOURCES: Final = (Column.SOURCE_1, Column.SOURCE_2, Column.SOURCE_3, Column.SOURCE_4)
# Without these a sheet is another one; without any figure there is nothing to record.
_NEEDED: Final = frozenset({Column.PACKAGE, Column.DONOR, Column.ANNOUNCED, Column.AID_TYPE})
_FIGURES: Final = frozenset({Column.GIVEN, Column.TOTAL, Column.CONVERTED})


# The same headers are looked at when a book is recognised and when it is read.
@lru_cache(maxsize=4_096)
def _key(name: str) -> str:
    return _PUNCTUATION.sub("", name.casefold())


_BY_NAME: Final[Mapping[str, tuple[Column, int]]] = {
    _key(name): (column, rank) for column in Column for rank, name in enumerate(column.value)
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a sheet.

    Attributes:
        sheet: where it stands.
        header: the row of its headers.
        places: the number of each column that it has.
        findings: headers that stand there twice.
    """

    sheet: Sheet
    header: SheetRow
    places: Mapping[Column, int]
    findings: tuple[Finding, ...]

    @property
    def has_figures(self) -> bool:
        """Whether there is anything to record."""
        return not self.places.keys().isdisjoint(_FIGURES)

    def rows(self) -> Iterator[SheetRow]:
        """The rows below the headers that hold something."""
        return (
            row for row in self.sheet.rows if row.number > self.header.number and not row.is_blank
        )

    def cell(self, row: SheetRow, column: Column) -> Cell:
        """The cell of a row in a column; an empty one where the table has no such column."""
        place = self.places.get(column)
        return Cell(row.sheet, row.number, 0, None) if place is None else row.at(place)

    def text(self, row: SheetRow, column: Column) -> str:
        """That cell as text."""
        place = self.places.get(column)
        return "" if place is None else plain_words(row.value_at(place))


def iter_tables(book: Book) -> Iterator[Table]:
    """The sheets that may hold the main data, each looked at when it is asked for."""
    return (table for sheet in book.sheets if (table := _find_in(sheet)))


def find_table(book: Book) -> Table | None:
    """The main data sheet of a book, wherever it stands: one with figures, whose headers name the most columns."""
    tables = iter_tables(book)
    return max(tables, key=lambda table: (table.has_figures, len(table.places)), default=None)


def _find_in(sheet: Sheet) -> Table | None:
    for row in islice(sheet.rows, _HEADER_WITHIN):
        if len(row.values) < len(_NEEDED):
            continue
        table = _read_header(sheet, row)
        if table.places.keys() >= _NEEDED:
            return table
    return None


def _read_header(sheet: Sheet, row: SheetRow) -> Table:
    """Where each column stands. Of two names of one column the one that ``Column`` has first counts."""
    found: dict[Column, tuple[int, int]] = {}
    seen: set[str] = set()
    findings: list[Finding] = []
    for place, value in enumerate(row.values, start=1):
        key = _key(value) if isinstance(value, str) and len(value) <= _LONGEST else ""
        if key not in _BY_NAME:
            continue
        column, rank = _BY_NAME[key]
        if key in seen:
            detail = "The header stands there twice; the first column counts."
            findings.append(Finding.at(row.at(place), Severity.NOTE, "duplicate-header", detail))
        seen.add(key)
        found[column] = min(found.get(column, (rank, place)), (rank, place))
    places = {column: place for column, (_, place) in found.items()}
    _find_nameless_item(row, places)
    return Table(sheet, row, places, tuple(findings))


def _find_nameless_item(row: SheetRow, places: dict[Column, int]) -> None:
    """Old releases leave the header over the items' names empty; it stands before that of their types."""
    kind = places.get(Column.KIND, 1)
    if Column.ITEM not in places and kind > 1 and row.at(kind - 1).is_empty:
        places[Column.ITEM] = kind - 1
