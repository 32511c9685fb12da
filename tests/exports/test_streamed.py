"""Promise: the workbooks of pledges and of the journal hold everything, agree with the API, and can be checked.

They are read back with openpyxl; sums are those of ``/v1/totals``, hashes those of ``/v1/entries``.
"""

import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from openpyxl import load_workbook
from starlette.testclient import TestClient

from app.exports.blocks import BlockFolder
from app.journal import service as journal
from app.pledges import service as pledges
from reports import journal as journal_report
from reports.kit.archive import pack_block
from tests.client import Api

PLEDGES = "/v1/reports/pledges.xlsx"
JOURNAL = "/v1/reports/journal.xlsx"


def fetch(client: TestClient, path: str, **query: Any) -> Response:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer


def rows(answer: Response, tab: str) -> list[dict[str, Any]]:
    book = load_workbook(io.BytesIO(answer.content))
    [table] = book[tab].tables.values()
    head, *body = book[tab][table.ref]
    return [
        dict(zip([cell.value for cell in head], [cell.value for cell in row], strict=True))
        for row in body
    ]


def record_some(api: Api) -> None:
    source = {"url": "https://www.fmn.dk/en/news/2023/", "title": "News", "kind": "official"}
    other = {"url": "https://www.example.org/2", "kind": "media"}
    first = api.record_pledge(
        reference="DK-1", title="=SUM(A1) & Söhne", sources=[source, other], notes="two\nlines"
    )
    api.record_movement(first, "delivered", amount="400.00", on="2023-12-01")
    api.record_pledge(reference="NO-1", donor="NO", currency="NOK", announced_on="2023-06")
    api.record_pledge(reference="US-F", donor="US", currency="USD", instrument="authority")
    api.record_pledge(reference="EU-U", donor="EU", amount=None, currency=None)
    api.amend_pledge(api.get("/v1/pledges/" + first["id"]), title="Package 13")


def test_every_pledge_is_in_the_workbook_with_its_stages_converted(
    api: Api, client: TestClient
) -> None:
    record_some(api)
    answer = fetch(client, PLEDGES)
    listed = {row["Reference"]: row for row in rows(answer, "Pledges")}
    assert list(listed) == ["DK-1", "EU-U", "NO-1", "US-F"]
    assert answer.headers["aid-ledger-rows"] == "4"
    denmark = listed["DK-1"]
    assert (denmark["Title"], denmark["Donor"], denmark["Amount"]) == (
        "Package 13",
        "Denmark",
        1000,
    )
    assert denmark["Other source addresses"] == "https://www.example.org/2"
    assert listed["EU-U"]["Pledged, EUR"] is None
    assert [row["In totals"] for row in listed.values()] == ["Yes", "Yes", "Yes", "No"]
    for measure in ("pledged", "committed", "allocated", "delivered"):
        [total] = api.get("/v1/totals", measure=measure, by="currency", currency="EUR", donor="DK")[
            "data"
        ]
        assert denmark[f"{measure.capitalize()}, EUR"] == float(total["amount"])


def test_the_stages_are_those_of_the_summary(api: Api, client: TestClient) -> None:
    record_some(api)
    names = [f"{stage}, USD" for stage in ("Pledged", "Committed", "Allocated", "Delivered")]
    summary = rows(fetch(client, "/v1/reports/summary.xlsx", currency="USD"), "Pledges")
    full = rows(fetch(client, PLEDGES, currency="USD"), "Pledges")
    assert {row["Reference"]: [row[name] for name in names] for row in full} == {
        row["Reference"]: [row[name] for name in names] for row in summary
    }


def test_filters_choose_the_pledges(api: Api, client: TestClient) -> None:
    record_some(api)
    chosen = rows(fetch(client, PLEDGES, donor="NO,DK", undated="false"), "Pledges")
    assert [row["Reference"] for row in chosen] == ["DK-1", "NO-1"]
    [nothing] = rows(fetch(client, PLEDGES, donor="SE"), "Pledges")
    assert nothing["Reference"] == "No pledges match these filters."
    assert fetch(client, PLEDGES, donor="SE").headers["aid-ledger-rows"] == "0"


