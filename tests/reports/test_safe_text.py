"""Promise: text from the ledger stays text in the workbook, whole and visible, whatever it begins with or holds."""

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from html import unescape
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell

from reports.figures import Basis, MonthlyCommitments, SummaryFigures
from reports.kit.looks import Look
from reports.kit.table import fit
from reports.kit.text import may_start_formula, printable, table_name, unique_headers
from reports.kit.workbook import Book, to_bytes
from tests.reports.look import cells, opened, parts
from tests.reports.make import build, make_figures, make_stamp

HOSTILE: Final = [
    "=1+1",
    '=HYPERLINK("http://example.org","click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",  # full-width
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    "\ufe661+1",  # small
    "=",
    "#N/A",
    "#REF!",
    "{=1+1}",
    "<f>1+1</f>",
    "]]></t><f>1+1</f>",
    "TRUE",
    "007",
    "1e5",
    "_x003D_1+1",
]
NOT_TEXT: Final = {"currency", "native_currency", "column"}
# Written out anew, so that the kit's own list cannot let something through.
COLUMN: Final = r"[A-Z][A-Za-z]+\[(?:\[#This Row\],\[)?[A-Z][A-Za-z ]*\]?\]"
OPERAND: Final = rf'(?:{COLUMN}|[0-9]+|"[A-Za-z0-9= ]*"|"<="&{COLUMN}|[A-Z][a-z]+_[a-z]+)'
OURS: Final = re.compile(
    rf"(?:ROUND\([0-9]+\*{COLUMN},0\)"
    rf"|ABS\(ROUND\({COLUMN}-{COLUMN},2\)\)"
    rf'|IF\((?:SUM\()?{COLUMN}\)?=0,"OK","Differs"\)'
    rf"|SUM(?:IFS)?\({OPERAND}(?:,{OPERAND})*\)(?:/100)?"
    r"|[A-Z][a-z]+_[a-z]+)"
)


def with_text(value: Any, text: str, name: str = "") -> Any:
    """The same figures with each free text in them replaced."""
    if isinstance(value, Enum) or name in NOT_TEXT:
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(with_text(each, text) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: with_text(getattr(value, field.name), text, field.name)
            for field in fields(value)
        }
        return replace(value, **changes)
    return value


