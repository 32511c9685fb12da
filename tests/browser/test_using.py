"""Promise: what one does with pages works as one expects it to: keys, filters, sorting, paging, printing."""

import csv
import re

from playwright.sync_api import Browser, expect

from app.imports import fact_files
from tests.browser.watching import Watched

# What has the focus: in which block of the page, and how one sees it. Nothing, once it has left the page.
_FOCUSED = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const style = getComputedStyle(one);
    const blocks = [...document.querySelectorAll("a.skip, header > *, main > *, footer")];
    return {
        name: one.outerHTML.slice(0, 100),
        outline: style.outlineStyle,
        width: parseFloat(style.outlineWidth),
        block: blocks.findIndex((block) => block.contains(one)),
    };
}"""


def test_arrow_keys_walk_along_the_chart(window: Watched) -> None:
    page = window.go("/")
    chart = page.locator("svg.chart.wide")
    readout = page.locator("output.readout")
    expect(readout).to_be_hidden()
    chart.focus()
    last = readout.inner_text()
    assert re.match(r"\d{4}-\d{2}: ", last)
    page.keyboard.press("ArrowLeft")
    assert readout.inner_text() < last
    page.keyboard.press("Home")
    first = readout.inner_text()
    page.keyboard.press("ArrowLeft")
    assert readout.inner_text() == first
    page.keyboard.press("End")
    assert readout.inner_text() == last
    assert "United States" in last


def test_the_pointer_shows_the_month_below_it(window: Watched) -> None:
    page = window.go("/")
    page.locator("svg.chart.wide").hover()
    expect(page.locator("output.readout")).to_contain_text("European Union")


def test_slash_leads_to_the_search(window: Watched) -> None:
    page = window.go("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("artillery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pledges?q=artillery")
    expect(page.get_by_label("Text", exact=True)).to_have_value("artillery")


def test_filters_stand_in_the_address_and_can_be_reset(window: Watched) -> None:
    page = window.go("/")
    page.get_by_label("Donor", exact=True).select_option("DK")
    page.get_by_label("From", exact=True).fill("2023")
    page.get_by_role("button", name="Apply").click()
    assert "donor=DK" in page.url
    assert "from=2023" in page.url
    expect(page.get_by_role("heading", level=1)).to_have_text("Aid to Ukraine, Denmark")
    page.get_by_role("link", name="Reset").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aid to Ukraine, all donors")


def test_a_head_of_a_table_sorts_it_and_turns_it_round(window: Watched) -> None:
    page = window.go("/donors")
    names = page.locator("#main tbody th a")
    page.get_by_role("link", name="Donor", exact=True).click()
    rising = names.all_inner_texts()
    assert rising == sorted(rising)
    page.get_by_role("link", name="Donor", exact=True).click()
    assert names.all_inner_texts() == rising[::-1]


def test_the_list_is_walked_page_by_page(window: Watched) -> None:
    page = window.go("/pledges")
    seen = page.locator("tbody th").all_inner_texts()
    while page.get_by_role("link", name="Next page").count():
        page.get_by_role("link", name="Next page").click()
        seen += page.locator("tbody th").all_inner_texts()
    facts = (fact_files.FACTS / "pledges.csv").read_text(encoding="utf-8")
    assert sorted(seen) == sorted(row["reference"] for row in csv.DictReader(facts.splitlines()))


def test_the_skip_link_comes_first(window: Watched) -> None:
    page = window.go("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_whoever_uses_the_keyboard_sees_where_he_is(window: Watched) -> None:
    """Each stop of the tab key has an outline, lies in the order of the page, and none is a trap."""
    page = window.go("/")
    places: list[float] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(_FOCUSED)
        if seen is None:
            break
        assert seen["outline"] != "none", seen["name"]
        assert seen["width"] >= 2, seen["name"]
        places.append(seen["block"])
    assert len(places) > 30
    assert places == sorted(places)


def test_escape_puts_the_readout_away(window: Watched) -> None:
    page = window.go("/")
    page.locator("svg.chart.wide").focus()
    expect(page.locator("output.readout")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("output.readout")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("output.readout")).to_be_visible()


def test_escape_leaves_the_search_and_n_is_nothing_for_visitors(window: Watched) -> None:
    page = window.go("/")
    page.keyboard.press("n")
    page.keyboard.press("/")
    page.keyboard.type("n/")
    expect(page.get_by_role("searchbox")).to_have_value("n/")
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("")
    assert page.url == f"{window.address}/"


def test_the_overview_weighs_little(window: Watched) -> None:
    """At most 60 kB over the wire with everything, in fewer than 8 requests."""
    sizes: list[int] = []
    window.page.on(
        "requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"])
    )
    window.go("/").wait_for_load_state("networkidle")
    assert len(sizes) < 8
    assert sum(sizes) <= 60_000


def test_the_link_of_a_view_can_be_copied(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}/?measure=pledged")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}/?measure=pledged"
    context.close()
