"""Files of a parliament over HTTP: what is recorded, what is only told, and what is refused with its place."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.access.domain import Role
from app.journal.tables import EntryRow
from app.parliaments.domain.own import COLUMNS
from app.parliaments.readers.reports import read_reports
from app.wire import MAX_BATCH_BODY
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.parliaments import build, shared

XML = {"Content-Type": "application/xml"}
Send = Callable[..., Response]


@pytest.fixture
def vehicle(api: Api) -> dict[str, Any]:
    """H.R. 7691 of the 117th Congress, of which nothing but the name is known."""
    name = {"jurisdiction": "US", "session": "117", "identifier": "H.R. 7691"}
    answer = api.post("/v1/vehicles", name)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
def send(api: Api, vehicle: dict[str, Any]) -> Send:
    """Hand in a body for the vehicle."""
    address = f"/v1/vehicles/{vehicle['id']}/imports"

    def post(content: bytes | None = None, *, query: str = "", **more: Any) -> Response:
        headers = {**api.headers, **more.pop("headers", {})}
        return api.client.post(address + query, content=content, headers=headers, **more)

    return post


def entries(app: FastAPI) -> int:
    with app.state.database.reading() as session:
        return int(session.execute(select(func.count()).select_from(EntryRow)).scalar_one())


def findings(answer: Response) -> list[tuple[str, str, str]]:
    assert answer.headers["content-type"] == "application/problem+json"
    return [(one["file"], one["place"], one["code"]) for one in answer.json()["errors"]]


def test_a_file_is_recorded_once_and_tells_of_every_action(
    app: FastAPI, api: Api, vehicle: dict[str, Any], send: Send
) -> None:
    content = build.bill_status("3.0.0").content
    first = send(content, headers=XML)
    assert first.status_code == 200, first.text
    report = first.json()
    assert (report["vehicle_id"], report["vehicle"]) == (vehicle["id"], "US/117/H.R. 7691")
    assert [report[name] for name in ("new", "unchanged", "different", "withdrawn")] == [8, 0, 0, 0]
    assert report["actions"][1] == {
        "file": "file 1", "place": "line 20", "outcome": "new", "on": "2022-05-10", "state": "passed_one",
        "text": build.PASSED_HOUSE, "detail": None,
    }  # fmt: skip
    assert [one["code"] for one in report["suggestions"]] == ["names-recipient"]
    shown = api.get(f"/v1/vehicles/{vehicle['id']}")
    assert (shown["state"], len(shown["actions"])) == ("enacted", 8)
    before = entries(app)
    again = send(content, headers=XML).json()
    assert (again["new"], again["unchanged"], again["revision"]) == (0, 8, None)
    assert entries(app) == before


def test_a_dry_run_tells_the_same_and_records_nothing(app: FastAPI, send: Send) -> None:
    before = entries(app)
    content = build.bill_status("3.0.0").content
    report = send(content, query="?dry_run=true", headers=XML).json()
    assert (report["new"], report["dry_run"], report["revision"]) == (8, True, None)
    assert entries(app) == before
    assert send(content, query="?dry_run=yes", headers=XML).status_code == 422


def test_answers_of_the_api_come_as_several_files(send: Send) -> None:
    parts = [
        build.api_page(build.ROWS[7:], count=14),
        build.api_bill(),
        build.api_page(build.ROWS[:7], count=14, offset=7),
    ]
    files = [("file", (one.name, one.content, "application/json")) for one in parts]
    report = send(files=files).json()
    assert (report["new"], report["findings"]) == (8, [])
    assert {one["file"] for one in report["actions"]} == {"file 1", "file 3"}


@pytest.mark.parametrize(
    ("content", "media_type", "places"),
    [
        (b"<billStatus>\n<bill>\n", "application/xml", [("file 1", "line 3", "not-xml")]),
        (build.bill_status("3.0.0").content[:900], "text/xml", [("file 1", "line 13", "not-xml")]),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "application/xml", [("file 1", "line 1", "doctype")]),
        (build.bill_status("3.0.0").content.replace(b"2022-05-16", b"canary"), "application/xml",
         [("file 1", "line 18", "invalid-date")]),
        (build.bill_status("3.0.0", [build.row("2022-05-21", "x", build.LIBRARY, "canary")]).content,
         "application/xml", [("file 1", "line 10", "unknown-code")]),
        (build.bill_status("3.0.0", [*build.ROWS[:-2], build.row("2022-05-09", "Introduced in House", code="1000")])
         .content, "application/xml", [("file 1", "line 22", "date-order")]),
        (build.bill_status("3.0.0", [build.row("2022-05-22", "Vetoed by President.", build.LIBRARY, "31000"),
                                     *build.ROWS]).content,
         "application/xml", [("file 1", "line 10", "illegal-transition")]),
        (build.bill_status("3.0.0").content.replace(b">7691<", b">815<"), "application/xml",
         [("file 1", "", "other-vehicle")]),
        (build.congress_data(actions=[{"acted_at": "canary", "text": "x"}]).content, "application/json",
         [("file 1", "/actions/0", "invalid-time")]),
        (b"{", "application/json", [("file 1", "line 1", "not-json")]),
        (",".join(COLUMNS).encode() + b"\n2022-05-11,,,canary,xx,storting,canary,,,,,,,,,,,,\n", "text/csv",
         [("file 1", "line 2", "unknown-code")]),
    ],
    ids=["malformed", "cut off", "doctype", "no date", "unknown code", "before the vehicle", "illegal step",
         "another vehicle", "data.json", "JSON", "our CSV"],
)  # fmt: skip
def test_what_is_wrong_is_a_problem_that_names_the_place_and_nothing_is_stored(
    app: FastAPI, send: Send, content: bytes, media_type: str, places: list[tuple[str, str, str]]
) -> None:
    before = entries(app)
    answer = send(content, headers={"Content-Type": media_type})
    assert answer.status_code == 422, answer.text
    assert findings(answer) == places
    assert "canary" not in answer.text
    assert entries(app) == before
    trial = send(content, query="?dry_run=true", headers={"Content-Type": media_type})
    assert trial.status_code == 200
    told = [(one["file"], one["place"], one["code"]) for one in trial.json()["findings"]]
    assert told == places


def test_a_pointer_leads_into_a_file_that_is_json(send: Send) -> None:
    content = build.congress_data(actions=[{"acted_at": "x", "text": "y"}]).content
    [error] = send(content, headers={"Content-Type": "application/json"}).json()["errors"]
    assert error["pointer"] == "/actions/0"


def test_the_version_that_it_is_based_on_is_honoured(send: Send) -> None:
    content = build.bill_status("3.0.0").content
    moved = send(content, headers={**XML, "If-Match": '"7"'})
    assert (moved.status_code, moved.json()["code"]) == (412, "precondition-failed")
    assert send(content, headers={**XML, "If-Match": '"1"'}).status_code == 200


def test_the_same_call_with_the_same_key_is_answered_again(app: FastAPI, send: Send) -> None:
    headers = {**XML, "Idempotency-Key": "bill"}
    content = build.bill_status("3.0.0").content
    first = send(content, headers=headers)
    made = entries(app)
    second = send(content, headers=headers)
    assert (second.content, second.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert entries(app) == made
    other = send(build.bill_status(None).content, headers=headers)
    assert other.json()["code"] == "idempotency-key-reused"


def test_a_trial_uses_up_no_key(send: Send) -> None:
    headers = {**XML, "Idempotency-Key": "bill"}
    content = build.bill_status("3.0.0").content
    assert send(content, query="?dry_run=true", headers=headers).json()["revision"] is None
    assert send(content, headers=headers).json()["revision"] is not None


@pytest.mark.parametrize(
    ("headers", "content", "status", "code"),
    [
        ({}, b"x", 415, "unsupported-media-type"),
        ({"Content-Type": "text/plain"}, b"x", 415, "unsupported-media-type"),
        ({"Content-Type": "text/csv; charset=latin-1"}, b"x", 415, "unsupported-media-type"),
        ({"Content-Type": "text/csv", "Content-Encoding": "gzip"}, b"x", 415, "unsupported-media-type"),
        ({"Content-Type": "text/csv"}, b"x" * (MAX_BATCH_BODY + 1), 413, "body-too-large"),
        ({"Content-Type": "multipart/form-data"}, b"x", 400, "malformed-multipart"),
        ({"Content-Type": "multipart/form-data; boundary=a"}, b"", 400, "malformed-multipart"),
    ],
)  # fmt: skip
def test_a_body_of_another_kind_is_refused(
    send: Send, headers: dict[str, str], content: bytes, status: int, code: str
) -> None:
    answer = send(content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_vehicle_that_nobody_recorded_is_not_found(api: Api) -> None:
    for name in ("nothing", "00000000-0000-4000-8000-000000000000"):
        answer = api.client.post(
            f"/v1/vehicles/{name}/imports", content=b"{", headers={**api.headers, **XML}
        )
        assert answer.status_code == 404


def test_nobody_hands_files_in_without_a_key_that_writes(
    app: FastAPI, client: TestClient, clock: StoppedClock, vehicle: dict[str, Any]
) -> None:
    address = f"/v1/vehicles/{vehicle['id']}/imports"
    reader = {"Authorization": f"Bearer {make_key(app.state.database, clock, Role.READER)}"}
    assert client.post(address, content=b"x", headers=XML).status_code == 401
    assert client.post(address, content=b"x", headers=XML | reader).status_code == 403


@pytest.mark.parametrize(
    ("name", "since", "requested_on", "enacted_on", "days", "days_of_the_bill"),
    [
        (shared.HR2471_XML, "2022-03-09", "2022-03-02", "2022-03-15", 13, 336),
        (shared.HR2471_DATA, "2022-03-09", "2022-03-02", "2022-03-15", 13, 336),
        (shared.HR815, "2023-11-09", "2023-10-20", "2024-04-24", 187, 447),
    ],
    ids=["H.R. 2471", "H.R. 2471 as data.json", "H.R. 815"],
)
def test_a_request_pends_from_the_day_it_was_made_and_not_from_that_of_its_older_bill(
    api: Api, name: str, since: str, requested_on: str, enacted_on: str, days: int, days_of_the_bill: int
) -> None:  # fmt: skip
    file = shared.shared_file(name)
    facts = read_reports([file]).vehicle
    assert facts is not None
    assert facts.introduced_on is not None
    link = {
        "jurisdiction": "US",
        "session": facts.session,
        "identifier": facts.identifier,
        "became_vehicle_on": since,
    }
    body = {
        "donor": "US", "title": "Supplemental", "kind": "supplemental", "currency": "USD",
        "requested_on": requested_on, "vehicles": [link],
        "lines": [{"component": "military", "amount": "100.00"}],
    }  # fmt: skip
    request = api.post("/v1/legislative-requests", body).json()
    vehicle_id = request["vehicles"][0]["vehicle_id"]
    address = f"/v1/vehicles/{vehicle_id}/imports"
    media_type = "application/xml" if file.name.endswith(".xml") else "application/json"
    headers = {**api.headers, "Content-Type": media_type}
    report = api.client.post(address, content=file.content, headers=headers)
    assert report.status_code == 200, report.text
    assert report.json()["new"] in {45, 112}
    shown = api.get(f"/v1/legislative-requests/{request['id']}", on=enacted_on)
    assert (shown["state"], shown["days_pending"]) == ("enacted", days)
    # What a count from the bill's own first day would have said.
    assert (date.fromisoformat(enacted_on) - facts.introduced_on).days == days_of_the_bill


def test_cloture_that_failed_blocks_the_request_until_it_is_invoked(api: Api) -> None:
    link = {
        "jurisdiction": "US",
        "session": "118",
        "identifier": "H.R. 815",
        "became_vehicle_on": "2023-11-09",
    }
    body = {
        "donor": "US", "title": "Supplemental", "kind": "supplemental", "currency": "USD",
        "requested_on": "2023-10-20", "vehicles": [link],
        "lines": [{"component": "military", "amount": "100.00"}],
    }  # fmt: skip
    request = api.post("/v1/legislative-requests", body).json()
    address = f"/v1/vehicles/{request['vehicles'][0]['vehicle_id']}/imports"
    content = shared.shared_file(shared.HR815).content
    headers = {**api.headers, "Content-Type": "application/json"}
    assert api.client.post(address, content=content, headers=headers).json()["new"] == 112
    told = {}
    for day in ("2023-10-25", "2023-12-31", "2024-02-08", "2024-02-20", "2024-04-23", "2024-04-24"):
        shown = api.get(f"/v1/legislative-requests/{request['id']}", on=day)
        told[day] = (shown["state"], "blocked" in shown["flags"])
    assert told == {
        "2023-10-25": ("submitted", False),
        "2023-12-31": ("floor", True),
        "2024-02-08": ("floor", False),
        "2024-02-20": ("reconciling", False),
        "2024-04-23": ("passed", False),
        "2024-04-24": ("enacted", False),
    }
