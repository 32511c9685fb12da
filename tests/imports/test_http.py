"""A file goes in by HTTP: what became of it is answered, or can be asked for, by whoever may record it."""

import io
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from starlette.testclient import TestClient

from app.access.domain import Role
from app.imports import api as routes
from app.imports import jobs as jobs_module
from app.imports import runs
from app.imports.domain.jobs import KEPT, LEASE
from app.imports.files import reading
from app.imports.layouts import WIDEST
from app.settings import Settings
from tests.application import make_app
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.imports.sending import BAD, ONE, TWO, XLSX, read, send, table, workbook
from tests.inputs.ledger import read_problem


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Imports that wait for this event, and callers that do not wait for imports."""
    go = Event()

    def wait(*args: Any, **options: Any) -> Any:
        go.wait(30)
        return runs.run_import(*args, **options)

    monkeypatch.setattr(jobs_module, "run_import", wait)
    monkeypatch.setattr(routes, "WAIT_SECONDS", 0)
    yield go
    go.set()


def settled(api: Api, address: str) -> dict[str, Any]:
    """The import, once nothing more happens to it."""
    for _ in range(300):
        body: dict[str, Any] = read(api, address)
        if body["state"] not in {"waiting", "running"}:
            return body
        time.sleep(0.05)
    pytest.fail("it never ends")


def test_a_table_is_recorded_once(api: Api) -> None:
    first = send(api, table(ONE, TWO), label="Desk list")
    body = first.json()
    assert (first.status_code, body["state"]) == (201, "recorded")
    assert (body["first_revision"], body["last_revision"]) == (1, 2)
    assert (body["file_name"], body["label"]) == ("pledges.csv", "Desk list")
    assert first.headers["Location"] == f"/v1/imports/{body['id']}"
    assert read(api, first.headers["Location"]) == body
    again = send(api, table(ONE, TWO))
    assert (again.status_code, again.json()) == (200, body)
    assert len(api.get("/v1/pledges")["data"]) == 2


def test_a_dry_run_says_what_would_be_and_records_nothing(api: Api) -> None:
    answer = send(api, table(ONE, BAD), dry_run="true")
    body = answer.json()
    assert (answer.status_code, body["state"], body["first_revision"]) == (200, "proposed", None)
    assert (body["counts"]["new"], body["counts"]["refused"]) == (1, 1)
    assert api.get("/v1/pledges")["data"] == []
    rows = read(api, f"/v1/imports/{body['id']}/report")["data"]
    assert [(row["row"], row["outcome"]) for row in rows] == [(2, "new"), (3, "refused")]


def test_one_bad_row_refuses_the_file_and_the_refusal_names_its_cells(api: Api) -> None:
    answer = send(api, table(ONE, BAD))
    problem = read_problem(answer)
    assert (answer.status_code, problem["code"]) == (422, "validation-failed")
    assert [(one["pointer"], one["row"], one["cell"], one["code"]) for one in problem["errors"]] == [
        ("/file", 3, "H3", "invalid-date"), ("/file", 3, "C3", "unknown-donor"),
    ]  # fmt: skip
    assert api.get("/v1/pledges")["data"] == []
    assert read(api, problem["import"])["state"] == "refused"
    rows = read(api, f"{problem['import']}/report")["data"]
    assert rows[1]["findings"][0]["raw"] == "2023-13"


def test_the_good_rows_are_recorded_where_that_is_asked_for(api: Api) -> None:
    answer = send(api, table(ONE, BAD), skip_bad_rows="true")
    assert (answer.status_code, answer.json()["counts"]["refused"]) == (201, 1)
    assert [one["reference"] for one in api.get("/v1/pledges")["data"]] == ["DK-X-1"]


def test_the_history_of_a_pledge_tells_why_it_was_changed(api: Api) -> None:
    send(api, table(ONE))
    changed = ("DK-X-1", 1, "DK", "Package 1", *ONE[4:])
    assert send(api, table(changed), reason="The ministry renamed it.").status_code == 201
    [_, entry] = api.get("/v1/pledges/DK-X-1/history")["data"]
    assert (entry["reason"], entry["actor"]) == (
        "The ministry renamed it.", "contributor of the tests",
    )  # fmt: skip


def test_a_report_comes_in_pages_and_as_csv(api: Api) -> None:
    rows = [(f"X-{number}", *ONE[1:]) for number in range(5)]
    address = send(api, table(*rows)).headers["Location"]
    first = read(api, f"{address}/report", limit=3)
    second = read(api, f"{address}/report", limit=3, cursor=first["next_cursor"])
    assert [row["row"] for row in first["data"] + second["data"]] == [2, 3, 4, 5, 6]
    assert second["next_cursor"] is None
    for path, accept in ((f"{address}/report.csv", "*/*"), (f"{address}/report", "text/csv")):
        answer = api.client.get(path, headers=api.headers | {"Accept": accept})
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert len(answer.text.splitlines()) == 6


@pytest.mark.parametrize(("order", "status"), [({}, 422), ({"dry_run": "true"}, 200)])
def test_a_workbook_comes_back_with_comments_beside_its_cells(
    api: Api, order: dict[str, str], status: int
) -> None:
    answer = send(api, workbook(ONE, BAD), "pledges.xlsx", **order)
    assert answer.status_code == status
    body = answer.json()
    address = body["import"] if status == 422 else f"/v1/imports/{body['id']}"
    report = api.client.get(f"{address}/report.xlsx", headers=api.headers)
    assert report.headers["Content-Type"] == XLSX
    sheet = load_workbook(io.BytesIO(report.content)).active
    assert sheet is not None
    told = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert told == {"C3", "H3"}


def test_a_workbook_is_kept_for_a_day(api: Api, clock: StoppedClock) -> None:
    address = send(api, workbook(ONE), "pledges.xlsx").headers["Location"]
    path = f"{address}/report.xlsx"
    assert api.client.get(path, headers=api.headers).status_code == 200
    clock.advance(KEPT)
    answer = api.client.get(path, headers=api.headers)
    assert (answer.status_code, read_problem(answer)["code"]) == (404, "no-workbook")
    assert read(api, address)["state"] == "recorded"


def test_a_table_of_text_has_no_workbook(api: Api) -> None:
    address = send(api, table(ONE)).headers["Location"]
    answer = api.client.get(f"{address}/report.xlsx", headers=api.headers)
    assert (answer.status_code, read_problem(answer)["code"]) == (404, "no-workbook")


def test_the_oldest_workbooks_go_where_there_are_too_many(
    api: Api, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = workbook(ONE)
    monkeypatch.setattr("app.imports.job_store.MAX_KEPT_BYTES", len(content) * 3 // 2)
    found = []
    for number in range(2):
        clock.advance(timedelta(seconds=1))
        answer = send(api, workbook((f"X-{number}", *ONE[1:])), "pledges.xlsx")
        found.append(answer.headers["Location"])
    statuses = [
        api.client.get(f"{address}/report.xlsx", headers=api.headers).status_code
        for address in found
    ]
    assert statuses == [404, 200]


def test_imports_are_listed_the_newest_first(api: Api, clock: StoppedClock) -> None:
    sent = [table(ONE), table(TWO), table(BAD), table(("X-1", *ONE[1:])), b"PK\x03\x04"]
    for content in sent:
        clock.advance(timedelta(seconds=1))
        send(api, content)
    found, cursor = [], None
    while True:
        page = read(api, "/v1/imports", limit=2, **({"cursor": cursor} if cursor else {}))
        found += [one["state"] for one in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ["refused", "recorded", "refused", "recorded", "recorded"]
    clock.advance(KEPT)
    assert [one["state"] for one in read(api, "/v1/imports")["data"]] == ["recorded"] * 3


def test_whoever_prefers_not_to_wait_is_told_where_to_ask(api: Api, slow: Event) -> None:
    answer = send(api, table(ONE), prefer="respond-async, wait=5")
    body = answer.json()
    assert (answer.status_code, body["state"]) == (202, "waiting")
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert answer.headers["Location"] == f"/v1/imports/{body['id']}"
    asked = api.client.get(answer.headers["Location"], headers=api.headers)
    assert asked.json()["state"] in {"waiting", "running"}
    assert int(asked.headers["Retry-After"]) > 0
    slow.set()
    assert settled(api, answer.headers["Location"])["first_revision"] == 1


def test_what_takes_long_is_told_later(api: Api, slow: Event) -> None:
    for content, state in ((table(ONE), "recorded"), (table(BAD), "refused"), (b"", "refused")):
        slow.clear()
        answer = send(api, content)
        assert answer.status_code == 202
        assert "Preference-Applied" not in answer.headers
        slow.set()
        found = settled(api, answer.headers["Location"])
        assert found["state"] == state
    assert found["problem"]["code"] == "unsupported-workbook"
    assert (found["problem"]["status"], found["counts"]) == (415, None)


def test_any_process_can_tell_what_became_of_a_file(
    app: FastAPI, api: Api, clock: StoppedClock, slow: Event
) -> None:
    address = send(api, table(ONE)).headers["Location"]
    settings: Settings = app.state.settings
    with TestClient(make_app(settings, clock)) as another:
        there = Api(another, api.headers["Authorization"].removeprefix("Bearer "))
        assert read(there, address)["state"] in {"waiting", "running"}
        slow.set()
        assert settled(there, address)["state"] == "recorded"


def test_a_job_whose_process_died_is_lost_and_not_under_way_for_ever(
    app: FastAPI, api: Api, clock: StoppedClock, slow: Event
) -> None:
    address = send(api, table(ONE)).headers["Location"]
    clock.advance(LEASE)
    assert read(api, address)["state"] in {"waiting", "running"}
    clock.advance(timedelta(seconds=1))
    assert read(api, address)["state"] == "lost"
    assert [one["state"] for one in read(api, "/v1/imports")["data"]] == ["lost"]


def test_a_job_that_never_began_is_lost_when_its_process_stops(
    app: FastAPI, api: Api, slow: Event
) -> None:
    found = [send(api, table((f"X-{number}", *ONE[1:]))).headers["Location"] for number in range(3)]
    jobs = app.state.import_jobs
    jobs._executor.shutdown(wait=False, cancel_futures=True)
    slow.set()
    assert [settled(api, address)["state"] for address in found] == ["recorded", "recorded", "lost"]


def test_only_so_many_files_wait_and_the_next_is_told_to_come_again(api: Api, slow: Event) -> None:
    most = reading.PLACES + jobs_module.QUEUE
    for number in range(most):
        assert send(api, table((f"X-{number}", *ONE[1:]))).status_code == 202
    answer = send(api, table(ONE))
    assert (answer.status_code, read_problem(answer)["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    slow.set()
    for _ in range(300):
        if send(api, table(ONE), dry_run="true").status_code != 503:
            return
        time.sleep(0.05)
    pytest.fail("no place is given back")


def test_a_fault_of_ours_is_told_as_such_and_leaves_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(jobs_module, "run_import", fail)
    assert send(api, table(ONE)).status_code == 500
    [known] = read(api, "/v1/imports")["data"]
    assert (known["state"], known["problem"]["code"]) == ("failed", "unavailable")


def test_a_ledger_that_is_not_the_signed_one_takes_no_file(
    app: FastAPI, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.log_guard, "_file", object())
    app.state.log_guard.contradiction = "It is shorter than the log says."
    answer = send(api, table(ONE))
    assert (answer.status_code, read_problem(answer)["code"]) == (503, "log-rollback-detected")


@pytest.mark.parametrize(
    "path", ["", "/{id}", "/{id}/report", "/{id}/report.csv", "/{id}/report.xlsx"]
)
def test_what_a_file_holds_is_for_those_who_may_record_it(
    app: FastAPI, api: Api, clock: StoppedClock, path: str
) -> None:
    name = send(api, workbook(ONE), "pledges.xlsx").json()["id"]
    address = f"/v1/imports{path}".replace("{id}", name)
    assert api.client.get(address).status_code == 401
    reader = {"Authorization": f"Bearer {make_key(app.state.database, clock, Role.READER)}"}
    assert api.client.get(address, headers=reader).status_code == 403
    answer = api.client.get(address, headers=api.headers)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")


@pytest.mark.parametrize(
    ("words", "pointer", "code"),
    [
        ({"layout": "canary"}, "/layout", "unknown-value"),
        ({"label": "x" * 201}, "/label", "too-long"),
        ({"coverage": "x" * 101}, "/coverage", "too-long"),
        ({"reason": "\u202e"}, "/reason", "forbidden-character"),
        ({"retrieved_on": "14/11/2023"}, "/retrieved_on", "invalid-date"),
        ({"dry_run": "yes"}, "/dry_run", "unknown-value"),
        ({"surprise": "canary"}, "/surprise", "extra_forbidden"),
        ({"withdraw_missing": "true"}, "/withdraw_missing", "no-series"),
        ({"label": "x" * 9_000}, "/label", "too-long"),
    ],
)
def test_a_word_that_cannot_be_read_is_named(
    api: Api, words: dict[str, str], pointer: str, code: str
) -> None:
    answer = send(api, table(ONE), **words)
    [error] = read_problem(answer)["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, pointer, code)
    assert "canary" not in answer.text.replace(pointer, "")
    assert api.get("/v1/pledges")["data"] == []


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [
        ("application/json", b"{}", 415, "unsupported-media-type"),
        ("multipart/form-data", b"--x--\r\n", 400, "malformed-multipart"),
        ("multipart/form-data; boundary=x", b"", 400, "malformed-multipart"),
        ("multipart/form-data; boundary=x", b"--y\r\n", 400, "malformed-multipart"),
        ("multipart/form-data; boundary=x", b"--x--\r\n", 422, "validation-failed"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--",
         400, "malformed-multipart"),
        ("multipart/form-data; boundary=x",
         b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\na,b', 400, "malformed-multipart"),
        ("multipart/form-data; boundary=x",
         (b'--x\r\nContent-Disposition: form-data; name="label"\r\n\r\n\xff\r\n'
         b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\na\r\n--x--'), 400, "invalid-encoding"),
        ("multipart/form-data; boundary=x",
         (b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\na\r\n'
         b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\na\r\n--x--'), 422, "validation-failed"),
        ("multipart/form-data; boundary=x",
         b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na\r\n' * 17 + b"--x--", 422, "validation-failed"),
        ("multipart/form-data; boundary=x",
         b"".join(b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\na\r\n' % number for number in range(20))
         + b"--x--", 413, "body-too-large"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused(
    api: Api, kind: str, body: bytes, status: int, code: str
) -> None:
    answer = api.client.post(
        "/v1/imports", content=body, headers=api.headers | {"Content-Type": kind}
    )
    assert (answer.status_code, read_problem(answer)["code"]) == (status, code)


def test_a_file_is_bounded_as_it_comes_in(api: Api, tmp_path: Path) -> None:
    most = WIDEST.file_bytes
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'

    def pieces() -> Iterator[bytes]:
        yield head
        for _ in range(most // 2**20 + 2):
            yield b"a" * 2**20

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = api.client.post("/v1/imports", content=pieces(), headers=api.headers | kind)
    assert (answer.status_code, read_problem(answer)["code"]) == (413, "body-too-large")
    said = api.headers | kind | {"Content-Length": "9" * 30}
    answer = api.client.post("/v1/imports", content=head, headers=said)
    assert (answer.status_code, read_problem(answer)["code"]) == (413, "body-too-large")
