"""Reads files of rates and prices: bytes become typed rows, or findings by line. Nothing is guessed."""

import csv
import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from zipfile import BadZipFile, ZipFile

from app.fx.domain import ECB, EURO
from app.fx.domain.imports import QuotedRate, read_rate, read_source
from app.fx.domain.quotes import QuoteText, finish, read_past_day, read_quote
from app.kernel.currencies import get_currency
from app.kernel.dates import EARLIEST, LATEST
from app.kernel.errors import ValueRefusedError, invalid
from app.kernel.findings import Collector

# The bank's whole history is 8 MiB unpacked, and grows by half of one a year.
MAX_FILE: Final = 64 * 2**20
_ZIP: Final = b"PK\x03\x04"
_GAPS: Final = frozenset({"", "N/A"})
_NEEDED: Final = frozenset({"date", "base", "quote", "rate"})
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)
# Files that say nothing for certain stop here; one that is meant has its header on the first line.
_LAYOUTS: Final = (
    "The first line names the columns: date,base,quote,rate and perhaps source;"
    " or it is that of the European Central Bank's eurofxref-hist.csv."
)


def read_rates(raw: bytes, today: date) -> list[QuotedRate]:
    """The rates of a file: a plain CSV, the European Central Bank's daily history, or a zip file of either.

    Args:
        raw: the file.
        today: no rate is of a later day.

    Raises:
        InvalidError: all that cannot be read, by line as ``/lines/12/rate``; for a file of another kind
            ``unreadable-rates`` or ``unknown-rates-layout``.
    """
    lines = _lines(_text(_unpack(raw)))
    header = [name.strip().casefold() for name in next(lines, (0, []))[1]]
    collector = Collector()
    if header[:1] == ["date"] and "rate" not in header and len(header) > 1:
        quotes = _read_wide(header, lines, collector, today)
    elif header and set(header) >= _NEEDED and len(set(header)) == len(header):
        quotes = _read_tall(header, lines, collector, today)
    else:
        raise invalid("/lines/1", "unknown-rates-layout", _LAYOUTS)
    read = list(quotes)
    finish(collector)
    return read


def read_prices(raw: bytes) -> dict[int, Decimal]:
    """The yearly index of a CSV file with the columns ``year`` and ``index``.

    Raises:
        InvalidError: as ``read_rates``; ``invalid-year``, ``repeated-year``.
    """
    lines = _lines(_text(_unpack(raw)))
    header = [name.strip().casefold() for name in next(lines, (0, []))[1]]
    if sorted(header) != ["index", "year"]:
        raise invalid(
            "/lines/1", "unknown-rates-layout", "The first line names the columns: year,index."
        )
    collector, values = Collector(), dict[int, Decimal]()
    for number, cells in lines:
        row = _row(header, cells, number, collector)
        year = collector.find(_read_year, f"/lines/{number}/year", row.get("year"))
        value = collector.find(read_rate, f"/lines/{number}/index", row.get("index"))
        if year in values:
            collector.note(
                f"/lines/{number}/year", "repeated-year", "The year stands there already."
            )
        if year is not None and value is not None:
            values[year] = value
    finish(collector)
    if not values:
        raise invalid("", "no-rates", "There is no index in it.")
    return values


def _read_tall(
    header: Sequence[str], lines: Iterator[tuple[int, list[str]]], collector: Collector, today: date
) -> Iterator[QuotedRate]:
    """One rate a line."""
    for number, cells in lines:
        row = _row(header, cells, number, collector)
        if row:
            text = QuoteText(
                row["date"], row["base"], row["quote"], row["rate"], row.get("source") or None
            )
            quote = read_quote(collector, f"/lines/{number}", text, today, read_source)
            if quote:
                yield quote


def _read_wide(
    header: Sequence[str], lines: Iterator[tuple[int, list[str]]], collector: Collector, today: date
) -> Iterator[QuotedRate]:
    """One day a line, one currency a column, units for one euro, as the bank publishes it."""
    # The bank's lines end with a comma, so the last column has no name and no cell.
    columns = [
        (place, currency.code)
        for place, name in enumerate(header)
        if place and name
        if (currency := collector.find(get_currency, "/lines/1", name.upper()))
    ]
    if len({code for _, code in columns}) != len(columns):
        collector.note("/lines/1", "repeated-rate", "A currency has two columns.")
    for number, cells in lines:
        pointer = f"/lines/{number}"
        if len(cells) != len(header):
            _note_columns(collector, number, header)
            continue
        on = collector.find(
            lambda day: read_past_day(day, today), f"{pointer}/date", cells[0].strip()
        )
        for place, code in columns:
            cell = cells[place].strip()
            if on is not None and cell not in _GAPS:
                value = collector.find(read_rate, f"{pointer}/{code}", cell)
                if value is not None:
                    yield QuotedRate(pointer, on, EURO, code, value, ECB)


def _row(
    header: Sequence[str], cells: Sequence[str], number: int, collector: Collector
) -> Mapping[str, str]:
    if len(cells) != len(header):
        _note_columns(collector, number, header)
        return {}
    return dict(zip(header, (cell.strip() for cell in cells), strict=True))


def _note_columns(collector: Collector, number: int, header: Sequence[str]) -> None:
    detail = f"The first line names {len(header)} columns."
    collector.note(f"/lines/{number}", "wrong-columns", detail)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with the number of its last line in the file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error:
        raise invalid(
            f"/lines/{reader.line_num}",
            "unreadable-rates",
            "The line is not CSV as RFC 4180 has it.",
        ) from None


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid("", "unreadable-rates", "The file is not text in UTF-8.") from None


def _unpack(raw: bytes) -> bytes:
    """The file itself, or the only member of a zip file."""
    if len(raw) > MAX_FILE:
        raise _too_large()
    if not raw.startswith(_ZIP):
        return raw
    try:
        with ZipFile(io.BytesIO(raw)) as packed:
            [member] = packed.infolist()
            with packed.open(member) as content:
                unpacked = content.read(MAX_FILE + 1)
    except (
        BadZipFile,
        ValueError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        zlib.error,
    ):
        raise invalid(
            "", "unreadable-rates", "A zip file holds one file, and no password."
        ) from None
    if len(unpacked) > MAX_FILE:
        raise _too_large()
    return unpacked


def _too_large() -> Exception:
    return invalid("", "file-too-large", f"At most {MAX_FILE} bytes, unpacked.", limit=MAX_FILE)


def _read_year(text: str) -> int:
    if not _YEAR.fullmatch(text) or not EARLIEST.year <= int(text) <= LATEST.year:
        raise ValueRefusedError("invalid-year", "A year has four digits, such as 2022.")
    return int(text)
