"""Pledges go out as a workbook, are edited in a spreadsheet, and come in again: what was edited changes, and once."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from starlette.testclient import TestClient

from tests.client import Api
from tests.imports.sending import XLSX, edited, read, send
from tests.inputs.ledger import read_problem


def export(client: TestClient, query: str = "") -> bytes:
    answer = client.get(f"/v1/pledges.xlsx{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, XLSX)
    return answer.content


def cell_of(content: bytes, reference: str, column: str) -> str:
    """The address of a pledge's cell."""
    sheet = load_workbook(io.BytesIO(content))["Pledges"]
    names = {cell.value: get_column_letter(place) for place, cell in enumerate(sheet[1], 1)}
    [row] = [cell.row for cell in sheet["A"] if cell.value == reference]
    return f"{names[column]}{row}"


def counted(body: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in body["counts"].items() if count}


def record_some(api: Api) -> None:
    one = api.record_pledge(
        reference="ONE", notes="two\r\nlines, _x0041_", sources=[{"url": "https://www.fmn.dk/a"}]
    )
    api.record_movement(one, "committed", amount="400.00", on="2023-12")
    api.record_pledge(
        reference="TWO",
        title="=1+1",
        amount=None,
        currency=None,
        announced_on=None,
        overlaps=["ONE"],
    )
    api.record_pledge(
        reference="KRW", donor="KR", currency="KRW", amount="1000", status="delivered"
    )
    api.record_pledge(reference="LONG", donor="EU", currency="EUR", amount="1000000000000.00", bound="up_to",
                      announced_on="2023-11-01/2023-11-14")  # fmt: skip
    api.record_pledge(
        reference="ODD", donor="EU", currency="EUR", amount="999999999999.99", announced_on="2023"
    )


def test_a_workbook_that_nobody_edited_changes_nothing(api: Api, client: TestClient) -> None:
    record_some(api)
    content = export(client)
    for sent in (content, edited(content, {})):
        answer = send(api, sent, "pledges.xlsx", dry_run="true")
        assert counted(answer.json()) == {"unchanged": 5}, read(
            api, f"{answer.headers['Location']}/report"
        )


def test_a_dry_run_shows_what_was_edited_field_by_field(api: Api, client: TestClient) -> None:
    record_some(api)
    content = export(client)
    changes = {
        cell_of(content, "TWO", "title"): "New title",
        cell_of(content, "KRW", "amount"): 1_500,
        cell_of(content, "LONG", "announced_on"): "2023-11",
        cell_of(content, "ONE", "notes"): None,
    }
    sent = edited(content, changes)
    answer = send(api, sent, "pledges.xlsx", dry_run="true")
    rows = read(api, f"{answer.headers['Location']}/report")["data"]
    assert {row["reference"]: (row["outcome"], row["changes"][0]) for row in rows} == {
        "TWO": ("changed", {"field": "title", "before": "=1+1", "after": "New title"}),
        "KRW": ("changed", {"field": "amount", "before": "1000", "after": "1500"}),
        "LONG": (
            "changed",
            {"field": "announced_on", "before": "2023-11-01/2023-11-14", "after": "2023-11"},
        ),
        "ONE": ("changed", {"field": "notes", "before": "two\r\nlines, _x0041_", "after": None}),
    }
    assert send(api, sent, "pledges.xlsx").status_code == 201
    assert api.get("/v1/pledges/TWO")["title"] == "New title"
    assert counted(send(api, export(client), "pledges.xlsx").json()) == {"unchanged": 5}


def test_a_row_that_somebody_else_changed_meanwhile_is_a_conflict(
    api: Api, client: TestClient
) -> None:
    pledge = api.record_pledge(reference="ONE")
    content = export(client)
    api.amend_pledge(pledge, title="By somebody else")
    sent = edited(content, {cell_of(content, "ONE", "title"): "Mine"})
    answer = send(api, sent, "pledges.xlsx", dry_run="true")
    [row] = read(api, f"{answer.headers['Location']}/report")["data"]
    assert (row["outcome"], row["findings"][0]["code"]) == ("stale", "stale-version")
    assert {"field": "title", "before": "By somebody else", "after": "Mine"} in row["changes"]
    problem = read_problem(send(api, sent, "pledges.xlsx"))
    assert [one["code"] for one in problem["errors"]] == ["stale-version"]
    assert api.get("/v1/pledges/ONE")["title"] == "By somebody else"


def test_a_new_row_below_the_others_is_a_new_pledge(api: Api, client: TestClient) -> None:
    api.record_pledge(reference="ONE")
    sent = edited(export(client), {"B3": "SE", "C3": "Package", "D3": "military"})
    assert counted(send(api, sent, "pledges.xlsx").json()) == {"new": 1, "unchanged": 1}


def test_the_workbook_is_of_one_revision_and_says_of_which(api: Api, client: TestClient) -> None:
    api.record_pledge(reference="ONE")
    api.record_pledge(reference="TWO")
    answer = client.get("/v1/pledges.xlsx?as_of=1")
    assert answer.headers["Aid-Ledger-Revision"] == "1"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pledges-r1.xlsx"'
    book: Any = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in book["Pledges"]["A"]] == ["reference", "ONE"]
    assert book.custom_doc_props["Ledger revision"].value == 1
    again = client.get(
        "/v1/pledges.xlsx?as_of=1", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    assert client.get("/v1/pledges", headers={"Accept": XLSX}).status_code == 200


def test_more_pledges_than_an_import_reads_are_refused_and_not_cut(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.pledge_table.MAX_PLEDGES", 1)
    api.record_pledge()
    export(client)
    api.record_pledge()
    answer = client.get("/v1/pledges.xlsx")
    assert (answer.status_code, read_problem(answer)["code"]) == (409, "report-too-large")
