"""A data package holds the CSV twin to the byte, and says which ledger it is of."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient

from tests.client import Api

TWINS = {
    "totals": "/v1/totals{}?by=donor,month&as_of=2",
    "changes-r1": "/v1/changes{}?from=1&to=2&measure=pledged",
    "pledges": "/v1/pledges{}?donor=DK&as_of=2",
    "pending": "/v1/legislative-requests/pending{}?on=2026-11-01&as_of=2",
}


def unpack(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The descriptor, and the files beside it."""
    with ZipFile(io.BytesIO(content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    return json.loads(files.pop("datapackage.json")), files


@pytest.fixture
def recorded(api: Api) -> Api:
    api.record_pledge(status="committed")
    api.record_pledge(title="=1+1", notes="Two,\nlines", status="delivered")
    api.record_pledge(donor="NO", currency="NOK")
    return api


@pytest.mark.parametrize("name", TWINS)
def test_the_package_is_the_table_and_says_of_which_ledger(
    recorded: Api, client: TestClient, name: str
) -> None:
    answer = client.get(TWINS[name].format(".zip"))
    assert answer.status_code == 200, answer.text
    assert f'filename="{name}-r2.zip"' in answer.headers["Content-Disposition"]
    twin = client.get(TWINS[name].format(".csv"))
    descriptor, files = unpack(answer.content)
    [resource] = descriptor["resources"]
    assert files == {resource["path"]: twin.content}
    assert resource["hash"] == f"sha256:{sha256(twin.content).hexdigest()}"
    assert resource["bytes"] == len(twin.content)
    columns = next(csv.reader(io.StringIO(twin.text)))
    assert [field["name"] for field in resource["schema"]["fields"]] == columns
    meta = client.get("/v1/donors?as_of=2").json()["meta"]
    assert descriptor["ledger"] == meta
    assert meta["checkpoint"]["size"] == 2
    assert descriptor["question"]["path"] == TWINS[name].format(".zip").partition("?")[0]


@pytest.mark.parametrize("name", TWINS)
def test_every_cell_is_of_the_type_that_is_said(
    recorded: Api, client: TestClient, name: str
) -> None:
    descriptor, files = unpack(client.get(TWINS[name].format(".zip")).content)
    [resource] = descriptor["resources"]
    readers: dict[str, Callable[[str], object]] = {
        "integer": int,
        "number": float,
        "string": str,
        "date": date.fromisoformat,
        "datetime": datetime.fromisoformat,
    }
    for row in csv.DictReader(io.StringIO(files[resource["path"]].decode())):
        for field in resource["schema"]["fields"]:
            value = row[field["name"]]
            assert value == "" or readers[field["type"]](value) is not None


def test_the_same_question_gives_the_same_bytes(recorded: Api, client: TestClient) -> None:
    first = client.get("/v1/pledges.zip?as_of=2")
    recorded.record_pledge()
    again = client.get("/v1/pledges", params={"as_of": "2"}, headers={"Accept": "application/zip"})
    assert unpack(again.content)[1] == unpack(first.content)[1]
    assert client.get("/v1/pledges.zip?as_of=2").content == first.content


def test_a_package_too_large_for_memory_is_whole(
    recorded: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exports.api.answers._IN_MEMORY", 1)
    monkeypatch.setattr("app.exports.api.answers._PIECE", 7)
    answer = client.get("/v1/pledges.zip")
    assert len(answer.content) == int(answer.headers["Content-Length"])
    assert list(unpack(answer.content)[1]) == ["pledges.csv"]
