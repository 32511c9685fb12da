"""Promise: a report that takes long is ordered, every process knows how far it is, and its file stays for a day."""

import hashlib
import io
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from openpyxl import load_workbook
from starlette.testclient import TestClient

from app.exports import jobs as report_jobs
from app.exports import store
from app.exports.domain import JobState
from app.exports.jobs import ReportJobs
from app.main import create_app
from app.settings import Settings
from reports.kit.stream import StreamedBook
from tests.client import Api
from tests.clock import StoppedClock

ORDER = "/v1/reports/journal/jobs"
HASTY = {"Prefer": "respond-async"}


def order(client: TestClient, path: str = ORDER, **headers: str) -> Response:
    return client.post(path, headers=headers)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Reports are made once it is set."""
    opened, pieces = threading.Event(), StreamedBook.pieces

    def slow(self: StreamedBook, *given: Any) -> Iterator[bytes]:
        opened.wait(30)
        yield from pieces(self, *given)

    monkeypatch.setattr(StreamedBook, "pieces", slow)
    yield opened
    opened.set()


def finish(client: TestClient, app: FastAPI, job: dict[str, Any]) -> dict[str, Any]:
    app.state.report_jobs._executor.shutdown()
    found: dict[str, Any] = client.get(f"/v1/report-jobs/{job['id']}").json()
    return found


def test_what_is_made_quickly_is_answered_at_once(api: Api, client: TestClient) -> None:
    api.record_pledge()
    answer = order(client)
    job = answer.json()
    assert (answer.status_code, job["state"]) == (200, "done")
    assert (job["rows"], job["rows_done"], job["revision"]) == (1, 1, 1)
    file = client.get(job["file"])
    assert hashlib.sha256(file.content).hexdigest() == job["sha256"]
    assert len(file.content) == job["size"] == int(file.headers["content-length"])
    assert file.content == client.get("/v1/reports/journal.xlsx").content
    assert job["file_name"] in file.headers["content-disposition"]


def test_an_order_has_the_parameters_of_the_workbook(api: Api, client: TestClient) -> None:
    api.record_pledge(donor="NO", currency="NOK")
    api.record_pledge()
    job = order(client, "/v1/reports/pledges/jobs?donor=NO&currency=USD").json()
    assert (job["rows"], job["question"]) == (1, {"donor": "NO", "currency": "USD"})
    direct = client.get("/v1/reports/pledges.xlsx?currency=USD&donor=NO").content
    assert client.get(job["file"]).content == direct
    refused = order(client, "/v1/reports/pledges/jobs?donor=XX&currency=XXX")
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("report", "query"),
    [
        ("summary", "currency=USD"),
        ("timeline", "measure=delivered"),
        ("donor", "donor=DK"),
        ("changes", "from=1"),
        ("legislation", "donor=US"),
        ("pledges", "donor=DK"),
        ("journal", ""),
    ],
)
def test_every_report_can_be_ordered_fetched_and_checked(
    api: Api, client: TestClient, report: str, query: str
) -> None:
    api.record_pledge()
    api.record_pledge(donor="NO", currency="NOK")
    address = f"/v1/reports/{report}.xlsx?{query}"
    direct = client.get(address)
    job = order(client, f"/v1/reports/{report}/jobs?{query}").json()
    assert (job["state"], job["report"]) == ("done", report)
    assert client.get(job["file"]).content == direct.content
    told = client.get(address.replace(".xlsx", ".xlsx.sha256"))
    assert told.text == f"{hashlib.sha256(direct.content).hexdigest()}  {job['file_name']}\n"
    assert job["file_name"] in direct.headers["content-disposition"]
    assert {
        direct.headers["aid-ledger-rows"],
        told.headers["aid-ledger-rows"],
        str(job["rows"]),
        str(job["rows_done"]),
    } == {str(count_rows(direct.content))}
    held = client.get(address, headers={"If-None-Match": direct.headers["etag"]})
    assert held.status_code == 304


def count_rows(content: bytes) -> int:
    """Rows of all native tables but those that say that there are none."""
    book = load_workbook(io.BytesIO(content))
    cells = [
        [cell.value for cell in row]
        for sheet in book
        for table in sheet.tables.values()
        for row in sheet[table.ref][1:]
    ]
    return sum(
        1 for row in cells if not (isinstance(row[0], str) and " " in row[0] and not any(row[1:]))
    )


def test_what_the_report_would_refuse_is_told_by_the_job(api: Api, client: TestClient) -> None:
    api.record_pledge(currency="RUB", announced_on="2023-01-10")
    job = order(client, "/v1/reports/summary/jobs").json()
    refused = client.get("/v1/reports/summary.xlsx").json()
    assert (job["state"], job["problem"]["code"]) == ("failed", refused["code"])
    assert job["problem"]["errors"] == refused["errors"]


def test_a_file_shows_the_ledger_of_its_order_whatever_comes_after(
    api: Api, client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.record_pledge()
    before = client.get("/v1/reports/summary.xlsx").content
    run = ReportJobs._run

    def later(self: ReportJobs, *given: Any) -> None:
        api.record_pledge()
        run(self, *given)

    monkeypatch.setattr(ReportJobs, "_run", later)
    job = order(client, "/v1/reports/summary/jobs").json()
    assert client.get(job["file"]).content == before


def test_whoever_does_not_wait_is_told_where_to_ask(
    api: Api, client: TestClient, app: FastAPI, gate: threading.Event
) -> None:
    api.record_pledge()
    answer = order(client, **HASTY)
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "respond-async"
    address = answer.headers["location"]
    asked = client.get(address)
    assert asked.json()["state"] in {"waiting", "running"}
    assert asked.headers["retry-after"] == "2"
    early = client.get(f"{address}.xlsx")
    assert (early.status_code, early.json()["code"]) == (409, "report-not-ready")
    gate.set()
    assert finish(client, app, answer.json())["state"] == "done"


def test_the_same_order_is_the_same_job(api: Api, client: TestClient) -> None:
    api.record_pledge()
    first, again = order(client).json(), order(client).json()
    assert first == again
    api.record_pledge()
    assert order(client).json()["id"] != first["id"]


def test_too_many_orders_are_told_to_come_again(
    api: Api, client: TestClient, gate: threading.Event
) -> None:
    for _ in range(report_jobs.PLACES + report_jobs.QUEUE):
        api.record_pledge()
        assert order(client, **HASTY).status_code == 202
    api.record_pledge()
    answer = order(client, **HASTY)
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    gate.set()


def test_every_process_can_tell(
    api: Api, app: FastAPI, client: TestClient, clock: StoppedClock, tmp_path: Path
) -> None:
    api.record_pledge()
    job = order(client).json()
    url = app.state.settings.database_url
    other = create_app(Settings(database_url=url, export_folder=tmp_path / "other"), clock)
    with TestClient(other) as asking:
        assert asking.get(f"/v1/report-jobs/{job['id']}").json() == job
        # The file is in the first one's own folder.
        assert asking.get(job["file"]).status_code == 404
        assert order(asking).json()["id"] != job["id"]


def test_processes_that_share_a_folder_share_the_files(
    api: Api, app: FastAPI, clock: StoppedClock, tmp_path: Path
) -> None:
    api.record_pledge()
    settings = Settings(
        database_url=app.state.settings.database_url, export_folder=tmp_path / "all"
    )
    with (
        TestClient(create_app(settings, clock)) as one,
        TestClient(create_app(settings, clock)) as other,
    ):
        job = order(one).json()
        assert other.get(job["file"]).content == one.get(job["file"]).content
        assert order(other).json() == job


def test_a_job_whose_process_died_is_lost(
    api: Api, client: TestClient, app: FastAPI, clock: StoppedClock, gate: threading.Event
) -> None:
    api.record_pledge()
    job = order(client, **HASTY).json()
    # Once it knows how many rows there are, it says nothing more before the first of them.
    while client.get(f"/v1/report-jobs/{job['id']}").json()["rows"] == 0:
        time.sleep(0.01)
    clock.advance(timedelta(minutes=16))
    assert client.get(f"/v1/report-jobs/{job['id']}").json()["state"] == "lost"
    gate.set()


def test_a_process_that_stops_says_that_its_jobs_are_lost(
    api: Api, app: FastAPI, client: TestClient, clock: StoppedClock, gate: threading.Event
) -> None:
    database, ids = app.state.database, []
    jobs = ReportJobs(database, clock, app.state.exports)
    app.state.report_jobs = jobs
    for _ in range(report_jobs.PLACES + 1):
        api.record_pledge()
        ids.append(order(client, **HASTY).json()["id"])
    closing = threading.Thread(target=jobs.close)
    closing.start()
    gate.set()
    closing.join()
    with database.reading() as session:
        states = [job.state for job in store.list_jobs(session, clock.now())]
    assert states == [JobState.LOST] * len(ids)


def test_what_goes_wrong_is_told(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Iterator[bytes]:
        raise OSError("No space left on device")

    api.record_pledge()
    monkeypatch.setattr(StreamedBook, "pieces", broken)
    job = order(client).json()
    assert (job["state"], job["file"]) == ("failed", None)
    assert job["problem"]["code"] == "unavailable"
    assert client.get(f"/v1/report-jobs/{job['id']}.xlsx").status_code == 409
    monkeypatch.undo()
    # A failure is not remembered as an answer.
    assert order(client).json()["state"] == "done"


def test_jobs_and_files_go_after_a_day(
    api: Api, client: TestClient, app: FastAPI, clock: StoppedClock
) -> None:
    api.record_pledge()
    job = order(client).json()
    clock.advance(timedelta(days=1))
    assert client.get(f"/v1/report-jobs/{job['id']}").status_code == 404
    api.record_pledge()
    later = order(client).json()
    kept = [path.stem for path in app.state.exports.folder.glob("*.xlsx")]
    assert kept == [later["id"]]


@pytest.mark.parametrize("name", ["nothing", "00000000-0000-4000-8000-000000000000"])
def test_what_was_never_ordered_is_not_found(client: TestClient, name: str) -> None:
    assert client.get(f"/v1/report-jobs/{name}").status_code == 404
    assert client.get(f"/v1/report-jobs/{name}.xlsx").status_code == 404
