"""Which release a workbook is, what period it covers, and at which rates it converts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Final

from app.fx.domain import EURO, RateTable
from app.imports.domain.cells import Book, Sheet, SheetRow
from app.imports.domain.kiel.numbers import read_number
from app.imports.domain.kiel.words import text_of
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import Span

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_TITLE_WITHIN: Final = 60
_NUMBER: Final = re.compile(
    r"\b([0-9]{1,3})(?:st|nd|rd|th) release\b|\brelease ([0-9]{1,3})\b", re.IGNORECASE
)
_DAY: Final = r"([A-Za-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ([0-9]{4}))?"
_PERIOD: Final = re.compile(rf"{_DAY} (?:to|until|through|and|-|\u2013) {_DAY}")
SOURCE: Final = "Kiel"
# Units for one euro: from the dearest currency to the cheapest, with room to spare.
_LOWEST: Final = Decimal("0.001")
_HIGHEST: Final = Decimal(10) ** 7
_RATES_HEADER: Final = "1 eur"


@dataclass(frozen=True, slots=True)
class Release:
    """What a workbook says of itself.

    Attributes:
        number: of the release, such as 7; ``None`` where nothing says so. Two files may have the same.
        coverage: the days that it covers.
        rates: units of a currency for one euro, for all amounts alike; empty where it has no such table.
    """

    number: int | None
    coverage: Span | None
    rates: Mapping[str, Decimal]

    @property
    def label(self) -> str | None:
        """Such as ``kiel-r7``."""
        return None if self.number is None else f"kiel-r{self.number}"

    @property
    def table(self) -> RateTable | None:
        """The rates as the ledger records them, so that ``release:kiel-r7`` converts as the workbook does."""
        others = {currency: rate for currency, rate in self.rates.items() if currency != EURO}
        if self.label is None or self.coverage is None or not others:
            return None
        return RateTable(
            label=self.label, base=EURO, on=self.coverage.last, source=SOURCE, rates=others
        )


def read_release(book: Book) -> Release:
    """The release that a book is, from its ReadMe and its table of exchange rates."""
    readme = next((one for one in book.sheets if one.name.strip().casefold() == "readme"), None)
    number, coverage = _read_title(readme) if readme else (None, None)
    return Release(number, coverage, _read_rates(book))


def _read_title(readme: Sheet) -> tuple[int | None, Span | None]:
    for row in islice(readme.rows, _TITLE_WITHIN):
        for cell in row.cells:
            text = text_of(cell)
            found, period = _NUMBER.search(text), _read_period(text)
            if found and period:
                return int(found[1] or found[2]), period
    return None, None


def _read_period(text: str) -> Span | None:
    """``January 24 to October 3, 2022``: the first day may leave its year to the last."""
    for first_month, first_day, first_year, last_month, last_day, last_year in _PERIOD.findall(
        text
    ):
        try:
            year = int(last_year)
            return Span(
                date(int(first_year or year), _month(first_month), int(first_day)),
                date(year, _month(last_month), int(last_day)),
            )
        except ValueError:
            continue
    return None


def _month(name: str) -> int:
    """The number of a month by its name or the beginning of it.

    Raises:
        ValueError: it is no month.
    """
    matches = [place for place, one in enumerate(_MONTHS, 1) if one.startswith(name.casefold())]
    if len(name) < len("Jan") or len(matches) != 1:
        raise ValueError(name)
    return matches[0]


def _read_rates(book: Book) -> dict[str, Decimal]:
    """The table under ``Currency | 1 EUR``; only the first such table of a workbook is for all amounts alike."""
    for sheet in book.sheets:
        if "exchange rate" not in sheet.name.casefold():
            continue
        rates: dict[str, Decimal] = {}
        place: int | None = None
        for row in sheet.rows:
            place = place or _rates_column(row)
            if place and (currency := text_of(row.at(place - 1)).upper()) in CURRENCIES:
                rate = read_number(row.at(place), [])
                if rate is not None and _LOWEST <= rate <= _HIGHEST:
                    rates.setdefault(currency, rate)
        if rates:
            return rates
    return {}


def _rates_column(row: SheetRow) -> int | None:
    return next(
        (
            cell.column
            for cell in row.cells
            if text_of(cell).casefold() == _RATES_HEADER and cell.column > 1
        ),
        None,
    )
