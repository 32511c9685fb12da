"""Promise: every figure of a summary workbook's totals can be worked out from a bundle, and a changed one is named.

The ledger is that of tests/small_ledger.py.
"""

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.pledges.domain import AidType, Instrument
from tests.small_ledger import SIZE
from tests.verifier.conftest import OLDER, Exported
from tests.verifier.packing import unzipped, zipped
from verifier.check import verify_bundle
from verifier.errors import MalformedError, MismatchError, VerificationError
from verifier.note import VerifierKey

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
INLINE = re.compile(
    rb'<c(?P<names>[^>]*) t="inlineStr">\s*<is>(?P<text>.*?)</is>\s*</c>', re.DOTALL
)
Check = Callable[..., tuple[int, int] | None]


@pytest.fixture
def check(exported: Exported, tmp_path: Path) -> Check:
    """Checks a workbook against the ledger's bundle; its revision, and how many figures are right."""

    def check(workbook: bytes, size: int = SIZE) -> tuple[int, int] | None:
        bundle, path = tmp_path / "ledger.bundle", tmp_path / "summary.xlsx"
        bundle.write_bytes(exported.bundle(size))
        path.write_bytes(workbook)
        return verify_bundle(
            bundle, VerifierKey.parse(exported.notary.vkey), workbook=path
        ).workbook

    return check


# Three donors, seven figures each and in the totals, and four on the cover. Germany's only pledge was withdrawn.
ALL_FIGURES = 3 * 7 + 7 + 4


def test_the_ledgers_own_workbook_is_right(exported: Exported, check: Check) -> None:
    assert check(exported.workbook()) == (SIZE, ALL_FIGURES)


@pytest.mark.parametrize("revision", range(SIZE + 1))
def test_so_is_that_of_any_earlier_revision(
    exported: Exported, check: Check, revision: int
) -> None:
    checked = check(exported.workbook(revision))
    assert checked is not None
    assert checked[0] == revision


@pytest.mark.parametrize(
    "options",
    [
        {"currency": "USD"},
        {"donors": ("DK",)},
        {"donors": ("DK", "NO", "EU")},
        {"donors": ("SE",)},
        {"aid_types": (AidType.MILITARY,)},
        {"instruments": (Instrument.AUTHORITY,), "currency": "USD"},
        {"instruments": tuple(Instrument)},
        {"first": date(2023, 11, 14)},
        {"first": date(2023, 11, 14), "last": date(2023, 11, 30)},
        {"last": date(2023, 12, 31), "donors": ("DK", "EU")},
        {"first": date(2024, 1, 1), "last": date(2024, 1, 31)},
    ],
    ids=str,
)
def test_so_are_filtered_ones(exported: Exported, check: Check, options: dict[str, Any]) -> None:
    assert check(exported.workbook(**options)) is not None


@pytest.mark.parametrize("options", [{"text": "package"}, {"unvalued": True}, {"undated": False}], ids=str)  # fmt: skip
def test_a_filter_that_asks_for_more_than_postings_tell_is_said_so(
    exported: Exported, check: Check, options: dict[str, Any]
) -> None:
    with pytest.raises(MalformedError, match="is filtered by"):
        check(exported.workbook(**options))


def resaved(workbook: bytes, change: Callable[[Any], object] = lambda _book: None) -> bytes:
    """As another program would save it, results without formulas and texts shared; and perhaps changed."""
    book = load_workbook(io.BytesIO(workbook), data_only=True)
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return with_shared_texts(buffer.getvalue())


def with_shared_texts(workbook: bytes) -> bytes:
    """Texts moved from their cells into the table that Excel and LibreOffice keep them in."""
    files, texts = unzipped(workbook), list[bytes]()

    def share(cell: re.Match[bytes]) -> bytes:
        texts.append(cell["text"])
        return b'<c%b t="s"><v>%d</v></c>' % (cell["names"], len(texts) - 1)

    for name in files:
        if name.startswith("xl/worksheets/sheet"):
            files[name] = INLINE.sub(share, files[name])
    items = b"".join(b"<si>%b</si>" % text for text in texts)
    return zipped({**files, "xl/sharedStrings.xml": b"<sst xmlns='%b'>%b</sst>" % (MAIN, items)})


