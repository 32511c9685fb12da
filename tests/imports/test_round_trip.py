"""An export that nobody edited changes nothing; one that somebody edited changes what they edited."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.db import Database
from app.imports.domain.runs import ImportOrder, State
from app.imports.errors import RefusedFileError
from app.imports.runs import Finished, run_import
from tests.client import Api
from tests.clock import StoppedClock

SOURCES = [
    {"url": "https://www.fmn.dk/a", "title": "=1+1", "kind": "official"},
    {"url": "https://www.fmn.dk/b", "title": None, "kind": "media"},
]
# Whatever a title may hold, and above all what spreadsheets take for something else.
TITLES = st.text(
    st.sampled_from("=+-@|'\"\n\r\t,;_x0041_ aé\u4e2d\uff1d") , min_size=1, max_size=20
).filter(str.strip)  # fmt: skip


def csv_of(client: TestClient) -> bytes:
    answer = client.get("/v1/pledges.csv")
    assert answer.status_code == 200
    return answer.content


def workbook_of(content: bytes) -> bytes:
    """The same table as a workbook, every cell a text as somebody might paste it."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(io.StringIO(content.decode(), newline="")):
        sheet.append([None] * len(row))
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(sheet.max_row, column)
            cell.value = text or None
            if text:
                cell.data_type = "s"
    book.save(out)
    return out.getvalue()


@pytest.fixture
def send(
    app: FastAPI, clock: StoppedClock, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Finished]:
    """Imports these bytes."""
    database: Database = app.state.database

    def imported(content: bytes, name: str = "pledges.csv", **order: Any) -> Finished:
        path = tmp_path_factory.mktemp("sent") / "file"
        path.write_bytes(content)
        with path.open("rb") as file:
            return run_import(
                database, clock, file, ImportOrder(file_name=name, actor="desk", **order)
            )

    return imported


def record_some(api: Api) -> None:
    one = api.record_pledge(title="'=1+1", notes='two\r\nlines, "quoted"', sources=SOURCES)
    api.record_movement(one, "committed", amount="400.00", on="2023-12")
    api.record_pledge(amount=None, currency=None, announced_on=None, overlaps=["DKM3", "X-1"])
    api.record_pledge(donor="KR", currency="KRW", amount="1000", status="delivered")
    api.record_pledge(donor="EU", currency="EUR", amount="1000000000000.00", instrument="loan",
                      aid_type="financial", bound="up_to", announced_on="2023-11-01/2023-11-14")  # fmt: skip


def test_an_export_that_nobody_edited_changes_nothing(
    api: Api, client: TestClient, send: Callable[..., Finished]
) -> None:
    record_some(api)
    for order in ({"dry_run": True}, {}):
        found = send(csv_of(client), **order)
        assert found.report.counts_json() == dict.fromkeys(found.report.counts_json(), 0) | {
            "unchanged": 4
        }


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(title=TITLES, notes=st.none() | TITLES)
def test_no_text_is_changed_on_its_way_out_and_in(
    api: Api, client: TestClient, send: Callable[..., Finished], title: str, notes: str | None
) -> None:
    api.record_pledge(title=title, notes=notes)
    found = send(csv_of(client), dry_run=True)
    assert set(found.report.counts) == {"unchanged"}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE import_run SET label = 'x'", "DELETE FROM import_run", "DELETE FROM import_link"],
)
def test_what_was_imported_is_never_changed(
    app: FastAPI, send: Callable[..., Finished], statement: str
) -> None:
    send(b"donor,title,aid_type\nDK,One,military\n")
    database: Database = app.state.database
    with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_bytes_of_any_kind_leave_nothing_behind(send: Callable[..., Finished]) -> None:
    for content in (b"\x00", b"\xff\xfe", b'"', b'a,b\n"c', b"PK\x03\x04", b"donor\n=1\n"):
        try:
            found = send(content)
        except RefusedFileError:
            continue
        assert found.run.result.state is State.REFUSED
    assert send(b"donor,title,aid_type\nDK,One,military\n").run.result.first_revision == 1


def test_an_edited_export_changes_what_was_edited_and_only_once(
    api: Api, client: TestClient, send: Callable[..., Finished]
) -> None:
    record_some(api)
    before = csv_of(client)
    edited = before.replace(b"1000000000000.00", b"999.99")
    found = send(edited)
    assert found.run.result.counts["changed"] == 1
    assert send(edited).run.id == found.run.id
    stale = send(before.replace(b"1000000000000.00", b"5.00"))
    assert stale.run.result.state is State.REFUSED
    assert [one.code for one in stale.report.errors] == ["stale-version"]


def test_a_table_without_versions_overwrites_nothing(
    api: Api, client: TestClient, send: Callable[..., Finished]
) -> None:
    pledge = api.record_pledge()
    table = f"reference,donor,title,aid_type\n{pledge['reference']},DK,Another,military\n"
    found = send(table.encode())
    assert [one.code for one in found.report.errors] == ["version-required"]
    assert api.get(f"/v1/pledges/{pledge['id']}")["version"] == 1


def test_only_the_first_of_several_sources_is_in_a_table_and_the_others_stay(
    api: Api, client: TestClient, send: Callable[..., Finished]
) -> None:
    pledge = api.record_pledge(sources=SOURCES)
    send(csv_of(client).replace(b"https://www.fmn.dk/a", b"https://www.fmn.dk/c"))
    sources = api.get(f"/v1/pledges/{pledge['id']}")["sources"]
    assert [one["url"] for one in sources] == ["https://www.fmn.dk/c", "https://www.fmn.dk/b"]


def test_a_workbook_of_the_same_table_is_the_same(
    api: Api, client: TestClient, send: Callable[..., Finished]
) -> None:
    api.record_pledge(title="Package", announced_on="2023-11", sources=SOURCES[1:])
    found = send(workbook_of(csv_of(client)), name="pledges.xlsx")
    assert found.run.result.counts["unchanged"] == 1


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("B2", "=1+1", "formula-not-allowed"),
        ("D2", "#REF!", "cell-error"),
        ("D2", "1,000.00", "invalid-amount"),
        ("D2", -1, "negative-amount"),
        ("B2", 12345, "text-expected"),
        ("F2", "14/11/2023", "invalid-date"),
        ("B1", "name", "header"),
        ("B1", "donor", "header"),
    ],
)
def test_a_bad_cell_is_named_by_its_address(
    send: Callable[..., Finished], cell: str, value: str | int, code: str
) -> None:
    """B103, B104, B106, B108."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(("donor", "title", "aid_type", "amount", "currency", "announced_on"))
    sheet.append(("DK", "One", "military", 1000.5, "DKK", "2023-11-14"))
    sheet[cell] = value
    book.save(out)
    found = send(out.getvalue(), name="sent.xlsx")
    assert found.run.result.state is State.REFUSED
    assert (cell, code) in [(one.cell, one.code) for one in found.report.errors]
