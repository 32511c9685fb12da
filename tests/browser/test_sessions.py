"""Promise: whoever signs out, or stays away too long, leaves nothing behind for the next one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from app.access.domain import Role
from tests.browser.browsers import open_browser
from tests.browser.conftest import Office
from tests.browser.desk_pages import fill_in_pledge, press, sign_in
from tests.browser.looks import check_looks
from tests.browser.served import serve
from tests.browser.watching import Watched, watching
from tests.clock import StoppedClock
from tests.conftest import make_key


@pytest.fixture(scope="module")
def browser(program: str) -> Iterator[Browser]:
    """One that keeps pages to go back to, as people's browsers do and those of tests do not."""
    with open_browser(program, leaving_out=["--disable-back-forward-cache"]) as browser:
        yield browser


def test_one_signs_in_and_out(browser: Browser, office: Office) -> None:
    key = office.key
    with watching(browser, office.address) as window:
        page = window.go("/pledges/new?donor=DK")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.get_by_label("API key").fill(key[:-1] + ("a" if key[-1] != "a" else "b"))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_label("API key")).to_have_value("")
        check_looks(page, "sign-in-refused")
        page.get_by_label("API key").fill(key)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/pledges/new?donor=DK")
        expect(page.get_by_label("Donor")).to_have_value("DK")
        [cookie] = window.context.cookies()
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{office.address}/")
        assert window.context.cookies() == []
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("path", ["/desk", "/pledges/new", "/imports", "/pledges/EU-EPF-01"])
def test_the_way_back_shows_nothing_that_was_private(desk: Watched, path: str) -> None:
    """Neither drafts nor what was typed nor a name."""
    page = desk.page
    fill_in_pledge(page, desk.address, Title="Not to be seen yet")
    press(page, "Save draft")
    desk.go(path)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{desk.address}/")
    # A page that was kept is back without being loaded, which Playwright would wait for.
    page.evaluate("history.back()")
    page.wait_for_url(lambda url: url != f"{desk.address}/", wait_until="commit")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    expect(page.get_by_text("Not to be seen yet")).to_have_count(0)
    expect(page.get_by_text("Desk contributor")).to_have_count(0)
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_whoever_stays_away_too_long_signs_in_again_and_goes_on(
    app: FastAPI, clock: StoppedClock, browser: Browser
) -> None:
    key = make_key(app.state.database, clock, Role.CONTRIBUTOR)
    with serve(app) as address, watching(browser, address) as window:
        page = window.page
        sign_in(page, address, key)
        fill_in_pledge(page, address)
        clock.advance(timedelta(hours=2))
        press(page, "Preview")
        expect(page.locator("#main")).to_contain_text("Sign in")
        expect(page.get_by_text("contributor of the tests")).to_have_count(0)
        check_looks(page, "session-ended")
        window.go("/pledges/new")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.get_by_label("API key").fill(key)
        press(page, "Sign in")
        page.wait_for_url("**/pledges/new")
