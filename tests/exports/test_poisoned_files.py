"""Promise: whatever somebody records as text, no file that leaves the ledger runs it, links to it, or loses it.

One ledger with every hostile text in every field that takes one, and every file that it can be had as.
"""

import csv
import io
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from starlette.testclient import TestClient

from app.access import service as access
from app.access.domain import Role
from app.main import create_app
from app.settings import Settings
from reports.kit.formulas import ALLOWED
from tests.client import PLEDGE, Api
from tests.clock import StoppedClock
from tests.exports.office import find_office

POISON: Final = (
    "=1+1",
    '=HYPERLINK("http://example.org","click")',
    '=WEBSERVICE("http://example.org")',
    '=DDE("cmd";"/C calc";"x")',
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "|calc",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",  # a blank that does not break
    "\u200b=1+1",  # of no width
    "\u200f=1+1",  # right to left
    "\u061c=1+1",  # an Arabic letter's mark
    "'=1+1",
    "\uff1d1+1",  # full-width
    "\ufe661+1",  # small
    '"=1+1',
    'a",=1+1,"',
    "a;=1+1",
    "<b onload=alert(1)>bold</b>",
    "<script>alert(1)</script>",
    "&lt;b&gt; &#61;1+1",
    "]]></t><f>1+1</f>",
    "_x003D_1+1",
    "#REF!",
    "{=1+1}",
    "a\r\nBEGIN:VEVENT\r\nSUMMARY:b",
    "\u05d0\u05d1 1+1= \u05d2",  # a script from right to left
    "\U0001f1fa\U0001f1e6 \u0301",
)
REFUSED: Final = ("a\u202eb", "\u2066=1+1\u2069", "a\x00b", "\x07", "\x1b[2J", "\ufeff=1+1", "\x85")
WORKBOOKS: Final = (
    "/v1/reports/summary.xlsx",
    "/v1/reports/summary.xlsx?q==1%2B1",
    "/v1/reports/timeline.xlsx",
    "/v1/reports/donor.xlsx?donor=DK",
    "/v1/reports/changes.xlsx?from=0&measure=pledged",
    "/v1/reports/legislation.xlsx",
    "/v1/reports/pledges.xlsx",
    "/v1/reports/journal.xlsx",
    "/v1/pledges.xlsx",
)
TABLES: Final = (
    "/v1/totals.csv?by=donor,month&cumulative=true",
    "/v1/changes.csv?from=1&measure=pledged",
    "/v1/donors.csv",
    "/v1/pledges.csv",
    "/v1/pledges/DK-0/history.csv",
    "/v1/legislative-requests.csv",
    "/v1/legislative-requests/pending.csv?by=request",
    "/v1/legislative-requests/US-LR-0/history.csv",
    "/v1/entries.csv",
)
OTHERS: Final = (
    "/v1/ledger.zip",
    "/v1/pledges.atom",
    "/v1/legislative-requests/changes.atom",
    "/v1/legislative-requests/calendar.ics",
    "/v1/pledges.iati.xml",
)
# Written out anew, so that the list of the writer cannot let something through.
_UNSEEN: Final = " \u00a0\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060"
_STARTS: Final = frozenset("=+-@\t\r\n|")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Files:
    """Every file of the poisoned ledger, by address."""

    contents: Mapping[str, bytes]

    def parts(self, address: str) -> dict[str, bytes]:
        """What a zip holds."""
        with ZipFile(io.BytesIO(self.contents[address])) as packed:
            return {name: packed.read(name) for name in packed.namelist()}

    def tables(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Every table as CSV, by name."""
        for address in TABLES:
            yield address, read_csv(self.contents[address])
        for name, content in self.parts("/v1/ledger.zip").items():
            if name.endswith(".csv"):
                yield name, read_csv(content)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def pledge_of(number: int, text: str) -> dict[str, Any]:
    """A pledge that says it wherever it can."""
    item = {"description": text, "kind": text, "subkind": text, "unit": text, "note": text}
    sources = [{"url": "https://example.org/a?=1+1", "title": text}]
    texts = {"title": text, "notes": text, "sources": sources, "items": [item]}
    return {**PLEDGE, **texts, "reference": f"DK-{number}"}


def request_of(number: int, text: str) -> dict[str, Any]:
    """A request to a parliament that says it wherever it can."""
    claim = {"amount": "5.00", "preferred": True, "reason": text,
             "source": {"url": "https://example.org/", "title": text}}  # fmt: skip
    vote = {"yes": 5, "no": 3, "other": text, "chamber": text, "question": text}
    return {
        "reference": f"US-LR-{number}", "donor": "US", "kind": "supplemental", "currency": "USD",
        "requested_on": "2023-10-20", "title": text, "requesting_office": text, "addressed_to": text,
        "legal_basis": text, "notes": text, "sources": [{"url": "https://example.org/", "title": text}],
        "lines": [{"component": "military", "subcomponent": text, "label": text, "note": text, "claims": [claim]}],
        "actions": [{"on": "2023-10-21", "body": text, "text": text, "state": "floor", "vote": vote}],
    }  # fmt: skip


def key_of(app: FastAPI, clock: StoppedClock, name: str) -> str:
    """A key whose holder is called so, or another where nobody may be called so."""
    with app.state.database.transaction() as session:
        new = access.create_key(
            session, name=name, role=Role.CONTRIBUTOR, valid_for=timedelta(days=9), clock=clock, created_by="tests",
        )  # fmt: skip
    return new.text


def record_all(api: Api) -> None:
    """Each text in a pledge, its movement, its amendment, and in a request; none is refused."""
    for number, text in enumerate(POISON):
        pledge = api.record_pledge(**pledge_of(number, text))
        moved = api.record_movement(
            pledge, "committed", amount="10.00", on="2023-11-20", note=text,
            sources=[{"url": "https://example.org/", "title": text}],
        )  # fmt: skip
        api.amend_pledge(moved, amount="2000.00", reason=text)
        answer = api.post("/v1/legislative-requests", request_of(number, text))
        assert answer.status_code == 201, (text, answer.text)


@pytest.fixture(scope="module")
def files(
    _sqlite_templates: Callable[[bool], Path], tmp_path_factory: pytest.TempPathFactory
) -> Files:
    path = tmp_path_factory.mktemp("poison") / "ledger.db"
    shutil.copyfile(_sqlite_templates(True), path)
    clock = StoppedClock()
    app = create_app(Settings(database_url=f"sqlite:///{path}"), clock)
    with TestClient(app) as client:
        record_all(Api(client, key_of(app, clock, "=1+1")))
        answers = {one: client.get(one) for one in (*WORKBOOKS, *TABLES, *OTHERS)}
    app.state.database.dispose()
    assert {one: answer.text for one, answer in answers.items() if answer.status_code != 200} == {}
    return Files({one: answer.content for one, answer in answers.items()})


def excel_reads(value: object) -> str:
    """What Excel makes of a string in a file (ST_Xstring), with line ends as it has them."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), str(value))


@pytest.mark.parametrize("address", WORKBOOKS)
def test_no_workbook_runs_or_links_to_a_text(files: Files, address: str) -> None:
    parts = {name: content.decode() for name, content in files.parts(address).items()}
    sheets = [xml for name, xml in parts.items() if name.startswith("xl/worksheets/sheet")]
    formulas = [unescape(text) for xml in sheets for text in re.findall(r"<f>([^<]*)</f>", xml)]
    assert [text for text in formulas if not ALLOWED.fullmatch(text)] == []
    assert not any(re.search(r"<f[ /]", xml) for xml in sheets)
    assert [name for name, xml in parts.items() if "External" in xml or "<hyperlink" in xml] == []
    assert [one for one in parts if re.search("externalLink|connection|query|vba|embed", one)] == []
    assert not any("ddeLink" in xml or "oleLink" in xml for xml in parts.values())


@pytest.mark.parametrize("address", WORKBOOKS)
def test_a_text_is_a_text_in_every_workbook(files: Files, address: str) -> None:
    book = load_workbook(io.BytesIO(files.contents[address]))
    cells = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    shown = {excel_reads(cell.value): cell.data_type for cell in cells}
    wanted = {text.replace("\r\n", "\n").replace("\r", "\n") for text in POISON}
    assert {shown[text] for text in wanted & shown.keys()} <= {"s"}
    # The timeline and the changes name donors and no pledge; what was asked for by text names one.
    if not re.search(r"timeline|changes|q=", address):
        assert {text for text in wanted if not any(text in one for one in shown)} == set()


def test_no_cell_of_any_csv_can_be_run(files: Files) -> None:
    found = set()
    for name, rows in files.tables():
        assert len({len(row) for row in rows}) == 1, name
        for cell in (cell for row in rows for cell in row):
            start = unicodedata.normalize("NFKC", cell.lstrip(_UNSEEN)[:1])
            if start in _STARTS and start and not _NUMBER.fullmatch(cell):
                found.add((name, cell))
    assert found == set()


def test_no_text_is_lost_in_a_csv(files: Files) -> None:
    header, *rows = read_csv(files.contents["/v1/pledges.csv"])
    titles = {row[header.index("reference")]: row[header.index("title")] for row in rows}
    for number, text in enumerate(POISON):
        assert titles[f"DK-{number}"] in {text, "'" + text}


@pytest.mark.parametrize("address", [one for one in OTHERS if one.endswith((".atom", ".xml"))])
def test_xml_holds_the_texts_as_texts(files: Files, address: str) -> None:
    root = ET.fromstring(files.contents[address])
    names = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert not names & {"b", "script", "f"}
    texts = [one.text or "" for one in root.iter()]
    assert not any(one.get("type") in {"html", "xhtml"} for one in root.iter())
    # XML reads every end of a line as a line feed.
    wanted = {text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in POISON}
    if "changes" not in address:
        assert {text for text in wanted if not any(text in one for one in texts)} == set()


def test_a_calendar_has_no_event_that_a_text_made(files: Files) -> None:
    lines = files.contents["/v1/legislative-requests/calendar.ics"].decode().replace("\r\n ", "")
    assert [one for one in lines.splitlines() if not re.match(r"[A-Z-]+[;:]", one)] == []
    assert "\r\nSUMMARY:b" not in lines


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/v1/pledges.csv", "/v1/entries.csv"])
def test_an_office_program_finds_no_formula_in_a_csv(
    files: Files, tmp_path: Path, address: str
) -> None:
    source = tmp_path / "table.csv"
    source.write_bytes(files.contents[address])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [find_office(), "--headless", profile, "--infilter=CSV:44,34,76,1", "--convert-to", "xlsx",
         "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    book = load_workbook(tmp_path / "table.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "s" in kinds
    assert not kinds & {"f", "e"}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_kept_is_refused_by_name_and_place(api: Api, text: str) -> None:
    def places(body: Any, pointer: str = "") -> Iterator[str]:
        if isinstance(body, dict):
            for name, value in body.items():
                yield from places(value, f"{pointer}/{name}")
        elif isinstance(body, list):
            for place, value in enumerate(body):
                yield from places(value, f"{pointer}/{place}")
        elif body == text:
            yield pointer

    for path, body in (
        ("/v1/pledges", pledge_of(1, text)),
        ("/v1/legislative-requests", request_of(1, text)),
    ):
        answer = api.post(path, body)
        assert answer.status_code == 422, answer.text
        errors = {one["pointer"]: one["code"] for one in answer.json()["errors"]}
        assert set(errors.values()) == {"forbidden-character"}
        assert set(errors) == set(places(body))
