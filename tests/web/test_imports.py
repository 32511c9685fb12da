"""Promise: a file is looked at row by row before it is recorded, and what is recorded is what was looked at."""

import time

import pytest
from fastapi import FastAPI
from httpx2 import Response

from app.access.domain import Role
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.imports.sending import BAD, ONE, TWO, XLSX, table, workbook
from tests.web.desk import FROM_HERE, Browser, filled_in
from tests.web.page import Page

HOSTILE = (None, None, "SE", "<script>alert(1)</script>", "military", "-5", "SEK", "2023-11")


@pytest.fixture
def browser(app: FastAPI, clock: StoppedClock) -> Browser:
    """A contributor is signed in."""
    browser = Browser(app)
    browser.sign_in(make_key(app.state.database, clock, Role.CONTRIBUTOR))
    return browser


def send(
    browser: Browser, content: bytes, name: str = "desk.csv", *, signed: bool = True, **words: str
) -> Response:
    token = {"form_token": filled_in(browser.open("/imports"))["form_token"]} if signed else {}
    return browser.client.post(
        "/imports", data={**token, **words}, files={"file": (name, content)}, headers=FROM_HERE
    )


def report(browser: Browser, sent: Response) -> Page:
    """The page of the import, once it is finished."""
    assert sent.status_code == 303, sent.text
    for _ in range(300):
        page = browser.open(sent.headers["Location"])
        if "data-poll" not in page.text:
            return page
        time.sleep(0.05)
    pytest.fail("it never ends")


def record(browser: Browser, page: Page, sent: Response) -> Response:
    fields = {str(one["name"]): str(one["value"]) for one in page.all("input") if "value" in one}
    address = f"{sent.headers['Location']}/record"
    return browser.client.post(address, data=fields, headers=FROM_HERE)


def test_a_file_is_looked_at_and_then_recorded_once(browser: Browser, api: Api) -> None:
    sent = send(browser, table(ONE, TWO))
    page = report(browser, sent)
    assert "was read; nothing is recorded yet" in page.said
    assert "New 2" in page.said
    assert "desk.csv, row 2" in page.said
    assert api.get("/v1/pledges")["data"] == []
    for _ in range(2):
        done = report(browser, record(browser, page, sent))
        assert "is recorded" in done.said
        assert len(api.get("/v1/pledges")["data"]) == 2
    assert "desk.csv" in browser.open("/imports").said


def test_a_bad_row_is_shown_with_its_cell_and_may_be_left_out(browser: Browser, api: Api) -> None:
    sent = send(browser, workbook(ONE, BAD), "desk.xlsx")
    page = report(browser, sent)
    assert "sheet Sheet, cell C3" in page.said
    assert "1 row cannot be recorded" in page.said
    address = sent.headers["Location"]
    assert browser.client.get(f"{address}/report.csv").status_code == 200
    assert browser.client.get(f"{address}/report.xlsx").headers["Content-Type"] == XLSX
    assert "is recorded" in report(browser, record(browser, page, sent)).said
    assert [one["reference"] for one in api.get("/v1/pledges")["data"]] == ["DK-X-1"]


def test_what_stands_in_a_file_is_text(browser: Browser) -> None:
    page = report(browser, send(browser, table(HOSTILE), "<script>alert(2).csv"))
    assert "<script>alert" not in page.text
    assert page.title == "Import of <script>alert(2).csv"


def test_a_file_that_cannot_be_read_says_why(browser: Browser) -> None:
    empty = send(browser, b"")
    assert (empty.status_code, "Choose a file" in empty.text) == (422, True)
    assert send(browser, table(ONE), coverage="x", retrieved_on="soon").status_code == 422
    page = report(browser, send(browser, b"%PDF-1.4", "desk.pdf"))
    assert "was refused" in page.said


def test_only_the_desk_may_send_files_and_read_reports(
    app: FastAPI, browser: Browser, clock: StoppedClock, api: Api
) -> None:
    address = send(browser, table(ONE)).headers["Location"]
    assert send(browser, table(ONE), signed=False).status_code == 403
    foreign = {**FROM_HERE, "Sec-Fetch-Site": "cross-site"}
    token = filled_in(browser.open("/imports"))["form_token"]
    refused = browser.client.post(
        "/imports", data={"form_token": token}, files={"file": ("a", b"a")}, headers=foreign
    )
    assert refused.status_code == 403
    refused = browser.client.post(f"{address}/record", data={"form_token": "a"}, headers=FROM_HERE)
    assert refused.status_code == 403
    reader = Browser(app)
    reader.sign_in(make_key(app.state.database, clock, Role.READER))
    for path in ("/imports", address, f"{address}/report.csv", f"{address}/state"):
        assert reader.open(path).status == 403
        assert Browser(app).open(path).status == 303
    assert api.get("/v1/pledges")["data"] == []
