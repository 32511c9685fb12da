"""Promise: a key is exchanged for a session, is never shown again, and a session opens pages to its holder alone."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from fastapi import FastAPI

from app.access.domain import MAX_ATTEMPTS, Role
from app.access.visitors import COOKIE
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.web.desk import FROM_HERE, Browser
from tests.web.page import BROWSER


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    """Nobody is signed in."""
    return Browser(app)


@pytest.fixture
def key(app: FastAPI, clock: StoppedClock) -> str:
    """A contributor's."""
    return make_key(app.state.database, clock, Role.CONTRIBUTOR)


def filled_token(browser: Browser) -> str:
    """The token of the session's forms, as a page has it."""
    inputs = browser.open("/").all("input")
    return str(next(one["value"] for one in inputs if one["name"] == "form_token"))


def test_a_session_begins_and_ends(browser: Browser, key: str) -> None:
    assert "Sign in" in browser.open("/").said
    answer = browser.sign_in(key, "/pledges?donor=DK")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pledges?donor=DK")
    page = browser.open("/")
    assert "contributor of the tests" in page.said
    assert "/pledges/new" in page.links
    fields = {"form_token": filled_token(browser)}
    out = browser.client.post("/sign-out", data=fields, headers=FROM_HERE)
    assert (out.status_code, out.headers["Location"]) == (303, "/")
    assert "contributor of the tests" not in browser.open("/").said


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(
    browser: Browser, key: str
) -> None:
    [cookie] = SimpleCookie(browser.sign_in(key).headers["Set-Cookie"]).values()
    assert cookie.key == COOKIE
    assert cookie.key.startswith("__Host-")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "strict")
    assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", str(8 * 60 * 60))


def test_a_wrong_key_is_not_repeated_and_soon_held_off(browser: Browser, key: str) -> None:
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
    for _ in range(MAX_ATTEMPTS):
        answer = browser.sign_in(wrong)
        assert answer.status_code == 422
        assert wrong not in answer.text
        assert "This key opens nothing here." in answer.text
        assert "Set-Cookie" not in answer.headers
    held_off = browser.sign_in(key)
    assert held_off.status_code == 429
    assert int(held_off.headers["Retry-After"]) > 0
    assert key not in held_off.text


@pytest.mark.parametrize(
    "onward",
    [
        "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/", "javascript:alert(1)", "desk",
        "/a\r\nSet-Cookie: a=b", "/<script>",
    ],
)  # fmt: skip
def test_one_is_sent_on_to_a_page_of_ours_only(browser: Browser, key: str, onward: str) -> None:
    assert browser.sign_in(key, onward).headers["Location"] == "/desk"


def test_a_form_of_another_site_signs_nobody_in_or_out(browser: Browser, key: str) -> None:
    foreign = {**BROWSER, "Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    answer = browser.client.post("/sign-in", data={"key": key}, headers=foreign)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)
    browser.sign_in(key)
    for fields, headers in (
        ({"form_token": ""}, FROM_HERE),
        ({"form_token": "a"}, FROM_HERE),
        ({"form_token": filled_token(browser)}, foreign),
    ):
        assert browser.client.post("/sign-out", data=fields, headers=headers).status_code == 403
    assert "contributor of the tests" in browser.open("/").said


def test_what_somebody_signed_in_sees_is_kept_for_nobody_else(app: FastAPI, key: str) -> None:
    signed_in, stranger = Browser(app), Browser(app)
    signed_in.sign_in(key)
    for path in ("/", "/pledges", "/donors", "/docs"):
        page = signed_in.open(path)
        assert "contributor of the tests" in page.said
        assert page.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in page.headers
        assert "Cookie" in page.headers["Vary"]
        assert "contributor of the tests" not in stranger.open(path).said
        assert "form_token" not in stranger.open(path).text


def test_a_session_ends_by_itself(browser: Browser, key: str, clock: StoppedClock) -> None:
    browser.sign_in(key)
    clock.advance(timedelta(hours=2))
    assert "contributor of the tests" not in browser.open("/").said
