"""Promise: every page, in whatever light and on whatever sheet, can be used by all, and calls nobody else."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looks import check_looks
from tests.browser.served import PAGES
from tests.browser.watching import Watched, watching


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_used_by_all(window: Watched, name: str) -> None:
    """No finding of axe-core, no breach of the policy, no request to another host, no sideways scrolling."""
    page = window.go(PAGES[name])
    # What is folded away must be fit to be seen too.
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    check_looks(page, name)


def test_pages_are_whole_without_a_script(browser: Browser, address: str) -> None:
    with watching(browser, address, java_script_enabled=False) as window:
        page = window.go("/")
        assert page.locator("svg.chart.wide .band").count() >= 5
        page.get_by_text("Show as table").click()
        assert page.get_by_role("columnheader", name="End of").is_visible()
        page.get_by_label("Measure").select_option("pledged")
        page.get_by_role("button", name="Apply").click()
        assert "measure=pledged" in page.url
        assert page.get_by_role("heading", name="Cumulative pledges by donor").is_visible()


def test_a_list_is_filtered_sorted_and_walked_without_a_script(
    browser: Browser, address: str
) -> None:
    with watching(browser, address, java_script_enabled=False) as window:
        page = window.go("/pledges")
        page.get_by_label("Donor", exact=True).select_option("US")
        page.get_by_role("button", name="Apply").click()
        page.get_by_role("link", name="Announced", exact=True).click()
        # The first of the facts about the United States.
        expect(page.locator("tbody .date").first).to_have_text("23 December 2021")
        first = page.locator("tbody th").all_inner_texts()
        page.get_by_role("link", name="Next page").click()
        second = page.locator("tbody th").all_inner_texts()
        assert second
        assert not set(first) & set(second)
        donors = set(page.locator("tbody td:nth-child(3)").all_inner_texts())
        assert donors == {"United States"}


def test_the_docs_of_the_api_work_offline(window: Watched) -> None:
    window.go("/docs").locator("#swagger .opblock-tag").first.wait_for(timeout=120_000)
