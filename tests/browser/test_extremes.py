"""Promise: pages hold together where there is nothing yet, and where there is more than anybody would look at."""

from typing import Final

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from app.access.domain import Role
from tests.browser.desk_pages import sign_in
from tests.browser.extremes import PAGES, record_extremes
from tests.browser.looks import LOOKS, check_layout, check_looks
from tests.browser.served import serve
from tests.browser.watching import watching
from tests.clock import StoppedClock
from tests.conftest import make_key

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])
# Where there is nothing there are no colours that are not on other pages.
PLAIN: Final = LOOKS[:1]
EMPTY: Final = (
    "/",
    "/donors",
    "/donors/DK",
    "/pledges",
    "/legislation",
    "/changes",
    "/downloads",
    "/verify",
    "/method",
    "/about",
    "/groups",
    "/rates",
    "/embed/growth?measure=pledged",
)


def unfold(page: Page) -> None:
    """Show what is folded away."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def test_an_empty_ledger_has_no_page_that_falls_apart(
    app: FastAPI, clock: StoppedClock, browser: Browser
) -> None:
    key = make_key(app.state.database, clock, Role.CONTRIBUTOR)
    with serve(app) as address, watching(browser, address) as window:
        for path in EMPTY:
            check_looks(window.go(path), path, PLAIN)
        sign_in(window.page, address, key)
        check_looks(window.page, "desk", PLAIN)
        window.go("/imports")
        check_looks(window.page, "imports", PLAIN)


def test_a_full_ledger_has_no_page_that_falls_apart(
    app: FastAPI, clock: StoppedClock, browser: Browser
) -> None:
    """500 pledges of a donor, 40 donors, 10 to the 12th dollars, 300 letters in a row, words from right to left."""
    record_extremes(app.state.database, clock)
    with serve(app) as address, watching(browser, address) as window:
        for name, path in PAGES.items():
            page = window.go(path)
            unfold(page)
            check_layout(page, name)


def test_a_fault_of_ours_is_told_on_a_page_that_helps(app: FastAPI, browser: Browser) -> None:
    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError

    with serve(app) as address, watching(browser, address) as window:
        page = window.go("/broken")
        expect(page.locator("#main")).to_contain_text("the number of this call")
        check_looks(page, "fault")