def test_a_workbook_saved_by_another_program_is_as_right(exported: Exported, check: Check) -> None:
    saved = resaved(exported.workbook())
    assert "xl/sharedStrings.xml" in unzipped(saved)
    assert check(saved) == (SIZE, ALL_FIGURES)


def find(sheet: Worksheet, text: str, column: str = "A") -> int:
    """The row in which a text stands."""
    rows: list[int] = [cell.row for cell in sheet[column] if cell.value == text]
    return rows[0]


def by_donor(code: str, column: str, value: object) -> Callable[[Any], object]:
    """Another value in a donor's line."""

    def change(book: Any) -> None:
        sheet = book["By donor"]
        row = find(sheet, code, "B") if len(code) < 4 else find(sheet, code)
        sheet[f"{column}{row}"] = value

    return change


def on_cover(label: str, value: object) -> Callable[[Any], object]:
    """Another text beside a label."""

    def change(book: Any) -> None:
        sheet = book["Cover"]
        sheet[f"B{find(sheet, label)}"] = value

    return change


def posting(title: str, value: object) -> Callable[[Any], object]:
    """Another value in the first row of the postings."""

    def change(book: Any) -> None:
        sheet = book["Postings"]
        header = find(sheet, "Reference")
        [column] = [cell.column for cell in sheet[header] if cell.value == title]
        sheet.cell(header + 1, column).value = value

    return change


def cover_total(book: Any) -> None:
    sheet = book["Cover"]
    sheet[f"B{find(sheet, 'Pledged, EUR') + 1}"] = 1


def lose_line(book: Any) -> None:
    sheet = book["By donor"]
    sheet.delete_rows(find(sheet, "DK", "B"))


def double_line(book: Any) -> None:
    sheet = book["By donor"]
    row = find(sheet, "All donors")
    sheet.insert_rows(row)
    for column in range(1, 10):
        sheet.cell(row, column, sheet.cell(row - 1, column).value)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (by_donor("DK", "C", 20.12), "By donor, DK, Pledged: 20.12; the entries say 20.11"),
        (by_donor("DK", "F", 5.365), "By donor, DK, Delivered: 5.365"),
        (by_donor("NO", "D", None), "By donor, NO, Committed: neither a plain number"),
        (by_donor("NO", "D", "=1+1"), "By donor, NO, Committed: neither a plain number"),
        (by_donor("NO", "D", "a lot"), "By donor, NO, Committed: a lot"),
        (by_donor("NO", "G", 2), "By donor, NO, Pledges: 2; the entries say 1"),
        (by_donor("EU", "H", 0), "By donor, EU, Unvalued: 0; the entries say 1"),
        (by_donor("EU", "I", 7), "By donor, EU, Undated: 7; the entries say 0.00"),
        (by_donor("DK", "B", "SE"), "By donor: DK is missing"),
        (by_donor("All donors", "C", 1), "By donor, All donors, Pledged: 1"),
        (posting("Converted", 1), "Postings, row [0-9]+: Minor units are not those of Converted"),
        (posting("Stage", "Delivered"), "Postings, DK, delivered: the entries say"),
        (lose_line, "By donor: DK is missing"),
        (double_line, "stands there twice"),
        (cover_total, "Cover, All donors: 1; the entries say"),
        (on_cover("Ledger revision", "11, recorded 2026-11-22 10:11 UTC"), "recorded at 2026-11-22 10:10, not at"),
        (on_cover("Ledger revision", "8, recorded 2026-11-22 10:07 UTC"), "By donor, NO"),
        (on_cover("Ledger revision", "1, recorded 2026-11-22 10:00 UTC"), "By donor, DK"),
        (on_cover("Currency", "USD"), "By donor, DK, Pledged"),
        (on_cover("Filters", "only what suits us"), "filtered by"),
        (on_cover("Checkpoint", f"8 entries, root {'A' * 43}="), "the checkpoint of 8 entries is not one of this log"),
    ],
)  # fmt: skip
def test_a_changed_figure_is_named(
    exported: Exported, check: Check, change: Callable[[Any], object], what: str
) -> None:
    with pytest.raises(VerificationError, match=what):
        check(resaved(exported.workbook(), change))


