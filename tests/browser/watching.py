"""A window of the browser, and what happens in it that should not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page

# A machine with other things to do may take so long for one page, in milliseconds.
PATIENCE: Final = 60_000


@dataclass
class Watched:
    """A window, and all that it did that it should not have done.

    Attributes:
        foreign: requests to other hosts.
        faults: errors of scripts, and breaches of the policy.
    """

    page: Page
    address: str
    foreign: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        """Its cookies and settings."""
        return self.page.context

    def go(self, path: str) -> Page:
        """Open a page of ours."""
        self.page.goto(self.address + path)
        return self.page


@contextmanager
def watching(browser: Browser, address: str, **settings: Any) -> Iterator[Watched]:
    """A new window, by default a desk's; at the end there must be nothing to complain of."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
    context.set_default_timeout(PATIENCE)
    watched = Watched(context.new_page(), address)
    watch(watched)
    yield watched
    context.close()
    assert watched.faults == []
    assert watched.foreign == []


def watch(watched: Watched) -> None:
    """Note requests and complaints from now on."""

    def note_request(url: str) -> None:
        if not url.startswith((watched.address, "data:")):
            watched.foreign.append(url)

    def note_complaint(kind: str, text: str) -> None:
        # That a page answers 400 or 404 is said here too, and is no fault.
        if kind == "error" and "Failed to load resource" not in text:
            watched.faults.append(text)

    page = watched.page
    page.on("request", lambda request: note_request(request.url))
    page.on("console", lambda message: note_complaint(message.type, message.text))
    page.on("pageerror", lambda error: watched.faults.append(str(error)))
