"""Promise: a large workbook leaves while it is made, whole and the same every time, in bounded memory.

Zip files are read back by the standard library, cells by openpyxl and pandas, and a file by LibreOffice where there is
one. Checksums of joined bytes are compared with zlib's own.
"""

import io
import shutil
import subprocess
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from reports.kit.archive import Archive, Block, pack_block
from reports.kit.cells import BigColumn, Kind
from reports.kit.crc import crc32_of_both
from reports.kit.errors import ReportTooLargeError
from reports.kit.stream import BigTable, MissingRowsError, StreamedBook
from reports.kit.values import money
from reports.kit.workbook import new_book
from tests.reports.make import make_stamp

Line = tuple[str, str, Decimal, date, int]
BLOCK_ROWS: Final = 100
COLUMNS: Final[tuple[BigColumn[Line], ...]] = (
    BigColumn("Title", lambda line: line[0], width=30),
    BigColumn("Donor", lambda line: line[1], Kind.WORD),
    BigColumn("Amount", lambda line: money(line[2], "EUR"), Kind.NUMBER),
    BigColumn("Day", lambda line: line[3], Kind.DAY),
    BigColumn("Revision", lambda line: line[4], Kind.COUNT),
)


def line(number: int, title: str | None = None) -> Line:
    donor = ("Denmark", "Norway")[number % 2]
    day = date(2023, 1 + number % 12, 1 + number % 28)
    return title or f"Package {number}", donor, Decimal(number).scaleb(-2), day, number


def lines(start: int, stop: int) -> Iterator[Line]:
    return map(line, range(start, stop))


def make(
    count: int,
    rows: Callable[[int, int], Iterable[Line]] = lines,
    **changes: Any,
) -> StreamedBook:
    book = StreamedBook(new_book(make_stamp(generated_at=None)), footer="Aid Ledger")
    table = BigTable(
        tab="Pledges", name="Pledges", columns=COLUMNS, count=count, rows=rows, empty="None.",
        **{"block_rows": BLOCK_ROWS, **changes},
    )  # fmt: skip
    book.add(table)
    return book


def read(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


class Kept(dict[str, Block]):
    """Blocks in memory, and how many were made."""

    def find(self, key: str) -> Block | None:
        return self.get(key)

    def keep(self, key: str, block: Block) -> None:
        self[key] = block


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_checksums_join_as_bytes_do(first: bytes, second: bytes) -> None:
    joined = crc32_of_both(zlib.crc32(first), zlib.crc32(second), len(second))
    assert joined == zlib.crc32(first + second)


def test_checksums_of_large_parts_join_too() -> None:
    zeros = bytes(2**20)
    joined = zlib.crc32(b"ledger")
    for _ in range(64):
        joined = crc32_of_both(joined, zlib.crc32(zeros), len(zeros))
    expected = zlib.crc32(b"ledger")
    for _ in range(64):
        expected = zlib.crc32(zeros, expected)
    assert joined == expected


@pytest.mark.parametrize("limit", [2**32 - 1, 60])
def test_the_standard_library_reads_what_the_archive_packs(limit: int) -> None:
    archive = Archive(limit)
    block = pack_block([b"ab" * 100, b"c"])
    content = b"".join(
        (
            archive.add("whole", b"hello " * 20),
            archive.begin("pieces"),
            archive.write(b"x" * 70_000),
            archive.splice(block),
            archive.splice(block),
            archive.write(b"tail"),
            archive.end(),
            archive.begin("empty"),
            archive.end(),
            archive.close(),
        )
    )
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        assert packed.read("whole") == b"hello " * 20
        assert packed.read("pieces") == b"x" * 70_000 + (b"ab" * 100 + b"c") * 2 + b"tail"
        assert packed.read("empty") == b""
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    # Fields of eight bytes stand only where they are needed.
    assert (b"PK\x06\x06" in content) == (limit == 60)


def test_every_row_comes_back_from_openpyxl() -> None:
    [head, *body] = read(b"".join(make(250).pieces()))["Pledges"].values
    assert head == ("Title", "Donor", "Amount", "Day", "Revision")
    assert len(body) == 250
    assert body[123] == ("Package 123", "Norway", 1.23, datetime(2023, 4, 12), 123)  # noqa: DTZ001


def test_pandas_reads_the_sheet_as_it_is() -> None:
    pandas = pytest.importorskip("pandas")
    content = io.BytesIO(b"".join(make(101).pieces()))
    frame = pandas.read_excel(content, sheet_name="Pledges", engine="calamine")
    assert list(frame.columns) == ["Title", "Donor", "Amount", "Day", "Revision"]
    # 1 + 2 + ... + 100 cents.
    assert round(frame["Amount"].sum(), 2) == 50.50
    assert frame["Revision"].sum() == 5050


def test_a_sheet_that_is_full_continues_on_the_next() -> None:
    book = read(b"".join(make(25, sheet_rows=10).pieces()))
    assert book.sheetnames == ["Pledges", "Pledges 2", "Pledges 3"]
    assert [len(list(sheet.values)) for sheet in book] == [11, 11, 6]
    assert [row[4] for sheet in book for row in list(sheet.values)[1:]] == list(range(25))
    tables = {one.name: one.ref for sheet in book for one in sheet.tables.values()}
    assert tables == {"Pledges": "A1:E11", "Pledges_2": "A1:E11", "Pledges_3": "A1:E6"}
    assert {sheet.freeze_panes for sheet in book} == {"B2"}


def test_a_table_without_rows_says_so() -> None:
    [sheet] = read(b"".join(make(0).pieces()))
    assert list(sheet.values)[1][0] == "None."
    assert sheet.tables["Pledges"].ref == "A1:E2"


def test_the_same_rows_are_the_same_bytes() -> None:
    kept = Kept()
    plain = b"".join(make(300).pieces())
    assert plain == b"".join(make(300).pieces())
    first = b"".join(make(2 * BLOCK_ROWS + 5, key=str_key).pieces(kept))
    assert first == b"".join(make(2 * BLOCK_ROWS + 5, key=str_key).pieces(kept))
    assert first == b"".join(make(2 * BLOCK_ROWS + 5, key=str_key).pieces(Kept()))


def str_key(start: int, stop: int) -> str:
    return f"{start}-{stop}"


def test_kept_blocks_are_not_made_again_when_the_ledger_grows() -> None:
    kept, asked = Kept(), list[tuple[int, int]]()

    def watched(start: int, stop: int) -> Iterator[Line]:
        asked.append((start, stop))
        return lines(start, stop)

    b"".join(make(BLOCK_ROWS + 3, watched, key=str_key).pieces(kept))
    assert asked == [(0, BLOCK_ROWS), (BLOCK_ROWS, BLOCK_ROWS + 3)]
    asked.clear()
    grown = b"".join(make(BLOCK_ROWS + 7, watched, key=str_key).pieces(kept))
    assert asked == [(BLOCK_ROWS, BLOCK_ROWS + 7)]
    sheet = load_workbook(io.BytesIO(grown), read_only=True)["Pledges"]
    numbers = [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert numbers == list(range(BLOCK_ROWS + 7))


def test_the_first_bytes_leave_before_the_last_row_is_read() -> None:
    read_rows, sent = list[int](), 0

    def watched(start: int, stop: int) -> Iterator[Line]:
        for number in range(start, stop):
            read_rows.append(number)
            yield line(number)

    pieces = make(20_000, watched).pieces()
    sent = len(next(pieces))
    assert sent > 0
    assert read_rows == []
    while not read_rows:
        next(pieces)
    assert len(read_rows) < 10_000
    for _ in pieces:
        pass
    assert len(read_rows) == 20_000


def test_memory_does_not_grow_with_the_rows() -> None:
    peaks = []
    for count in (2_000, 20_000):
        book = make(count)
        tracemalloc.start()
        for _ in book.pieces():
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3 + 2**20


HOSTILE: Final = (
    "=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "＝1+1", "<b>&amp;</b>", "]]>", "_x0041_", "a\x00b",
    "\u202egnp.exe", "  two  blanks ", "line\nbreak", "emoji 🇺🇦", "'", "#N/A", "", "%s %d", "#",
)  # fmt: skip


