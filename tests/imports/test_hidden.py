"""What nobody sees who looks at a workbook is reported: hidden rows, columns and sheets, formulas without results."""

from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from tests.client import Api
from tests.imports.sending import read, send
from tests.inputs.ledger import read_problem
from tests.inputs.uploads import SHEET, replaced, workbook


def hide_row(book: Workbook) -> None:
    book.worksheets[0].row_dimensions[2].hidden = True


def hide_column(book: Workbook) -> None:
    book.worksheets[0].column_dimensions["D"].hidden = True


def hide_another_sheet(book: Workbook) -> None:
    book.worksheets[0].title = "Pledges"
    book.create_sheet("Secret").sheet_state = "hidden"


def hide_another_sheet_well(book: Workbook) -> None:
    book.worksheets[0].title = "Pledges"
    book.create_sheet("Secret").sheet_state = "veryHidden"


def hide_the_sheet(book: Workbook) -> None:
    book.create_sheet("Notes")
    book.worksheets[0].title = "Pledges"
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (hide_row, "hidden-row", ("Sheet", 2)),
        (hide_column, "hidden-column", ("Sheet", None)),
        (hide_another_sheet, "hidden-sheet", ("Secret", None)),
        (hide_another_sheet_well, "hidden-sheet", ("Secret", None)),
        (hide_the_sheet, "hidden-sheet", ("Pledges", None)),
    ],
)
def test_hidden_parts_are_reported_and_the_rows_are_read(
    api: Api, change: Callable[[Workbook], None], code: str, place: tuple[str, int | None]
) -> None:
    answer = send(api, workbook(change=change), "pledges.xlsx", dry_run="true")
    counts = answer.json()["counts"]
    assert (counts["new"], counts["errors"], counts["warnings"]) == (1, 0, 1)
    rows = read(api, f"{answer.headers['Location']}/report")["data"]
    [found] = [one for row in rows for one in row["findings"]]
    assert (found["severity"], found["code"], (found["sheet"], found["row"])) == (
        "warning", code, place,
    )  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    [
        b"<f>SUM(1,2)</f>",
        b"<f>SUM(1,2)</f><v></v>",
        b"<f>SUM(1,2)</f><v>3</v>",
        b'<f t="shared" si="0"/><v>3</v>',
        b'<f t="array" ref="D2">SUM(1,2)</f>',
    ],
)
def test_a_formula_is_never_taken_for_an_empty_cell_or_for_its_result(
    api: Api, cell: bytes
) -> None:
    content = replaced(SHEET, b"<v>1000.5</v>", cell)
    [error] = read_problem(send(api, content, "pledges.xlsx"))["errors"]
    assert (error["cell"], error["code"]) == ("D2", "formula-not-allowed")


@pytest.mark.parametrize(("said", "rows"), [("A1", 1), ("A1:F1", 1), ("A1:XFD1048576", 1)])
def test_what_a_sheet_says_of_its_size_is_not_believed(api: Api, said: str, rows: int) -> None:
    content = replaced(SHEET, b'ref="A1:F2"', f'ref="{said}"'.encode())
    body: dict[str, Any] = send(api, content, "pledges.xlsx", dry_run="true").json()
    assert body["counts"]["new"] == rows


def test_dates_of_a_workbook_that_counts_from_1904_are_not_recorded_four_years_off(
    api: Api,
) -> None:
    content = replaced("xl/workbook.xml", b"<workbookPr", b'<workbookPr date1904="1"')
    [error] = read_problem(send(api, content, "pledges.xlsx"))["errors"]
    assert error["code"] == "date-system"


@pytest.mark.parametrize(
    "address", [b"XFD1048576", b"D1048576", b"D3", b"ZZZZ9999999", b"D0", b"D02"]
)
def test_a_cell_with_an_address_of_another_place_is_not_lost_silently(
    api: Api, address: bytes
) -> None:
    content = replaced(SHEET, b'<c r="D2"', b'<c r="' + address + b'"')
    problem = read_problem(send(api, content, "pledges.xlsx"))
    assert (problem["status"], problem["code"]) == (400, "malformed-workbook")
    assert api.get("/v1/pledges")["data"] == []


@pytest.mark.parametrize(
    ("row", "cell"), [(1048576, "XFD1048576"), (1048576, "A1048576"), (3, "XFD3")]
)
def test_a_cell_far_away_takes_nothing_down(api: Api, row: int, cell: str) -> None:
    far = f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>'
    content = replaced(SHEET, b"</sheetData>", far.encode())
    problem = read_problem(send(api, content, "pledges.xlsx"))
    assert (problem["status"], problem["code"]) == (413, "workbook-too-large")


@pytest.mark.parametrize(
    "twice",
    [
        b'<c r="D2"><v>1</v></c><c r="D2"><v>2</v></c>',
        b'<c r="E2"><v>1</v></c><c r="D2"><v>2</v></c>',
    ],
)
def test_two_cells_at_one_place_are_no_cell(api: Api, twice: bytes) -> None:
    content = replaced(SHEET, b'<c r="D2"', twice + b'<c r="D2"')
    assert read_problem(send(api, content, "pledges.xlsx"))["code"] == "malformed-workbook"
