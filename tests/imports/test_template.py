"""The template: untouched it imports nothing, filled in it imports what was filled in, and its example never."""

import io

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from starlette.testclient import TestClient

from app.imports import template
from app.imports.domain.limits import Limits
from app.imports.domain.pledge_columns import COLUMNS, DERIVED
from app.pledges.domain import columns
from reports import pledge_table
from tests.client import Api
from tests.imports.sending import edited, send
from tests.inputs.ledger import read_problem

FILLED = {
    "B3": "Sweden", "C3": "Support package 20", "D3": "Military", "F3": 16_100_000_000, "G3": "SEK",
    "I3": "2025-11", "J3": "committed",
}  # fmt: skip
AS_CSV = ",Sweden,Support package 20,Military,,16100000000,SEK,,2025-11,committed,,,,,,,\r\n"


def fetch(client: TestClient, kind: str) -> bytes:
    answer = client.get(f"/v1/imports/template.{kind}")
    assert answer.status_code == 200
    return answer.content


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_untouched_template_imports_nothing(api: Api, client: TestClient, kind: str) -> None:
    body = send(api, fetch(client, kind), f"pledges.{kind}").json()
    assert (body["state"], set(body["counts"].values())) == ("unchanged", {0})
    assert api.get("/v1/pledges")["data"] == []


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_filled_template_imports_what_was_filled_in(
    api: Api, client: TestClient, kind: str
) -> None:
    content = fetch(client, kind)
    filled = edited(content, FILLED) if kind == "xlsx" else content + AS_CSV.encode()
    assert send(api, filled, f"pledges.{kind}").status_code == 201
    [pledge] = api.get("/v1/pledges")["data"]
    told = (
        "donor",
        "title",
        "aid_type",
        "instrument",
        "amount",
        "currency",
        "announced_on",
        "status",
    )
    assert [pledge[name] for name in told] == [
        "SE", "Support package 20", "military", "in_kind", "16100000000.00", "SEK", "2025-11", "committed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "value"), [("F2", 5), ("C2", "My own"), ("L2", "note"), ("G2", None)]
)
def test_a_changed_example_is_refused_and_never_taken_for_a_pledge(
    api: Api, client: TestClient, cell: str, value: object
) -> None:
    answer = send(api, edited(fetch(client, "xlsx"), {cell: value} | FILLED), "pledges.xlsx")
    [error] = read_problem(answer)["errors"]
    assert (error["cell"], error["code"]) == ("A2", "example-row")
    assert api.get("/v1/pledges")["data"] == []


def test_no_pledge_can_be_called_as_the_example_is(api: Api) -> None:
    answer = api.post(
        "/v1/pledges",
        {
            "donor": "DK",
            "title": "x",
            "aid_type": "military",
            "reference": columns.EXAMPLE_REFERENCE,
        },
    )
    assert read_problem(answer)["errors"][0]["code"] == "invalid-reference"


def test_the_example_would_be_a_pledge_if_it_had_another_reference(api: Api) -> None:
    example = template.csv().replace(columns.EXAMPLE_REFERENCE.encode(), b"X-1")
    assert send(api, example).status_code == 201
    assert api.get("/v1/pledges")["data"][0]["amount"] == "1000000000.00"


def test_the_template_has_all_columns_that_an_import_reads() -> None:
    assert set(columns.EXAMPLE) == set(COLUMNS)
    assert {one.name for one in columns.COLUMNS if one.is_derived} == DERIVED
    assert Limits().rows == pledge_table.MAX_ROWS


def test_every_column_has_a_note_a_format_and_its_words_to_choose_from() -> None:
    book = load_workbook(io.BytesIO(template.workbook()))
    sheet, words = book["Pledges"], book["Words"]
    known = {one.name: one for one in columns.COLUMNS}
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    for place, cell in enumerate(sheet[1], start=1):
        column = known[str(cell.value)]
        assert cell.comment is not None
        assert cell.comment.text == column.note
        letter = get_column_letter(place)
        wanted = "#,##0.00" if column.name == "amount" else "0" if column.is_number else "@"
        assert sheet.column_dimensions[letter].number_format == wanted
        formula = lists.pop(f"{letter}2:{letter}10000", None)
        assert (formula is not None) == bool(column.words)
        if formula is not None:
            area = words[formula.removeprefix("Words!").replace("$", "")]
            assert tuple(one.value for (one,) in area) == column.words
    assert lists == {}
    assert sheet.freeze_panes == "A2"


def test_the_same_template_is_the_same_bytes() -> None:
    assert template.workbook() == template.workbook()