def test_a_missing_rate_is_told_before_anything_is_sent(api: Api, client: TestClient) -> None:
    wrong = api.record_pledge(reference="RU-1", currency="RUB", announced_on="2023-01-10")
    answer = client.get(PLEDGES)
    assert answer.status_code == 422
    assert [one["code"] for one in answer.json()["errors"]] == ["no-exchange-rate"]
    # What was taken back needs no rate.
    api.amend_pledge(wrong, currency="EUR")
    [listed] = rows(fetch(client, PLEDGES), "Pledges")
    assert listed["Pledged, EUR"] == 1000


def test_every_entry_is_in_the_journal(api: Api, client: TestClient) -> None:
    record_some(api)
    answer = fetch(client, JOURNAL)
    listed = rows(answer, "Journal")
    entries = api.get("/v1/entries")["data"]
    assert [row["Leaf hash"] for row in listed] == [entry["leaf_hash"] for entry in entries]
    assert [row["Kind"] for row in listed] == [entry["kind"] for entry in entries]
    assert answer.headers["aid-ledger-rows"] == str(len(entries)) == "6"
    amended = listed[-1]
    assert amended["Reason"] == "it was so"
    assert amended["What changed"] == "title: =SUM(A1) & Söhne → Package 13"
    assert listed[0]["What changed"].startswith("aid_type: military; amount: 1000.00; ")


def test_the_past_stays_as_it_was(api: Api, client: TestClient) -> None:
    record_some(api)
    before = [fetch(client, path, as_of="3").content for path in (PLEDGES, JOURNAL)]
    api.record_pledge(reference="DE-1")
    assert before == [fetch(client, path, as_of="3").content for path in (PLEDGES, JOURNAL)]


@pytest.mark.parametrize("path", [PLEDGES, JOURNAL])
def test_the_checksum_is_that_of_the_file(api: Api, client: TestClient, path: str) -> None:
    record_some(api)
    known = fetch(client, f"{path}.sha256")
    file = fetch(client, path)
    name = file.headers["content-disposition"].partition('"')[2].rstrip('"')
    assert known.text == f"{hashlib.sha256(file.content).hexdigest()}  {name}\n"
    assert known.headers["content-type"].startswith("text/plain")
    for header in ("aid-ledger-rows", "aid-ledger-revision"):
        assert known.headers[header] == file.headers[header]
    held = client.get(path, headers={"If-None-Match": file.headers["etag"]})
    assert held.status_code == 304


def test_a_journal_that_has_grown_takes_its_kept_blocks_again(
    api: Api, client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_report, "BLOCK_ROWS", 2)
    record_some(api)
    first = fetch(client, JOURNAL)
    kept = sorted(app.state.exports.folder.glob("*.block"))
    assert len(kept) == 3
    read: list[tuple[int, int]] = []
    entries = journal.list_entries

    def watched(session: Any, *, after: int, until: int, limit: int) -> Any:
        read.append((after, until))
        return entries(session, after=after, until=until, limit=limit)

    monkeypatch.setattr(journal, "list_entries", watched)
    api.record_pledge(reference="DE-1")
    grown = fetch(client, JOURNAL)
    assert read == [(6, 7)]
    monkeypatch.undo()
    assert rows(grown, "Journal")[:6] == rows(first, "Journal")
    assert len(rows(grown, "Journal")) == 7


def test_a_transfer_that_fails_is_never_taken_for_whole(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_some(api)
    counted = pledges.count_pledges

    def one_too_many(*given: Any) -> Any:
        return counted(*given) + 1

    monkeypatch.setattr(pledges, "count_pledges", one_too_many)
    answer = client.get(PLEDGES)
    # The server breaks the connection off; and what came before is no archive, for its directory comes last.
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(answer.content))


def test_a_block_comes_back_as_it_was(tmp_path: Path) -> None:
    folder = BlockFolder(tmp_path)
    block = pack_block([b"rows"])
    assert folder.find("a") is None
    folder.keep("a", block)
    assert folder.find("a") == block
    (tmp_path / "b.block").write_bytes(b"short")
    assert folder.find("b") is None


def test_the_blocks_that_were_not_asked_for_the_longest_go_first(tmp_path: Path) -> None:
    block = pack_block([bytes(range(256)) * 4])
    room = len(block.packed) + 16
    folder = BlockFolder(tmp_path, max_bytes=2 * room)
    for age, key in enumerate("ab"):
        folder.keep(key, block)
        os.utime(tmp_path / f"{key}.block", (age, age))
    assert folder.find("a") == block
    folder.keep("c", block)
    assert [key for key in "abc" if folder.find(key)] == ["a", "c"]
    assert len(list(tmp_path.iterdir())) == 2
