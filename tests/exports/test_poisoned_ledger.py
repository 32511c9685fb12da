"""Promise: whatever somebody records as text, no workbook runs it, links to it, or shows it as something else."""

import io
import re
from html import unescape
from typing import Any, Final
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from reports.kit.formulas import ALLOWED
from tests.client import Api
from tests.reports.test_safe_text import excel_reads

POISON: Final = (
    "=1+1",
    '=HYPERLINK("http://example.org","click")',
    "=cmd|' /C calc'!A0",
    "+SUM(1)",
    "-1+1",
    "@SUM(A1)",
    "<b onload=alert(1)>bold</b>",
    "]]></t><f>1+1</f>",
    "_x003D_1+1",
    "#REF!",
)
REPORTS: Final = ("summary.xlsx", "timeline.xlsx", "donor.xlsx?donor=DK", "changes.xlsx?from=1")


def check_harmless(content: bytes) -> list[Any]:
    """No formula but ours, no link; the cells with poison in them are text, and are given back."""
    with ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    sheets = [xml for name, xml in parts.items() if name.startswith("xl/worksheets/sheet")]
    formulas = [unescape(text) for xml in sheets for text in re.findall(r"<f>([^<]*)</f>", xml)]
    assert formulas
    assert [text for text in formulas if not ALLOWED.fullmatch(text)] == []
    assert not any(re.search(r"<f[ /]", xml) for xml in sheets)
    assert [name for name, xml in parts.items() if "External" in xml or "<hyperlink" in xml] == []
    cells = [
        cell
        for sheet in load_workbook(io.BytesIO(content))
        for row in sheet.iter_rows()
        for cell in row
    ]
    shown = [cell for cell in cells if excel_reads(cell.value) in POISON]
    assert {cell.data_type for cell in shown} <= {"s"}
    return shown


@pytest.mark.parametrize("report", REPORTS)
def test_no_text_becomes_a_formula_or_a_link(api: Api, client: TestClient, report: str) -> None:
    for text in POISON:
        sources = [{"url": "https://example.org/a?=1+1", "title": text}]
        api.record_pledge(title=text, notes=text, sources=sources, status="committed")
    content = client.get(f"/v1/reports/{report}").content
    check_harmless(content)


def test_no_text_of_a_request_becomes_a_formula_or_a_link(api: Api, client: TestClient) -> None:
    for text in POISON:
        source = {"url": "https://example.org/a?=1+1", "title": text}
        line = {"component": "military", "amount": "7.00", "label": text, "note": text}
        claims = [
            {"amount": "3.00", "preferred": True, "reason": text, "source": source},
            {"amount": "4.00", "preferred": False, "reason": text},
        ]
        body = {
            "donor": "US", "title": text, "kind": "supplemental", "currency": "USD", "notes": text,
            "requested_on": "2023-10-20", "requesting_office": text, "sources": [source],
            "lines": [line, {"key": "b", "component": "financial", "claims": claims}],
        }  # fmt: skip
        made = api.post("/v1/legislative-requests", body)
        assert made.status_code == 201, made.text
        action = {"on": "2023-11-01", "state": "in_committee", "body": text, "text": text}
        law = {"on": "2023-12-01", "law": text, "closes": False,
               "lines": [{"component": "military", "amount": "1.00", "label": text, "note": text}]}  # fmt: skip
        address = f"/v1/legislative-requests/{made.json()['id']}"
        for path, given in (("actions", action), ("enactments", law)):
            answer = api.post(f"{address}/{path}", given)
            assert answer.status_code == 201, answer.text
    shown = check_harmless(client.get("/v1/reports/legislation.xlsx?on=2023-12-31").content)
    tabs = {"Timeline", "Pending lines", "Lines", "By state", "Ages"}
    for text in POISON:
        assert {cell.parent.title for cell in shown if excel_reads(cell.value) == text} == tabs


def test_what_turns_the_direction_of_text_is_refused(api: Api) -> None:
    for sign in ("\u202e", "\u2066"):
        body = {"donor": "US", "title": f"Aid{sign}1=", "kind": "supplemental", "currency": "USD",
                "requested_on": "2023-10-20"}  # fmt: skip
        assert api.post("/v1/legislative-requests", body).status_code == 422


def test_the_same_revision_gives_the_same_bytes(api: Api, client: TestClient) -> None:
    api.record_pledge(status="committed")
    for report in ("summary.xlsx", "timeline.xlsx", "donor.xlsx?donor=DK"):
        address = f"/v1/reports/{report}{'&' if '?' in report else '?'}as_of=1"
        assert client.get(address).content == client.get(address).content


def test_a_report_on_one_donor_takes_one(client: TestClient) -> None:
    answer = client.get("/v1/reports/donor.xlsx?donor=DK,NO")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "one-donor-only"


def test_a_workbook_in_native_currencies_is_refused(client: TestClient) -> None:
    answer = client.get("/v1/reports/changes.xlsx?from=0&currency=native")
    assert answer.status_code == 422
