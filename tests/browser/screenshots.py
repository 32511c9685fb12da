"""Makes a screenshot of every page at both widths: ``python -m tests.browser.screenshots docs/screenshots``."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, FloatRect, Page

from tests.browser.browsers import find_browser, open_browser
from tests.browser.desk_pages import desk_pages, request_pages, sign_in
from tests.browser.served import PAGES, demo_app, make_demo, make_key, serve

WIDTHS: Final = (1280, 390)
# What is further down says no more about how a page looks, and weighs as much.
MOST_HEIGHT: Final = 1600


def main(folder: Path) -> None:
    """Write ``NAME-WIDTH.png`` for each page, and some by night."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="aidledger-") as ledger:
        make_demo(Path(ledger))
        key = make_key(Path(ledger))
        with serve(demo_app(Path(ledger))) as address, open_browser(find_browser()) as browser:
            take_all(browser, address, key, folder)
    shrink(folder)


def take_all(browser: Browser, address: str, key: str, folder: Path) -> None:
    """A picture of each page at each width, and of some by night."""
    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 900})
        for name, path in PAGES.items():
            page.goto(address + path)
            take(page, folder / f"{name}-{width}.png")
        sign_in(page, address, key)
        for pages in (desk_pages, request_pages):
            for name in pages(page, address):
                take(page, folder / f"{name}-{width}.png")
        page.close()
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    for name in ("overview", "verify", "downloads"):
        page.goto(address + PAGES[name])
        take(page, folder / f"{name}-dark-1280.png")


def shrink(folder: Path) -> None:
    """Leave the pictures fewer colours, where pngquant is installed: a third of the weight, and nobody sees it."""
    if program := shutil.which("pngquant"):
        pictures = sorted(map(str, folder.glob("*.png")))
        subprocess.run([program, "--force", "--ext", ".png", "64", *pictures], check=True)


def take(page: Page, file: Path) -> None:
    """One picture of the upper part of a page."""
    width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": min(height, MOST_HEIGHT)}
    page.screenshot(path=file, full_page=True, clip=clip)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots"))
