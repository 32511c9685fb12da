"""Promise: a session is its key for a while, in a cookie that pages alone take, and no other site can use it."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Header, Request, Response
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from starlette.testclient import TestClient

from app.access import service, visitors
from app.access.domain import (
    MAX_ATTEMPTS,
    WINDOW,
    Attempts,
    Caller,
    Role,
    SessionToken,
    Terms,
    generate_session,
    parse_token,
)
from app.access.visitors import COOKIE, DeskOfficer, PageReader
from app.db import Database
from app.main import create_app
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.inputs.routes import operations

HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "https://testserver"}
LIFETIME = timedelta(hours=8)
IDLE = timedelta(minutes=60)


def add_pages(app: FastAPI) -> None:
    """What the pages will do, without their words."""

    @app.post("/try/sign-in")
    def sign_in(request: Request, response: Response, key: Annotated[str, Header()] = "") -> None:
        visitors.give_cookie(response, visitors.sign_in(request, key))

    @app.post("/try/sign-out")
    def sign_out(
        request: Request,
        response: Response,
        officer: DeskOfficer,
        form_token: Annotated[str, Header()] = "",
    ) -> None:
        visitors.check_form(request, officer, form_token)
        visitors.sign_out(request, officer)
        visitors.take_cookie(response)

    @app.get("/page")
    def page(caller: PageReader) -> dict[str, Any]:
        return {"name": caller.name, "role": caller.role}

    @app.get("/form")
    def form(officer: DeskOfficer) -> dict[str, str]:
        return {"form_token": officer.token.form_token}

    @app.post("/form", dependencies=[Depends(visitors.write_as)])
    def send(
        request: Request, officer: DeskOfficer, form_token: Annotated[str, Header()] = ""
    ) -> str:
        visitors.check_form(request, officer, form_token)
        return officer.caller.name


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    """A client that keeps cookies as a browser does."""
    add_pages(app)
    with TestClient(app, base_url="https://testserver", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def ledger(app: FastAPI) -> Database:
    """The database behind the application."""
    database: Database = app.state.database
    return database


@pytest.fixture
def key(ledger: Database, clock: StoppedClock) -> str:
    """Of a contributor."""
    return make_key(ledger, clock, Role.CONTRIBUTOR)


def sign_in(browser: TestClient, key: str) -> Any:
    answer = browser.post("/try/sign-in", headers={**HERE, "key": key})
    assert answer.status_code == 200, answer.text
    return answer


def form_token(browser: TestClient) -> str:
    token: str = browser.get("/form").json()["form_token"]
    return token


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_cookie_is_for_this_host_and_for_no_script_and_no_other_site(
    browser: TestClient, key: str
) -> None:
    cookie = sign_in(browser, key).headers["set-cookie"]
    name, *attributes = [part.strip() for part in cookie.split(";")]
    assert re.fullmatch(r"__Host-aidledger=[A-Za-z0-9_-]{43}", name)
    assert {one.lower() for one in attributes} == {
        "httponly", "secure", "samesite=strict", "path=/", "max-age=28800",
    }  # fmt: skip


def test_a_session_is_its_key(browser: TestClient, key: str) -> None:
    assert browser.get("/page").json() == {"name": "anonymous", "role": "reader"}
    sign_in(browser, key)
    assert browser.get("/page").json() == {
        "name": "contributor of the tests",
        "role": "contributor",
    }


def test_the_database_holds_no_secret_of_a_session(
    browser: TestClient, ledger: Database, key: str
) -> None:
    sign_in(browser, key)
    secret = urlsafe_b64decode(browser.cookies[COOKIE] + "=")
    with ledger.reading() as session:
        [row] = session.execute(text("SELECT digest FROM web_session")).all()
    assert len(secret) == 32
    assert bytes(row.digest) == sha256(secret).digest()


def test_a_session_lasts_eight_hours_and_an_hour_without_a_page(
    browser: TestClient, key: str, clock: StoppedClock
) -> None:
    sign_in(browser, key)
    for _ in range(15):
        clock.advance(timedelta(minutes=31))
        assert browser.get("/form").status_code == 200
    clock.advance(LIFETIME - 15 * timedelta(minutes=31))
    assert refusal(browser.get("/form")) == (403, "sign-in-needed")
    sign_in(browser, key)
    clock.advance(IDLE)
    assert refusal(browser.get("/form")) == (403, "sign-in-needed")


def test_a_session_ends_with_its_key(
    browser: TestClient, ledger: Database, key: str, clock: StoppedClock
) -> None:
    sign_in(browser, key)
    with ledger.transaction() as session:
        [held] = service.list_keys(session)
        service.revoke_key(session, held.key_id, clock)
    assert refusal(browser.get("/form")) == (403, "sign-in-needed")


def test_a_session_outlives_no_key(ledger: Database, clock: StoppedClock) -> None:
    with ledger.transaction() as session:
        new = service.create_key(
            session, name="short", role=Role.READER, valid_for=timedelta(hours=1), clock=clock, created_by="tests"
        )  # fmt: skip
        begun = service.sign_in(session, new.text, terms=Terms(), clock=clock)
    assert begun.session.expires_at == clock.now() + timedelta(hours=1)


def test_signing_out_ends_it_for_every_process(
    app: FastAPI, browser: TestClient, key: str, clock: StoppedClock
) -> None:
    sign_in(browser, key)
    held, token = browser.cookies[COOKIE], form_token(browser)
    other = create_app(app.state.settings, clock)
    add_pages(other)
    with TestClient(other, base_url="https://testserver", cookies={COOKIE: held}) as elsewhere:
        assert elsewhere.get("/form").status_code == 200
        assert (
            browser.post("/try/sign-out", headers={**HERE, "form-token": token}).status_code == 200
        )
        assert COOKIE not in browser.cookies
        assert refusal(elsewhere.get("/form")) == (403, "sign-in-needed")


def test_a_reader_has_no_desk(browser: TestClient, ledger: Database, clock: StoppedClock) -> None:
    sign_in(browser, make_key(ledger, clock, Role.READER))
    assert browser.get("/page").json()["role"] == "reader"
    assert refusal(browser.get("/form")) == (403, "insufficient-role")


ELSEWHERE: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://other.testserver"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://testserver"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://testserver:444"},
    {"Origin": "https://testserver.evil.example"},
    {"Origin": "null"},
    {},
)


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_a_form_of_another_site_is_refused(
    browser: TestClient, key: str, headers: dict[str, str]
) -> None:
    assert refusal(browser.post("/try/sign-in", headers={**headers, "key": key})) == (
        403,
        "cross-site-form",
    )
    sign_in(browser, key)
    sent = {**headers, "form-token": form_token(browser)}
    assert refusal(browser.post("/form", headers=sent)) == (403, "cross-site-form")


@pytest.mark.parametrize(
    "headers",
    [
        HERE,
        {"Origin": "https://testserver"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none", "Origin": "null"},
    ],
    ids=str,
)
def test_a_form_of_ours_goes_through(
    browser: TestClient, key: str, headers: dict[str, str]
) -> None:
    sign_in(browser, key)
    answer = browser.post("/form", headers={**headers, "form-token": form_token(browser)})
    assert (answer.status_code, answer.json()) == (200, "contributor of the tests")


def test_a_form_of_another_session_is_refused(browser: TestClient, key: str) -> None:
    sign_in(browser, key)
    old = form_token(browser)
    browser.cookies.clear()
    sign_in(browser, key)
    for given_token in (old, "", "é", form_token(browser)[:-1], browser.cookies[COOKIE]):
        sent = {name.encode(): value.encode() for name, value in HERE.items()}
        answer = browser.post("/form", headers={**sent, b"form-token": given_token.encode()})
        assert refusal(answer) == (403, "invalid-form-token")


def test_no_call_of_the_api_takes_the_cookie(browser: TestClient, key: str) -> None:
    sign_in(browser, key)
    assert form_token(browser)
    tried = 0
    for operation in operations():
        # Whoever may read may order a report.
        if operation.path.startswith("/v1/reports/"):
            continue
        if operation.path.startswith("/v1/") and operation.method != "GET":
            answer = browser.request(operation.method, operation.address, json={}, headers=HERE)
            assert answer.status_code in {401, 415}, operation
            tried += answer.status_code == 401
    assert tried > 20
    assert browser.get("/v1/api-keys").status_code == 401


def test_a_private_ledger_is_shown_to_those_who_are_signed_in(
    app: FastAPI, browser: TestClient, key: str
) -> None:
    object.__setattr__(app.state.settings, "public_read", False)
    assert refusal(browser.get("/page")) == (403, "sign-in-needed")
    sign_in(browser, key)
    assert browser.get("/page").status_code == 200
    assert browser.get("/v1/pledges").status_code == 401


def test_whoever_fails_too_often_waits(browser: TestClient, key: str, clock: StoppedClock) -> None:
    for _ in range(MAX_ATTEMPTS):
        answer = browser.post("/try/sign-in", headers={**HERE, "key": "aidl_nothing"})
        assert refusal(answer) == (401, "invalid-token")
    clock.advance(timedelta(minutes=1))
    refused = browser.post("/try/sign-in", headers={**HERE, "key": key})
    assert refusal(refused) == (429, "too-many-attempts")
    assert refused.headers["Retry-After"] == "240"
    clock.advance(WINDOW - timedelta(minutes=1))
    sign_in(browser, key)


def test_attempts_are_counted_by_network_and_take_bounded_memory(clock: StoppedClock) -> None:
    attempts = Attempts(most=2, places=3)
    for address in ("2001:db8::1", "2001:db8::ffff"):
        attempts.add_failure(address, clock.now())
    assert attempts.wait("2001:db8::2", clock.now()) == WINDOW
    assert not attempts.wait("2001:db8:0:1::2", clock.now())
    for number in range(1_000):
        attempts.add_failure(f"192.0.2.{number % 250}", clock.now())
    assert len(attempts._failed) == 3
    attempts.add_failure("::ffff:192.0.2.7", clock.now())
    attempts.add_failure("192.0.2.7", clock.now())
    assert attempts.wait("192.0.2.7", clock.now()) == WINDOW


def test_expired_sessions_are_let_go_of(
    browser: TestClient, ledger: Database, key: str, clock: StoppedClock
) -> None:
    for _ in range(3):
        sign_in(browser, key)
    clock.advance(LIFETIME)
    sign_in(browser, key)
    with ledger.reading() as session:
        assert session.execute(text("SELECT count(*) FROM web_session")).scalar_one() == 1


def test_pages_in_quick_succession_are_noted_once(
    browser: TestClient, ledger: Database, key: str, clock: StoppedClock
) -> None:
    def seen() -> Any:
        with ledger.reading() as session:
            return session.execute(text("SELECT last_seen_at FROM web_session")).scalar_one()

    sign_in(browser, key)
    begun = seen()
    clock.advance(timedelta(minutes=5))
    browser.get("/page")
    assert seen() == begun
    clock.advance(timedelta(minutes=1))
    browser.get("/page")
    assert seen() != begun


@given(st.binary(min_size=32, max_size=32))
def test_a_token_reads_back_and_only_in_one_spelling(secret: bytes) -> None:
    token = SessionToken(secret)
    assert parse_token(token.text) == token
    assert parse_token(token.text + "=") is None
    assert len(token.form_token) == 43
    assert token.form_token != token.text


@given(st.text(max_size=60))
def test_no_cookie_breaks_the_reader(text_given: str) -> None:
    parsed = parse_token(text_given)
    assert parsed is None or parsed.text == text_given


def test_a_session_shows_its_secret_in_no_log(clock: StoppedClock) -> None:
    new = generate_session(lambda size: b"s" * size, "abc", clock.now(), clock.now())
    assert "ssss" not in repr(new)
    assert "digest" not in repr(new)
    assert repr(Caller("a", Role.READER, "abc")) in repr(
        service.SignedIn(Caller("a", Role.READER, "abc"), new.token, is_to_be_noted=False)
    )