@pytest.mark.parametrize(
    "change",
    [
        on_cover("Currency", "GBP"),
        on_cover("Ledger revision", "some"),
        on_cover("Checkpoint", "trust us"),
        by_donor("Donor", "C", "Promised"),
        lambda book: book.remove(book["Cover"]),
        lambda book: book.remove(book["By donor"]),
        lambda book: book["Cover"].delete_rows(1, 40),
    ],
)
def test_what_is_no_summary_is_malformed(
    exported: Exported, check: Check, change: Callable[[Any], object]
) -> None:
    with pytest.raises(MalformedError):
        check(resaved(exported.workbook(), change))


def test_the_checkpoint_on_the_cover_is_one_of_the_log(exported: Exported, check: Check) -> None:
    root = exported.checkpoint(OLDER).decode().split("\n")[2]
    signed = resaved(exported.workbook(), on_cover("Checkpoint", f"{OLDER} entries, root {root}"))
    assert check(signed) == (SIZE, ALL_FIGURES)


def test_a_workbook_newer_than_the_bundle_needs_a_newer_bundle(
    exported: Exported, check: Check
) -> None:
    assert check(exported.workbook(OLDER), OLDER) is not None
    with pytest.raises(MalformedError, match="newer than the bundle"):
        check(exported.workbook(), OLDER)


def in_part(name: str, before: bytes, after: bytes) -> Callable[[bytes], bytes]:
    """The file with a part of it changed."""

    def change(workbook: bytes) -> bytes:
        files = unzipped(workbook)
        assert before in files[name]
        return zipped({**files, name: files[name].replace(before, after, 1)})

    return change


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (b'"Pledged",Postings[Code]', b'"Committed",Postings[Code]', "By donor, .*, Pledged: neither a plain number"),
        (b"Postings[Pledges]", b"Postings[Unvalued]", "By donor, .*, Pledges: neither a plain number"),
        (b"<v>20.11</v>", b"<v>20.12</v>", "By donor, DK, Pledged: 20.12"),
    ],
)  # fmt: skip
def test_a_changed_formula_is_named_and_so_is_a_changed_result(
    exported: Exported, check: Check, before: bytes, after: bytes, what: str
) -> None:
    with pytest.raises(MismatchError, match=what):
        check(in_part("xl/worksheets/sheet2.xml", before, after)(exported.workbook()))


def test_a_formula_that_takes_other_rows_is_named(exported: Exported, check: Check) -> None:
    scaled = b"ROUND(100*Postings[[#This Row],[Converted]],0)"
    change = in_part("xl/worksheets/sheet7.xml", scaled, b"ROUND(1000*1,0)")
    with pytest.raises(MismatchError, match="Minor units are not the formula of a summary"):
        check(change(exported.workbook()))


BILLION_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><workbook'


@pytest.mark.parametrize(
    "change",
    [
        lambda _workbook: b"no zip file",
        lambda workbook: workbook[:-30],
        lambda workbook: zipped({"xl/workbook.xml": unzipped(workbook)["xl/workbook.xml"]}),
        in_part("xl/workbook.xml", b"<workbook", BILLION_LAUGHS),
        in_part("xl/workbook.xml", b"</workbook>", b""),
        in_part("xl/worksheets/sheet1.xml", b'r="A1"', b'r="here"'),
        in_part("xl/worksheets/sheet1.xml", b't="inlineStr"', b't="s"'),
        in_part("xl/_rels/workbook.xml.rels", b"sheet1.xml", b"../../etc/passwd"),
    ],
)
def test_a_file_that_is_damaged_or_made_up_is_malformed(
    exported: Exported, check: Check, change: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(MalformedError):
        check(change(exported.workbook()))


def test_long_numbers_stand_as_text_and_are_compared_to_the_last_digit(
    exported: Exported, check: Check
) -> None:
    """A figure of more digits than Excel keeps is no less exact."""
    with pytest.raises(MismatchError, match=r"DK, Pledged: 20\.110000000000001"):
        check(resaved(exported.workbook(), by_donor("DK", "C", "20.110000000000001")))
    assert check(resaved(exported.workbook(), by_donor("DK", "C", "20.11"))) is not None
