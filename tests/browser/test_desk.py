"""Promise: every form of the desk can be used by all, in every state; what was typed is not lost."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.access.domain import Role
from tests.browser.conftest import Office
from tests.browser.desk_pages import (
    desk_pages,
    desk_states,
    fill_in_pledge,
    press,
    request_pages,
    sign_in,
)
from tests.browser.looks import check_looks
from tests.browser.served import make_key
from tests.browser.watching import Watched, watching


@pytest.mark.parametrize("pages", [desk_pages, request_pages])
def test_every_page_of_the_desk_can_be_used_by_all(
    desk: Watched, pages: Callable[[Page, str], Iterator[str]]
) -> None:
    for name in pages(desk.page, desk.address):
        check_looks(desk.page, name)


def test_every_state_of_a_form_can_be_used_by_all(desk: Watched) -> None:
    """Previews, and what is shown where something is missing, wrong or no file at all."""
    for name in desk_states(desk.page, desk.address):
        check_looks(desk.page, name)


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


def test_a_list_grows_and_shrinks_without_a_script(plain_desk: Watched) -> None:
    page = plain_desk.page
    fill_in_pledge(page, plain_desk.address)
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


def test_what_is_wrong_is_said_first_and_leads_to_its_field(desk: Watched) -> None:
    page = desk.page
    page.goto(f"{desk.address}/pledges/new")
    page.get_by_label("Amount", exact=True).fill("0,5")
    press(page, "Preview")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Amount", exact=True)).to_have_value("0,5")
    page.get_by_role("alert").get_by_role("link", name="Donor").click()
    expect(page.get_by_label("Donor")).to_be_focused()
    # In a field the key is a letter.
    page.keyboard.press("n")
    expect(page.get_by_label("Donor")).to_have_value("n")


def test_whoever_may_only_read_finds_no_form(browser: Browser, office: Office) -> None:
    key = make_key(office.folder, Role.READER)
    with watching(browser, office.address) as window:
        page = window.page
        page.goto(f"{office.address}/sign-in?next=/pledges")
        page.get_by_label("API key").fill(key)
        press(page, "Sign in")
        expect(page.get_by_role("link", name="New pledge")).to_have_count(0)
        page.keyboard.press("n")
        answer = page.goto(f"{office.address}/pledges/new")
        assert answer is not None
        assert answer.status == 403
        check_looks(page, "refused")


def test_a_form_that_somebody_else_was_quicker_with_shows_both(
    browser: Browser, desk: Watched, office: Office
) -> None:
    page, path = desk.page, "/pledges/KR-2022-02/amend"
    page.goto(desk.address + path)
    with watching(browser, office.address) as other:
        sign_in(other.page, office.address, office.key)
        other.go(path)
        other.page.get_by_label("Reason").fill("The other was quicker.")
        other.page.get_by_label("Notes").fill("Seen by the other")
        press(other.page, "Preview")
        press(other.page, "Record")
    page.get_by_label("Reason").fill("The ministry corrected it.")
    page.get_by_label("Notes").fill("Seen by me")
    press(page, "Preview")
    expect(page.get_by_role("alert")).to_be_focused()
    differing = page.locator("section", has=page.get_by_role("heading", name="What differs"))
    expect(differing.get_by_role("row", name="Notes")).to_contain_text("Seen by the other")
    expect(differing.get_by_role("row", name="Notes")).to_contain_text("Seen by me")
    check_looks(page, "stale")