def test_text_stays_text() -> None:
    content = b"".join(
        make(
            len(HOSTILE),
            lambda start, stop: (line(n, HOSTILE[n] or " ") for n in range(start, stop)),
        ).pieces()
    )
    sheet = read(content)["Pledges"]
    cells: list[Any] = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    expected = [
        (text or " ").replace("\x00", "\u2400").replace("\u202e", "\ufffd") for text in HOSTILE
    ]
    # openpyxl leaves the escape of ECMA-376 22.9.2.19 as it stands in the file.
    expected[HOSTILE.index("_x0041_")] = "_x005F_x0041_"
    assert [cell.value for cell in cells] == expected
    quoted = {cell.value for cell in cells if cell.quotePrefix}
    assert {"=1+1", "-2", "@SUM(A1)", "＝1+1"} <= quoted
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist())


def test_a_number_that_excel_would_round_stands_as_text() -> None:
    long = Decimal("12345678901234567.89")
    content = b"".join(
        make(1, lambda *_: [("Title", "Denmark", long, date(2023, 1, 1), 1)]).pieces()
    )
    assert list(read(content)["Pledges"].values)[1][2] == "12,345,678,901,234,567.89"


def test_a_text_that_is_too_long_breaks_the_file_off() -> None:
    pieces = make(1, lambda *_: [line(1, "x" * 32_768)]).pieces()
    with pytest.raises(ReportTooLargeError):
        list(pieces)


@pytest.mark.parametrize("count", [0, 9, 11])
def test_rows_that_are_not_as_many_as_announced_break_the_file_off(count: int) -> None:
    with pytest.raises(MissingRowsError):
        list(make(10, lambda *_: lines(0, count)).pieces())


def test_progress_is_told() -> None:
    seen = list[int]()
    list(make(BLOCK_ROWS + 5).pieces(progress=seen.append))
    assert seen == sorted(seen)
    assert seen[-1] == BLOCK_ROWS + 5


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed.")
def test_libreoffice_reads_a_streamed_file(tmp_path: Path) -> None:
    source = tmp_path / "streamed.xlsx"
    source.write_bytes(b"".join(make(BLOCK_ROWS + 500, key=str_key).pieces(Kept())))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "csv", "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    written = (tmp_path / "streamed.csv").read_text().splitlines()
    assert len(written) == BLOCK_ROWS + 501
    assert written[124] == "Package 123,Norway,1.23,2023-04-12,123"
