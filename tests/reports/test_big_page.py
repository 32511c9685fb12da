"""Promise: a sheet with a long table looks as any other, and takes no more memory however long it is."""

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from reports.figures import PostingLine
from reports.kit import big_page, packed
from reports.kit.big_page import BigPage, write_pages
from reports.kit.cells import BigColumn, Kind
from reports.kit.errors import ReportTooLargeError
from reports.kit.page import LONG_NUMBERS, MAX_ROWS
from reports.kit.workbook import Book, new_book, to_bytes
from reports.sheets.postings import PostingSums, postings_page
from tests.reports.make import make_figures, make_posting, make_stamp


@dataclass(frozen=True)
class Many:
    """So many postings, made when they are asked for."""

    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[PostingLine]:
        return (make_posting(reference=f"DK-{number}") for number in range(self.count))

    def __contains__(self, line: object) -> bool:
        return any(line == one for one in self)


def book_of(page: BigPage[PostingLine]) -> Book:
    book = new_book(make_stamp())
    write_pages(book, [page], footer="Aid Ledger")
    return book


def test_all_rows_are_there_whole_blocks_and_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(big_page, "_BLOCK", 200)
    content = to_bytes(book_of(postings_page(Many(501), make_stamp())))
    with ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
    sheet = load_workbook(io.BytesIO(content), read_only=True)["Postings"]
    rows = list(sheet.iter_rows(min_row=8, values_only=True))
    assert [row[0] for row in rows] == [f"DK-{number}" for number in range(501)]
    assert {row[16] for row in rows} == {"=ROUND(100*Postings[[#This Row],[Converted]],0)"}


def test_memory_does_not_grow_with_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_IN_MEMORY", 2**16)
    peaks = []
    for count in (500, 5_000):
        tracemalloc.start()
        lines = Many(count)
        PostingSums(lines, "EUR")
        for _ in book_of(postings_page(lines, make_stamp())).pieces():
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3 + 2**20


def test_a_number_that_is_too_long_is_told_of_above_and_moves_the_table_down() -> None:
    long = make_posting(converted=Decimal("12345678901234567.89"))
    book = load_workbook(
        io.BytesIO(to_bytes(book_of(postings_page((make_posting(), long), make_stamp()))))
    )
    sheet = book["Postings"]
    assert sheet["A6"].value == LONG_NUMBERS
    [table] = sheet.tables.values()
    assert table.ref == "A8:T10"
    assert [sheet["P9"].value, sheet["P10"].value] == [100, "12,345,678,901,234,567.89"]
    assert [sheet["Q9"].data_type, sheet["Q10"].value] == ["f", "1,234,567,890,123,456,789"]


def test_the_sums_are_those_of_every_row_by_itself() -> None:
    lines = tuple(make_figures().basis.postings)
    sums = PostingSums(iter(lines), "EUR")
    for stage in {line.stage for line in lines}:
        for donor in {line.donor for line in lines}:
            told = sums.amount(stage=stage, donor=donor)
            alike = [line for line in lines if (line.stage, line.donor) == (stage, donor)]
            whole = sum((line.converted for line in alike if line.converted), Decimal(0))
            assert told.result.value == whole  # type: ignore[union-attr]  # a formula with a number


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    column: BigColumn[PostingLine] = BigColumn("A", lambda line: line.reference, Kind.TEXT)
    with pytest.raises(ReportTooLargeError, match="Sheet S: Excel holds at most 1,048,576 rows"):
        BigPage(
            tab="S", title="", lines=(), name="T", columns=(column,), rows=Many(MAX_ROWS), empty=""
        )
