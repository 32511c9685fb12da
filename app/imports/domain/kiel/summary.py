"""The workbook's own sums: donors by type of aid, as its summary sheet has them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.donors.domain import find_donor
from app.imports.domain.cells import Book, Cell, Sheet, SheetRow
from app.imports.domain.kiel.numbers import read_number
from app.imports.domain.kiel.packages import Measure
from app.imports.domain.kiel.words import find_aid_type, text_of
from app.pledges.domain import AidType

_HEADER: Final = re.compile(
    r"(financial|humanitarian|military) (commitment|allocation)s?\b.*", re.IGNORECASE
)
_TYPES: Final = len(AidType)
BILLION: Final = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class SummaryCell:
    """One sum of the workbook.

    Attributes:
        cell: where it stands.
        spelling: of the donor in its row.
        euro: the sum, in euro.
    """

    cell: Cell
    spelling: str
    euro: Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary sheet.

    Attributes:
        sheet: its name.
        labels: the aid types as its headers spell them; its formulas look for rows with exactly these.
        sums: by donor and aid type, for one measure.
    """

    sheet: str
    labels: Mapping[AidType, str]
    sums: Mapping[tuple[str, AidType], SummaryCell]

    @property
    def donors(self) -> frozenset[str]:
        """Codes of the donors that have a row."""
        return frozenset(donor for donor, _ in self.sums)


def find_summary(book: Book, measure: Measure) -> Summary | None:
    """The summary of a workbook, found by its headers, for one measure; ``None`` where there is none.

    The group sheet has the same headers; the sheet with the most donors is the summary.
    """
    found = [one for sheet in book.sheets if (one := _read_sheet(sheet, measure))]
    return max(found, key=lambda one: len(one.sums), default=None)


def _read_sheet(sheet: Sheet, measure: Measure) -> Summary | None:
    labels: dict[AidType, str] = {}
    places: dict[AidType, int] = {}
    sums: dict[tuple[str, AidType], SummaryCell] = {}
    for row in sheet.rows:
        if len(places) < _TYPES:
            labels, places = _read_header(row, measure)
            continue
        donor_cell = next((cell for cell in row.cells if not cell.is_empty), None)
        donor = find_donor(text_of(donor_cell)) if donor_cell else None
        if donor is None or donor_cell is None:
            continue
        for aid_type, place in places.items():
            euro = read_number(row.at(place), [])
            if euro is not None:
                cell = SummaryCell(row.at(place), str(donor_cell.value), euro * BILLION)
                sums.setdefault((donor.code, aid_type), cell)
    return Summary(sheet.name, labels, sums) if sums else None


def _read_header(row: SheetRow, measure: Measure) -> tuple[dict[AidType, str], dict[AidType, int]]:
    """The columns of one measure; the first of each type, because groups of columns follow one another."""
    labels: dict[AidType, str] = {}
    places: dict[AidType, int] = {}
    for cell in row.cells:
        found = _HEADER.fullmatch(text_of(cell))
        if found and found[2].casefold() == measure.value:
            aid_type = find_aid_type(found[1])
            if aid_type is not None and aid_type not in places:
                labels[aid_type], places[aid_type] = found[1], cell.column
    return labels, places
