"""Promise: at the desk one can sign in, record, correct and import with a browser alone, with and without a script."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, watch
from tests.browser.desk_pages import (
    desk_pages,
    fill_in_pledge,
    press,
    request_pages,
    send_file,
    sign_in,
)
from tests.browser.served import make_key, serve

LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
PATIENCE = 60_000


@pytest.fixture(scope="module")
def folder(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a ledger of its own, because here it changes."""
    assert program
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def desk_address(folder: Path) -> Iterator[str]:
    """Where it is served."""
    with serve(folder) as address:
        yield address


@pytest.fixture(scope="module")
def key(desk_address: str, folder: Path) -> str:
    """A contributor's."""
    assert desk_address
    return make_key(folder)


@pytest.fixture
def desk(browser: Browser, desk_address: str, key: str) -> Iterator[Watched]:
    """A window that is signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    window = watch(context, desk_address)
    sign_in(window.page, desk_address, key)
    yield window
    assert window.faults == []
    assert window.foreign == []
    context.close()


def pledged(page: Page, address: str) -> str:
    page.goto(f"{address}/donors/DK?measure=pledged&currency=DKK")
    return page.locator("main").inner_text()


def test_one_signs_in_and_out(browser: Browser, desk_address: str, key: str) -> None:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{desk_address}/pledges/new?donor=DK")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("API key").fill(key[:-1] + ("a" if key[-1] != "a" else "b"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("API key")).to_have_value("")
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/pledges/new?donor=DK")
    expect(page.get_by_label("Donor")).to_have_value("DK")
    [cookie] = context.cookies()
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{desk_address}/")
    assert context.cookies() == []
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    context.close()


def record_and_correct(page: Page, address: str) -> str:
    """A new pledge, and its correction; its page."""
    fill_in_pledge(page, address)
    press(page, "Preview")
    expect(page.get_by_role("heading", name=re.compile("Preview of DK-2023"))).to_be_visible()
    press(page, "Record")
    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    place = page.url.partition("?")[0]
    page.get_by_role("link", name="Amend").click()
    page.get_by_label("Reason").fill("The ministry corrected it.")
    page.get_by_label("Amount", exact=True).fill("3000000.00")
    press(page, "Preview")
    press(page, "Record")
    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    history = page.locator("section", has=page.get_by_role("heading", name="History"))
    expect(history).to_contain_text("“The ministry corrected it.”")
    expect(history).to_contain_text("3\u202f000\u202f000.00 DKK")
    return place


def test_a_new_pledge_moves_the_totals_and_a_correction_is_history(desk: Watched) -> None:
    page = desk.page
    before = pledged(page, desk.address)
    page.keyboard.press("n")
    page.wait_for_url("**/pledges/new")
    record_and_correct(page, desk.address)
    assert pledged(page, desk.address) != before
    page.goto(desk.address)
    expect(page.locator("main")).to_contain_text("Donation package 13")


def test_the_desk_works_without_a_script(browser: Browser, desk_address: str, key: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, desk_address, key)
    record_and_correct(page, desk_address)
    send_file(page, desk_address)
    expect(page.get_by_role("button", name="Record without the bad rows")).to_be_visible()
    context.close()


def test_a_draft_survives_a_reload(desk: Watched) -> None:
    page = desk.page
    fill_in_pledge(page, desk.address)
    press(page, "Save draft")
    page.wait_for_url("**/pledges/new?draft=*")
    page.reload()
    expect(page.get_by_label("Amount", exact=True)).to_have_value("1000000.00")
    page.get_by_role("link", name="your desk").click()
    page.get_by_role("link", name="New pledge: Donation package 13").first.click()
    press(page, "Discard")


def test_a_list_grows_and_shrinks_without_a_script(
    browser: Browser, desk_address: str, key: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, desk_address, key)
    fill_in_pledge(page, desk_address)
    page.get_by_label("What it is 1").fill("Leopard 2A4")
    press(page, "Add another item")
    expect(page.get_by_label("What it is 2")).to_be_focused()
    page.keyboard.type("Shells")
    # The enter key previews; it neither adds nor removes anything.
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Preview of DK-2023"))).to_be_visible()
    press(page, "Remove item 1")
    expect(page.get_by_label("What it is 1")).to_have_value("Shells")
    press(page, "Discard")
    context.close()


def test_a_file_with_a_bad_row_is_imported_without_it(desk: Watched) -> None:
    page = desk.page
    send_file(page, desk.address)
    expect(page.locator("main")).to_contain_text("cell C3")
    with page.expect_download() as download:
        page.get_by_role("link", name="The workbook with comments").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    press(page, "Record without the bad rows")
    expect(page.get_by_role("heading", name="The file is recorded")).to_be_visible()
    page.goto(f"{desk.address}/pledges/DK-X-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Package one")


@pytest.mark.parametrize("pages", [desk_pages, request_pages])
def test_every_page_of_the_desk_can_be_used_by_all(
    desk: Watched, pages: Callable[[Page, str], Iterator[str]]
) -> None:
    """No finding of axe-core and no sideways scrolling, at a desk and on a phone, by day and by night."""
    page = desk.page
    for name in pages(page, desk.address):
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            results = Axe().run(page)
            assert results.violations_count == 0, f"{name}: {results.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
