"""Promise: what is recorded at the desk is in the figures that everybody sees, and a correction is history.

The rates are those that the European Central Bank published for 14 November 2023: a euro was 7.4597 Danish kroner, and
1.0724 United States dollars. The amounts are chosen so that what is rounded on the overview comes out without a rest.
"""

from decimal import Decimal
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_pages import fill_in_pledge, press, record
from tests.browser.watching import Watched, watching

# 1 and 2 billion euros in kroner, and 268.1 billion dollars in euros.
KRONER: Final = "7459700000.00"
TWICE: Final = "14919400000.00"
EUROS: Final = "250000000000.00"


def figures(page: Page) -> tuple[Decimal, Decimal]:
    """What the overview says was pledged: the key figure, and the total below the table. In billions."""
    card = page.locator(".figures .card", has=page.get_by_text("Pledged", exact=True))
    key, unit = card.locator(".figure").inner_text().rsplit(" bn ", 1)
    assert f"bn {unit}" in page.locator("#donors").inner_text()
    total = page.locator("tfoot .number").first.inner_text()
    return read(key), read(total)


def read(text: str) -> Decimal:
    """A figure of a page."""
    return Decimal(text.replace("\u202f", ""))


def moved(page: Page, before: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    """By how much both have moved, once the page is loaded again."""
    page.reload()
    key, total = figures(page)
    return key - before[0], total - before[1]


def test_a_new_pledge_is_in_the_figures_of_everybody_to_the_cent(
    browser: Browser, desk: Watched
) -> None:
    """Also in another currency, and for somebody whose browser has kept the page from before."""
    with watching(browser, desk.address) as visitor, watching(browser, desk.address) as american:
        in_euros = figures(visitor.go("/"))
        in_dollars = figures(american.go("/?currency=USD"))
        fill_in_pledge(desk.page, desk.address, Donor="SE", Amount=EUROS, Currency="EUR")
        record(desk.page)
        assert moved(visitor.page, in_euros) == (Decimal(250), Decimal(250))
        assert moved(american.page, in_dollars) == (Decimal("268.1"), Decimal("268.1"))
        expect(visitor.page.locator("#main")).to_contain_text("Donation package 13")
        # Of Sweden alone the very cents are shown.
        assert figures(visitor.go("/?donor=SE")) == (Decimal(250), Decimal(250))


def test_an_amount_in_another_currency_is_converted_at_the_rate_of_its_day(
    browser: Browser, desk: Watched
) -> None:
    with watching(browser, desk.address) as visitor:
        before = figures(visitor.go("/"))
        fill_in_pledge(desk.page, desk.address, Amount=KRONER)
        record(desk.page)
        assert moved(visitor.page, before) == (Decimal(1), Decimal(1))


@pytest.mark.parametrize("which", ["desk", "plain_desk"])
def test_a_correction_moves_the_figures_and_stands_in_the_history(
    browser: Browser, which: str, request: pytest.FixtureRequest
) -> None:
    """With a script and without."""
    desk: Watched = request.getfixturevalue(which)
    page = desk.page
    fill_in_pledge(page, desk.address, Amount=KRONER, Title=f"Corrected at the {which}")
    record(page)
    with watching(browser, desk.address) as visitor:
        before = figures(visitor.go("/"))
        page.get_by_role("link", name="Amend").click()
        page.get_by_label("Reason").fill("The ministry corrected it.")
        page.get_by_label("Amount", exact=True).fill(TWICE)
        record(page)
        assert moved(visitor.page, before) == (Decimal(1), Decimal(1))
    history = page.locator("section", has=page.get_by_role("heading", name="History"))
    story = history.locator(".story").first
    expect(story).to_contain_text("“The ministry corrected it.”")
    amount = story.locator("li", has_text="amount")
    expect(amount.locator("del")).to_have_text("7\u202f459\u202f700\u202f000.00 DKK")
    expect(amount.locator("ins")).to_have_text("14\u202f919\u202f400\u202f000.00 DKK")


def test_the_key_n_begins_a_new_pledge(desk: Watched) -> None:
    desk.go("/").keyboard.press("n")
    desk.page.wait_for_url("**/pledges/new")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("New pledge")


def test_a_form_is_filled_in_and_recorded_by_keyboard_alone(desk: Watched) -> None:
    page = desk.go("/")
    page.keyboard.press("n")
    page.wait_for_url("**/pledges/new")
    page.get_by_label("Title").first.focus()
    for text in ("Typed without a mouse", "DK"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.type("Military")
    page.keyboard.press("Tab")
    page.keyboard.type("1000.00")
    page.keyboard.press("Tab")
    page.keyboard.type("DKK")
    # Enter in a field presses the first button, and that records nothing.
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Preview of DK-")).to_be_visible()
    expect(page.locator(".preview")).to_be_focused()
    reached = page.get_by_role("button", name="Record", exact=True)
    for _ in range(20):
        page.keyboard.press("Tab")
        if reached.evaluate("(one) => one === document.activeElement"):
            break
    press_focused(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Typed without a mouse")


def press_focused(page: Page) -> None:
    """Press what has the focus, and see what comes of it."""
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_a_pledge_of_the_demo_is_withdrawn_and_says_so(desk: Watched) -> None:
    page = desk.page
    fill_in_pledge(page, desk.address, Title="Recorded in error")
    record(page)
    page.get_by_role("link", name="Withdraw", exact=True).click()
    page.get_by_label("Reason").fill("It was recorded twice.")
    press(page, "Preview")
    press(page, "Record")
    expect(page.locator("#main")).to_contain_text("recorded in error and was withdrawn")