def excel_reads(text: object) -> str:
    """What Excel makes of a string in a file (ST_Xstring), and XML of its line ends."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), str(text))


def hostile_figures() -> SummaryFigures:
    """A donor, a pledge and a pending line for each hostile text."""
    figures = [with_text(make_figures(), text) for text in HOSTILE]
    months = figures[0].monthly.months
    named = [each.monthly.donors[0] for each in figures]
    return SummaryFigures(
        donors=tuple(each.donors[0] for each in figures),
        aid_types=figures[0].aid_types,
        basis=Basis(
            postings=tuple(line for each in figures for line in each.basis.postings),
            rates=tuple(each.basis.rates[0] for each in figures),
        ),
        monthly=MonthlyCommitments(months=months, donors=tuple(named)),
        pledges=tuple(each.pledges[-1] for each in figures),
        pending=tuple(each.pending[0] for each in figures),
        pending_on=figures[0].pending_on,
    )


@pytest.fixture(scope="module")
def hostile_file() -> bytes:
    filters = tuple((text, text) for text in HOSTILE)
    return build(hostile_figures(), replace(with_text(make_stamp(), "=1+1"), filters=filters))


@pytest.fixture(scope="module")
def hostile_cells(hostile_file: bytes) -> list[Cell]:
    return list(cells(opened(hostile_file)))


def test_no_sheet_holds_a_link_and_no_formula_but_our_own(hostile_file: bytes) -> None:
    sheets = parts(hostile_file, r"xl/worksheets/sheet\d+\.xml")
    assert len(sheets) == 12
    assert [name for name, xml in sheets.items() if "<hyperlink" in xml] == []
    texts = [
        unescape(text) for xml in sheets.values() for text in re.findall(r"<f>([^<]*)</f>", xml)
    ]
    assert texts
    assert [text for text in texts if not OURS.fullmatch(text)] == []


def test_nothing_outside_of_the_file_is_referred_to(hostile_file: bytes) -> None:
    relations = parts(hostile_file, r".*\.rels")
    assert [name for name, xml in relations.items() if "External" in xml] == []
    assert parts(hostile_file, r".*(externalLink|connections|queryTable|vba).*") == {}


def test_no_cell_is_an_error(hostile_cells: list[Cell]) -> None:
    assert {cell.data_type for cell in hostile_cells} == {"s", "n", "d"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is_wherever_it_stands(
    hostile_cells: list[Cell], text: str
) -> None:
    lines = text.replace("\r", "\n")
    found = [cell for cell in hostile_cells if excel_reads(cell.value) == lines]
    tabs = {cell.parent.title for cell in found}
    assert tabs >= {"Cover", "By donor", "Pledges", "Pending requests"}
    assert {cell.data_type for cell in found} == {"s"}
    assert {cell.quotePrefix for cell in found} == {may_start_formula(lines)}


def test_every_free_text_of_a_pledge_and_of_a_pending_line_is_covered_by_that() -> None:
    """Each text goes to a column of its own, so none can be forgotten."""
    figures: SummaryFigures = with_text(make_figures(), "=1+1")
    workbook = opened(build(figures))
    columns = {
        tab: sorted(
            {
                str(workbook[tab].cell(row=header_row, column=cell.column).value)
                for cell in cells(workbook)
                if cell.parent.title == tab and cell.value == "=1+1" and cell.row > header_row
            }
        )
        for tab, header_row in (("Pledges", 7), ("Pending requests", 6))
    }
    assert columns == {
        "Pledges": [
            "Code", "Donor", "Notes", "Reference", "Source", "Source address", "Title",
        ],
        "Pending requests": [
            "Beneficiary", "Body", "Code", "Component", "Donor", "Kind of amount", "Line", "Request",
            "Source address", "State", "Title", "Verification",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("start", "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b")
def test_what_may_start_a_formula_is_quoted(start: str) -> None:
    assert may_start_formula(start + "1")


@pytest.mark.parametrize("text", ["", "a", "1", " =1", "'=1", "#N/A", "§", "Ω"])
def test_other_text_is_not_quoted(text: str) -> None:
    assert not may_start_formula(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "a␀b"),
        ("a\x1bb", "a␛b"),
        ("a\x7fb", "a␡b"),
        ("a\x85b", "a�b"),
        ("a\u202eb", "a�b"),
        ("a\ud800b", "a�b"),
        ("a\ufffeb", "a�b"),
        ("a\tb", "a\tb"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("_x0041_", "_x005F_x0041_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("_x41_", "_x41_"),
        ("Åse & <b>", "Åse & <b>"),
    ],
)  # fmt: skip
def test_unprintable_characters_are_made_visible(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_control_characters_anywhere_leave_a_file_that_opens() -> None:
    text = "\x00\x01\x0b\x1f\x7f\x9f\ud800\udfff\ufffe\uffff"
    file = build(with_text(make_figures(), text), with_text(make_stamp(), text))
    titles = {cell.value for cell in opened(file)["Pledges"]["D"]}
    assert "␀␁␋␟␡�����" in titles


def written(*texts: str) -> list[object]:
    """A column of cells, written and read again."""
    book = Book()
    _, rows = book.begin_sheet("One")
    for text in texts:
        rows.append([(fit(text, "here"), Look.TEXT)])
    return [cell.value for cell in opened(to_bytes(book))["One"]["A"]]


PRINTABLE: Final = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn"]), min_size=1)


@settings(max_examples=30, deadline=None)
@given(st.lists(PRINTABLE, min_size=1, max_size=30))
def test_printable_text_is_read_as_it_was_recorded(texts: list[str]) -> None:
    assert [excel_reads(value) for value in written(*texts)] == texts


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=30))
def test_any_text_at_all_is_written_as_one_text_cell(texts: list[str]) -> None:
    values = written(*texts)
    assert [type(value) for value in values] == [str] * len(texts)


def test_headers_are_unique_whatever_the_donors_are_called() -> None:
    assert unique_headers(["Month", "A", "a", "A", "", " ", "a (2)", "two\nlines", "=1"]) == (
        "Month", "A", "a (2)", "A (3)", "Column", "Column (2)", "a (2) (2)", "two lines", "=1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Pledges", "Pledges_2"),
        ("Donor totals", "Donor_totals"),
        ("A1", "Table_A1"),
        ("R1C1", "Table_R1C1"),
        ("c", "Table_c"),
        ("2022", "Table_2022"),
        ("", "Table"),
        ("=1+1", "Table_1_1"),
        ("Zahlen für März", "Zahlen_für_März"),
        ("x" * 300, "x" * 245),
    ],
)
def test_table_names_are_such_as_excel_accepts(wanted: str, name: str) -> None:
    assert table_name(wanted, ["pledges"]) == name
