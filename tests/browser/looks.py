"""What every page must hold to, however it is looked at: by day and by night, at a desk, on a phone and on paper."""

from collections.abc import Sequence
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import Page

Look = tuple[int, Literal["light", "dark"]]
LOOKS: Final[Sequence[Look]] = (
    (1280, "light"),
    (390, "light"),
    (390, "dark"),
    (1280, "dark"),
)
WIDTHS: Final = (1280, 768, 390)
_BY_DAY: Final = {"resultTypes": ["violations"]}
# By night a page has other colours, and is otherwise the same.
_BY_NIGHT: Final = {**_BY_DAY, "runOnly": {"type": "tag", "values": ["cat.color"]}}
# A4 between the stylesheet's margins, in its pixels.
PAPER: Final = 695
# Paper cannot be scrolled: what is wider than its box is lost, and so is what is wider than the sheet.
_CUT: Final = """() => [...document.querySelectorAll("main *")]
    .filter((one) => one.checkVisibility() && !one.closest("svg, .unseen"))
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1
        || (getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1))
    .map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`)"""
_CLICKABLE: Final = """() => [...document.querySelectorAll(
        "nav, form, button, input, .skip, .twins, .actions, .who, details:not([open])"
    )]
    .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 80))"""


def check_looks(page: Page, name: str, looks: Sequence[Look] = LOOKS) -> None:
    """No finding of axe-core in any of the looks, and everything in its place."""
    page.evaluate(Axe().axe_script)
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        options: Any = _BY_DAY if scheme == "light" else _BY_NIGHT
        found = AxeResults(page.evaluate("options => axe.run(options)", options))
        assert found.violations_count == 0, f"{name}, {width}, {scheme}: {found.generate_report()}"
    check_layout(page, name)


def check_layout(page: Page, name: str) -> None:
    """No sideways scrolling at any width, and nothing cut on paper."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide} at {width}"
    check_paper(page, name)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


def check_paper(page: Page, name: str) -> None:
    """Nothing is cut off on a sheet of A4, and nothing stands there that can only be clicked."""
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    cut, clickable = page.evaluate(_CUT), page.evaluate(_CLICKABLE)
    assert cut == [], f"{name}: {cut}"
    assert clickable == [], f"{name}: {clickable}"
    page.emulate_media(media="screen")
