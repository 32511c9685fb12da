"""Promise: a real browser keeps the session's cookie on the loopback address, and sends our forms as we expect.

What is tried is what no test without a browser can tell: that a `Secure` cookie with the prefix `__Host-` is taken from
http://127.0.0.1 and from http://localhost, and what a browser says of the origin of a form.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser

from app.access import visitors
from app.access.domain import Role
from app.access.visitors import COOKIE, DeskOfficer, Visitor
from app.forms import receive_fields
from tests.browser.served import serve
from tests.clock import StoppedClock
from tests.conftest import make_key

# What a page may say of its referrer decides what a browser says of the origin of its forms.
POLICIES: Final = ("no-referrer", "same-origin")


def add_pages(app: FastAPI, told: list[dict[str, Any]]) -> None:
    """Two forms; `told` is what the browser said when it sent them."""

    @app.get("/page", response_class=HTMLResponse)
    def page(visitor: Visitor, response: Response, policy: str) -> str:
        response.headers["Referrer-Policy"] = policy
        if visitor is None:
            return '<form method="post" action="/try/sign-in"><input name="key"><button>In</button></form>'
        token = visitor.token.form_token
        return (
            f'<form method="post" action="/sent"><input type="hidden" name="form_token" value="{token}">'
            f"<button>Send</button></form><p>{visitor.caller.name}</p>"
        )

    @app.post("/try/sign-in", response_class=HTMLResponse)
    async def sign_in(request: Request, response: Response) -> str:
        told.append(dict(request.headers))
        new = visitors.sign_in(request, (await receive_fields(request))["key"])
        visitors.give_cookie(response, new)
        return "<p>signed in</p>"

    @app.post("/sent", response_class=HTMLResponse)
    async def sent(request: Request, officer: DeskOfficer) -> str:
        told.append(dict(request.headers))
        visitors.check_form(request, officer, (await receive_fields(request))["form_token"])
        return "<p>taken</p>"


@pytest.fixture
def told() -> list[dict[str, Any]]:
    """The headers of the forms that were sent."""
    return []


@pytest.fixture
def port(app: FastAPI, told: list[dict[str, Any]]) -> Iterator[str]:
    """Where the application answers by plain HTTP."""
    add_pages(app, told)
    with serve(app) as address:
        yield address.rpartition(":")[2]


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_browser_signs_in_on_the_loopback_address(
    app: FastAPI,
    clock: StoppedClock,
    browser: Browser,
    port: str,
    told: list[dict[str, Any]],
    host: str,
) -> None:
    key = make_key(app.state.database, clock, Role.CONTRIBUTOR)
    for policy in POLICIES:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://{host}:{port}/page?policy={policy}")
        page.fill("input[name=key]", key)
        page.click("button")
        assert page.inner_text("p") == "signed in"
        [cookie] = context.cookies()
        assert (cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (
            COOKIE, True, True, "Strict",
        )  # fmt: skip
        page.goto(f"http://{host}:{port}/page?policy={policy}")
        assert page.inner_text("p") == "contributor of the tests"
        assert page.evaluate("document.cookie") == ""
        page.click("button")
        assert page.inner_text("p") == "taken"
        context.close()
    assert {one["sec-fetch-site"] for one in told} == {"same-origin"}
    # A page without a referrer has its forms sent without an origin.
    assert [one["origin"] for one in told] == ["null"] * 2 + [f"http://{host}:{port}"] * 2


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_browser_sends_no_form_of_another_site_through(
    app: FastAPI, clock: StoppedClock, browser: Browser, port: str, told: list[dict[str, Any]]
) -> None:
    key = make_key(app.state.database, clock, Role.CONTRIBUTOR)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/page?policy=no-referrer")
    page.fill("input[name=key]", key)
    page.click("button")
    page.goto(f"http://localhost:{port}/page?policy=no-referrer")
    page.evaluate(
        "address => { document.forms[0].action = address; document.forms[0].submit(); }",
        f"http://127.0.0.1:{port}/try/sign-in",
    )
    page.wait_for_url(f"http://127.0.0.1:{port}/try/sign-in")
    assert "signed in" not in page.inner_text("body")
    assert told[-1]["sec-fetch-site"] == "cross-site"
    assert "cookie" not in told[-1]
    context.close()
