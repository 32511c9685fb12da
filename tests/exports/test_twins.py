"""The twins of a table cannot differ: every format has the same rows, and its suffix and its media type agree."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zipfile import ZipFile

import pyarrow as pa
import pytest
from fastapi import FastAPI
from pyarrow import parquet
from starlette.testclient import TestClient

from app.csv_text import plain_text
from app.exports.formats import Format
from app.legislation import service as legislation
from app.legislation.domain import RecordVehicle
from app.representations import SUFFIX_OF
from tests.client import Api
from tests.clock import StoppedClock
from tests.inputs.routes import reads

VEHICLE: Final = UUID("018bcfe5-687b-7fff-8000-000000000001")
QUESTIONS: Final = (
    "/v1/totals{}?by=donor,aid_type,month&currency=native&measure=pledged",
    "/v1/totals{}?by=group&firm=true",
    "/v1/changes{}?from=1&measure=pledged",
    "/v1/pledges{}?sort=reference",
    "/v1/legislative-requests{}",
    "/v1/legislative-requests/pending{}?on=2026-11-01",
    "/v1/fx/rates{}?currency=USD,JPY&from=2023-11&to=2023-12&limit=500",
    "/v1/donors{}",
    "/v1/pledges/DK-2023-0001/history{}",
    "/v1/legislative-requests/US-LR-0001/history{}",
    f"/v1/vehicles/{VEHICLE}/history{{}}",
)
BESIDE_FEED: Final = ("/v1/entries{}", "/v1/entries{}?after=2&limit=3")
REQUEST: Final = {
    "donor": "US",
    "title": "Supplemental",
    "kind": "supplemental",
    "currency": "USD",
    "requested_on": "2023-10-20",
    "lines": [{"component": "military", "amount": "61.40"}, {"component": "humanitarian"}],
}


@pytest.fixture
def recorded(app: FastAPI, api: Api, clock: StoppedClock) -> Api:
    """Amounts of currencies with two and no decimals, unknown amounts and dates, and texts that look like formulas."""
    api.record_pledge(status="committed")
    api.record_pledge(title="=1+1", notes="Two,\nlines and 'quotes'", status="delivered")
    api.record_pledge(donor="JP", currency="JPY", amount="1000", announced_on=None)
    api.record_pledge(donor="DE", amount=None, currency=None, announced_on="2023")
    pledge = api.record_pledge(donor="KR", currency="KRW", amount="70", announced_on="2023-11")
    api.record_movement(pledge, "cancelled", amount="20", on="2024-01-05")
    assert api.post("/v1/legislative-requests", REQUEST).status_code == 201
    bill = RecordVehicle(vehicle_id=VEHICLE, jurisdiction="US", session="118", identifier="H.R. 1")
    with app.state.database.transaction() as session:
        legislation.record_vehicles(session, [bill], actor="desk", clock=clock)
    return api


def as_text(cell: Any) -> str:
    """A cell as CSV has it, so that a decimal of the same value is the same text."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case Decimal():
            return f"{cell.normalize():f}"
        case datetime():
            return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def plain_number(text: str) -> str:
    """A decimal text without zeros at its end."""
    return f"{Decimal(text).normalize():f}"


def read_csv(content: bytes) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return [{name: plain_text(cell) for name, cell in row.items()} for row in rows]


def read_rows(client: TestClient, question: str, form: Format) -> tuple[list[str], list[Any]]:
    """Columns and rows of a twin."""
    answer = client.get(question.format(f".{form}"))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == form.media_type
    match form:
        case Format.CSV:
            rows = read_csv(answer.content)
        case Format.ZIP:
            with ZipFile(io.BytesIO(answer.content)) as packed:
                [name] = [one for one in packed.namelist() if one != "datapackage.json"]
                rows = read_csv(packed.read(name))
        case Format.NDJSON:
            lines = answer.text.splitlines()
            rows = [
                {name: as_text(cell) for name, cell in json.loads(line).items()} for line in lines
            ]
        case _:
            table = parquet.read_table(io.BytesIO(answer.content))
            rows = [
                {name: as_text(cell) for name, cell in row.items()} for row in table.to_pylist()
            ]
    return list(rows[0]), rows


