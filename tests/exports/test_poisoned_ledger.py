"""Promise: whatever somebody records as text, no workbook runs it, links to it, or shows it as something else."""

import io
import re
from html import unescape
from typing import Final
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from reports.kit.formulas import ALLOWED
from tests.client import Api

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


@pytest.mark.parametrize("report", REPORTS)
def test_no_text_becomes_a_formula_or_a_link(api: Api, client: TestClient, report: str) -> None:
    for text in POISON:
        sources = [{"url": "https://example.org/a?=1+1", "title": text}]
        api.record_pledge(title=text, notes=text, sources=sources, status="committed")
    content = client.get(f"/v1/reports/{report}").content
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
    shown = [cell for cell in cells if cell.value in POISON]
    assert {cell.data_type for cell in shown} <= {"s"}


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
