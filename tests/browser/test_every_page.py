"""Promise: every page, by day and by night, at a desk and on a phone, can be used by all, and calls nobody else."""

from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import watch
from tests.browser.served import PAGES

WIDTHS: Final = (1280, 390)
SCHEMES: Final = ("light", "dark")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_can_be_used_by_all(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    """No finding of axe-core, no breach of the policy, no request to another host, no sideways scrolling."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    window = watch(context, address)
    for name, path in PAGES.items():
        page = window.go(path)
        results = Axe().run(page)
        assert results.violations_count == 0, f"{name}: {results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert window.faults == []
    assert window.foreign == []
    context.close()


def test_pages_are_whole_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("svg.chart.wide .band").count() >= 5
    page.get_by_text("Show as table").click()
    assert page.get_by_role("columnheader", name="End of").is_visible()
    page.get_by_label("Measure").select_option("pledged")
    page.get_by_role("button", name="Apply").click()
    assert "measure=pledged" in page.url
    assert page.get_by_role("heading", name="Cumulative pledges by donor").is_visible()
    context.close()


def test_the_docs_of_the_api_work_offline(browser: Browser, address: str) -> None:
    context = browser.new_context()
    window = watch(context, address)
    page = window.go("/docs")
    page.locator("#swagger .opblock-tag").first.wait_for(timeout=120_000)
    assert window.faults == []
    assert window.foreign == []
    context.close()