def numbers_alike(rows: list[dict[str, str]], numbers: set[str]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {
            name: plain_number(cell) if name in numbers and cell else cell
            for name, cell in row.items()
        }


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_format_has_the_same_rows(recorded: Api, client: TestClient, question: str) -> None:
    table = parquet.read_table(io.BytesIO(client.get(question.format(".parquet")).content))
    decimals = {field.name for field in table.schema if pa.types.is_decimal(field.type)}
    columns, rows = read_rows(client, question, Format.CSV)
    expected = list(numbers_alike(rows, decimals))
    assert expected
    for form in (Format.ZIP, Format.NDJSON, Format.PARQUET):
        named, found = read_rows(client, question, form)
        assert named == columns
        assert list(numbers_alike(found, decimals)) == expected


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_json_with_a_suffix_is_that_without(
    recorded: Api, client: TestClient, question: str
) -> None:
    with_suffix, without = client.get(question.format(".json")), client.get(question.format(""))
    assert with_suffix.content == without.content
    assert with_suffix.headers["content-type"] == "application/json"


def test_the_json_of_totals_explains_where_it_is_asked_to(
    recorded: Api, client: TestClient
) -> None:
    question = "/v1/totals{}?measure=pledged&explain=true"
    explained = client.get(question.format(".json"))
    assert explained.content == client.get(question.format("")).content
    assert explained.json()["explanation"]["cells"]


@pytest.mark.parametrize("path", ["/v1/pledges", "/v1/legislative-requests", "/v1/fx/rates"])
def test_the_json_of_a_list_has_all_items_on_one_page(
    recorded: Api, client: TestClient, path: str
) -> None:
    period = "&currency=USD&from=2023-11&to=2023-12" if path.endswith("rates") else ""
    listed: list[Any] = []
    address: str | None = f"{path}?limit=2{period}"
    while address:
        page = client.get(address)
        listed += page.json()["data"]
        address = page.links.get("next", {}).get("url")
    whole = client.get(f"{path}.json?limit=2{period}").json()
    assert whole["data"] == listed
    assert whole["next_cursor"] is None
    assert whole["meta"]["revision"] == 8


@pytest.mark.parametrize("question", QUESTIONS)
def test_media_type_and_suffix_give_the_same_bytes(
    recorded: Api, client: TestClient, question: str
) -> None:
    for form in (Format.CSV, Format.ZIP, Format.NDJSON, Format.PARQUET):
        accept = form.media_type.partition(";")[0]
        by_header = client.get(question.format(""), headers={"Accept": accept})
        by_suffix = client.get(question.format(f".{form}"))
        assert by_header.status_code == 200, by_header.text
        assert by_header.content == by_suffix.content
        assert by_header.headers["etag"] == by_suffix.headers["etag"]


def test_no_table_is_without_these_tests() -> None:
    asked = {one.partition("?")[0].removesuffix("{}") for one in (*QUESTIONS, *BESIDE_FEED)}
    tables = {one.path for one in reads() if one.path.endswith(".{suffix}")}
    assert {re.sub(r"/[A-Z]{2}-[^/]+/|/[0-9a-f-]{36}/", "/{}/", one) for one in asked} == {
        re.sub(r"/\{\w+\}/", "/{}/", one.removesuffix(".{suffix}")) for one in tables
    }


@pytest.mark.parametrize("question", BESIDE_FEED)
def test_the_journal_is_a_table_beside_its_feed(
    recorded: Api, client: TestClient, question: str
) -> None:
    columns, rows = read_rows(client, question, Format.CSV)
    for form in (Format.ZIP, Format.PARQUET):
        assert read_rows(client, question, form) == (columns, rows)
        accept = {"Accept": form.media_type}
        answer = client.get(question.format(""), headers=accept)
        assert answer.content == client.get(question.format(f".{form}")).content
    assert client.get(question.format(".json")).content == client.get(question.format("")).content
    # The feed holds the entries byte for byte; the table says the same of each of them.
    lines = client.get(question.format(".ndjson")).text.splitlines()
    feed = [json.loads(line) for line in lines]
    assert [row["leaf_hash"] for row in rows] == [line["leaf_hash"] for line in feed]
    for row, line in zip(rows, feed, strict=True):
        entry = line["payload"]
        assert {name: row[name] for name in ("id", "kind", "actor", "recorded_at")} == {
            name: entry[name] for name in ("id", "kind", "actor", "recorded_at")
        }
        assert row["reason"] == (entry["reason"] or "")
    assert any("title: =1+1" in row["changed"] for row in rows) or "after" in question


def test_a_history_has_a_row_for_each_field_that_changed(recorded: Api, client: TestClient) -> None:
    pledge = recorded.get("/v1/pledges/DK-2023-0002")
    recorded.amend_pledge(pledge, title="Plain", overlaps=["DK-2023-0001"], reason="a typo")
    _, rows = read_rows(client, "/v1/pledges/DK-2023-0002/history{}", Format.CSV)
    changed = [row for row in rows if row["version"] == "2"]
    assert {row["reason"] for row in changed} == {"a typo"}
    assert {(row["field"], row["before"], row["after"]) for row in changed} == {
        ("title", "=1+1", "Plain"),
        ("overlaps", "[]", '["DK-2023-0001"]'),
    }


# What each workbook shows, as tables.
DATA_OF_REPORTS: Final = {
    "summary": ("/v1/totals", "/v1/pledges", "/v1/legislative-requests/pending"),
    "timeline": ("/v1/totals",),
    "donor": ("/v1/totals", "/v1/pledges", "/v1/legislative-requests"),
    "changes": ("/v1/changes",),
    "legislation": ("/v1/legislative-requests", "/v1/legislative-requests/pending"),
    "pledges": ("/v1/pledges",),
    "journal": ("/v1/entries",),
}


def test_the_data_of_every_report_can_be_had_in_every_format(
    recorded: Api, client: TestClient
) -> None:
    reports = {
        found[1] for one in reads() if (found := re.fullmatch(r"/v1/reports/(\w+)\.xlsx", one.path))
    }
    assert reports == DATA_OF_REPORTS.keys()
    for path in {one for paths in DATA_OF_REPORTS.values() for one in paths}:
        question = "?from=1" if path == "/v1/changes" else ""
        for form in Format:
            assert client.get(f"{path}.{form}{question}").status_code == 200


def test_whatever_has_a_suffix_can_be_asked_for_by_media_type(
    recorded: Api, client: TestClient
) -> None:
    needed = {"/v1/reports/donor": "?donor=DK", "/v1/reports/changes": "?from=1"}
    pairs = [
        (media, one.path, one.path.removesuffix(suffix))
        for media, suffix in SUFFIX_OF.items()
        for one in reads()
        # What already has a suffix, as the workbook of a checksum, has one representation.
        if one.path.endswith(suffix) and not one.path.endswith(".xlsx.sha256")
    ]
    pairs = [(media, path, base) for media, path, base in pairs if "{" not in path]
    assert len(pairs) > len(DATA_OF_REPORTS)
    for media, path, base in pairs:
        question = needed.get(base, "")
        by_suffix = client.get(path + question)
        by_header = client.get(base + question, headers={"Accept": media})
        assert (by_suffix.status_code, by_header.status_code) == (200, 200), path
        assert by_header.headers["content-type"].partition(";")[0] == media
        assert by_header.headers.get("etag") == by_suffix.headers.get("etag")
        if not path.startswith("/v1/reports/"):
            # A workbook has the moment of its making on its cover.
            assert by_header.content == by_suffix.content


def test_parquet_holds_decimals_days_and_codes(recorded: Api, client: TestClient) -> None:
    content = client.get("/v1/pledges.parquet?sort=reference").content
    table = parquet.read_table(io.BytesIO(content))
    assert table.schema.field("amount").type == pa.decimal128(38, 4)
    assert table.schema.field("donor").type == pa.dictionary(pa.int32(), pa.string())
    assert table.schema.field("recorded_at").type == pa.timestamp("us", tz="UTC")
    assert not table.schema.field("title").nullable
    amounts = dict(zip(table["donor"].to_pylist(), table["amount"].to_pylist(), strict=True))
    assert amounts == {
        "DE": None, "DK": Decimal(1000), "JP": Decimal(1000), "KR": Decimal(70),
    }  # fmt: skip
    rates = client.get("/v1/fx/rates.parquet?currency=USD&from=2023-11-14&to=2023-11-14").content
    [rate] = parquet.read_table(io.BytesIO(rates)).to_pylist()
    # The European Central Bank's reference rate of 14 November 2023.
    assert (rate["on"], rate["rate"]) == (date(2023, 11, 14), Decimal("1.0724"))


def test_parquet_says_of_which_ledger_it_is(recorded: Api, client: TestClient) -> None:
    content = client.get("/v1/totals.parquet?as_of=2&donor=DK").content
    said = json.loads(parquet.read_schema(io.BytesIO(content)).metadata[b"aidledger"])
    assert said["ledger"] == client.get("/v1/donors?as_of=2").json()["meta"]
    assert said["question"] == {"path": "/v1/totals.parquet", "as_of": "2", "donor": "DK"}
    assert said["conversion"]["currency"] == "EUR"
    assert client.get("/v1/totals.parquet?as_of=2&donor=DK").content == content


def test_a_large_table_is_written_a_group_at_a_time(
    recorded: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = parquet.read_table(io.BytesIO(client.get("/v1/pledges.parquet").content))
    monkeypatch.setattr("app.exports.parquet.ROW_GROUP", 2)
    content = client.get("/v1/pledges.parquet").content
    assert parquet.ParquetFile(io.BytesIO(content)).num_row_groups == 3
    assert parquet.read_table(io.BytesIO(content)).to_pylist() == whole.to_pylist()


def test_without_the_extra_parquet_is_not_acceptable_and_says_why(
    recorded: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exports.parquet.find_spec", lambda _name: None)
    accept = {"Accept": "application/vnd.apache.parquet"}
    for answer in (client.get("/v1/totals.parquet"), client.get("/v1/totals", headers=accept)):
        assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
        assert "aidledger[parquet]" in answer.json()["detail"]


def test_an_empty_table_is_a_table(client: TestClient) -> None:
    for form in Format:
        assert client.get(f"/v1/pledges.{form}").status_code == 200
    assert client.get("/v1/pledges.json").json()["data"] == []
    assert client.get("/v1/pledges.ndjson").content == b""
    content = client.get("/v1/pledges.parquet").content
    assert parquet.read_table(io.BytesIO(content)).num_rows == 0
