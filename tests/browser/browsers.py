"""The browser that the system has, kept from every host but ours; tests skip where there is none."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

REQUIRED: Final = "AIDLEDGER_REQUIRE_BROWSER"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
# It must not look for updates or report on its own.
OPTIONS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_browser() -> str:
    """The path of the browser's program; skips, or fails where a browser is required."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, and there is none of {', '.join(NAMES)}.")
    pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")


@contextmanager
def open_browser(program: str, *, leaving_out: Sequence[str] = ()) -> Iterator[Browser]:
    """A browser without a window, closed at the end; ``leaving_out`` are options of Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=list(OPTIONS), ignore_default_args=list(leaving_out)
        )
        try:
            yield browser
        finally:
            browser.close()
