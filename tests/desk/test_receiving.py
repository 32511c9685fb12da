"""Promise: a form that a browser sends from a page of ours is read whole, in one way only, and nothing else is."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from httpx2 import Response as Answer
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app import problems
from app.access import visitors
from app.access.domain import Role
from app.access.visitors import DeskOfficer
from app.desk.domain import FormKind
from app.desk.receiving import receive_form, record_form
from app.desk.schemas import read_form
from app.forms import MAX_FIELDS, MAX_FORM, receive_fields
from app.kernel.errors import UnavailableError
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.rows import dump

HERE = {"Sec-Fetch-Site": "same-origin"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PLEDGE = {
    "donor": "DK",
    "title": "Støtte & more",
    "aid_type": "military",
    "amount": "1000.00",
    "currency": "DKK",
}


def make_reader() -> TestClient:
    """An application that tells which fields came in."""
    app = FastAPI()
    problems.install(app)

    @app.post("/fields")
    async def tell(request: Request) -> dict[str, str]:
        return await receive_fields(request)

    return TestClient(app, raise_server_exceptions=False)


READER = make_reader()


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=8))
def test_fields_are_read_as_they_were_written(fields: dict[str, str]) -> None:
    answer = READER.post("/fields", content=urlencode(fields).encode(), headers=FORM)
    assert (answer.status_code, answer.json()) == (200, fields)


BAD: dict[str, tuple[bytes, dict[str, str], tuple[int, str]]] = {
    "twice": (b"a=1&a=2", FORM, (422, "validation-failed")),
    "not UTF-8": (b"a=%ff", FORM, (400, "invalid-encoding")),
    "raw bytes": ("a=é".encode(), FORM, (400, "invalid-encoding")),
    "no value": (b"a", FORM, (400, "malformed-form")),
    "too many": (b"&".join(b"a%d=1" % one for one in range(MAX_FIELDS + 1)), FORM, (400, "malformed-form")),
    "too large": (b"a=" + b"1" * MAX_FORM, FORM, (413, "body-too-large")),
    "json": (b"{}", {"Content-Type": "application/json"}, (415, "unsupported-media-type")),
    "latin": (b"a=1", {"Content-Type": FORM["Content-Type"] + "; charset=latin-1"}, (415, "unsupported-media-type")),
    "text": (b"a=1", {"Content-Type": "text/plain"}, (415, "unsupported-media-type")),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_what_no_browser_sends_is_refused(
    bad: tuple[bytes, dict[str, str], tuple[int, str]],
) -> None:
    raw, headers, expected = bad
    assert refusal(READER.post("/fields", content=raw, headers=headers)) == expected


@given(st.binary(max_size=60))
def test_no_body_makes_the_reader_fall(raw: bytes) -> None:
    assert READER.post("/fields", content=raw, headers=FORM).status_code in {200, 400, 422}


@pytest.fixture
def browser(app: FastAPI, clock: StoppedClock) -> Iterator[TestClient]:
    """Somebody who is signed in."""

    @app.post("/try/sign-in")
    def sign_in(request: Request, response: Response) -> None:
        visitors.give_cookie(response, visitors.sign_in(request, request.headers["key"]))

    @app.get("/try/desk")
    def desk(officer: DeskOfficer) -> str:
        return officer.token.form_token

    @app.post("/try/desk/{kind}")
    async def send(request: Request, kind: FormKind, officer: DeskOfficer) -> dict[str, Any]:
        form, step = await receive_form(request, officer, kind)
        sent, findings = await run_in_threadpool(record_form, request, officer, read_form(form))
        found = {name: [one.code for one in each] for name, each in findings.items()}
        return {"step": step, "reference": sent and sent.reference, "findings": found}

    with TestClient(app, base_url="https://testserver", raise_server_exceptions=False) as client:
        key = make_key(app.state.database, clock, Role.CONTRIBUTOR)
        assert client.post("/try/sign-in", headers={**HERE, "key": key}).status_code == 200
        yield client


def send(browser: TestClient, **fields: str) -> Answer:
    usual = {
        "form_id": str(uuid4()),
        "step": "record",
        "form_token": browser.get("/try/desk").json(),
    }
    return browser.post("/try/desk/pledge", data={**usual, **PLEDGE, **fields}, headers=HERE)


def test_a_form_is_recorded_under_the_name_of_the_key(browser: TestClient) -> None:
    assert send(browser).json() == {"step": "record", "reference": "DK-2026-0001", "findings": {}}
    [entry] = browser.get("/v1/entries").json()["data"]
    assert entry["actor"] == "contributor of the tests"
    [pledge] = browser.get("/v1/pledges").json()["data"]
    assert pledge["title"] == "Støtte & more"


def test_a_refused_form_leaves_no_trace_and_can_be_sent_again(
    app: FastAPI, browser: TestClient
) -> None:
    before, form_id = dump(app.state.database), str(uuid4())
    for bad in ({"amount": "0.00"}, {"amount": "a" * 10}, {"donor": "ZZ"}, {"surprise": "x"}):
        answer = send(browser, form_id=form_id, **bad)
        assert (answer.status_code, answer.json()["reference"]) == (200, None)
        assert list(answer.json()["findings"]) == list(bad)
        assert dump(app.state.database) == before
    assert send(browser, form_id=form_id).json()["reference"] == "DK-2026-0001"


def test_a_form_of_elsewhere_is_refused(app: FastAPI, browser: TestClient) -> None:
    before = dump(app.state.database)
    assert refusal(send(browser, form_token="")) == (403, "invalid-form-token")
    assert refusal(send(browser, form_id="1")) == (404, "not-found")
    assert refusal(send(browser, version="-1")) == (422, "validation-failed")
    answer = browser.post("/try/desk/pledge", data=PLEDGE, headers={"Sec-Fetch-Site": "cross-site"})
    assert refusal(answer) == (403, "cross-site-form")
    assert dump(app.state.database) == before


def test_a_ledger_that_takes_no_writes_takes_no_forms(app: FastAPI, browser: TestClient) -> None:
    def refuse() -> None:
        raise UnavailableError("The ledger contradicts its last checkpoint.")

    app.state.check_write = refuse
    assert refusal(send(browser)) == (503, "unavailable")
