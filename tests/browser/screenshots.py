"""Makes a screenshot of every page at both widths: ``python -m tests.browser.screenshots docs/screenshots``."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.browser.browsers import find_browser, open_browser
from tests.browser.desk_pages import desk_pages, sign_in
from tests.browser.served import PAGES, make_key, serve

WIDTHS: Final = (1280, 390)


def main(folder: Path) -> None:
    """Write ``NAME-WIDTH.png`` for each page, and the overview by night."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix="aidledger-") as ledger,
        serve(Path(ledger)) as address,
        open_browser(find_browser()) as browser,
    ):
        key = make_key(Path(ledger))
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            for name, path in PAGES.items():
                page.goto(address + path)
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
            sign_in(page, address, key)
            for name in desk_pages(page, address):
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
            page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
        page.goto(address)
        page.screenshot(path=folder / "overview-dark-1280.png", full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots"))
