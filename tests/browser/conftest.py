"""One server and one browser for all tests of this folder; a fresh window, watched, for each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.browsers import find_browser, open_browser
from tests.browser.served import serve


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

    def go(self, path: str) -> Page:
        """Open a page of ours."""
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture(scope="session")
def program() -> str:
    """The browser's program."""
    return find_browser()


@pytest.fixture(scope="session")
def address(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the demo is served; nobody needs it without a browser."""
    with serve(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture
def browser(program: str, address: str) -> Iterator[Browser]:
    """The browser. While it is open an event loop runs, which other tests of the process must not meet."""
    with open_browser(program) as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window's settings: a desk, by day."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def window(context: BrowserContext, address: str) -> Watched:
    """A watched window."""
    return watch(context, address)


def watch(context: BrowserContext, address: str) -> Watched:
    """A new window whose requests and complaints are noted."""
    page = context.new_page()
    watched = Watched(page, address)

    def note_request(url: str) -> None:
        if not url.startswith((address, "data:")):
            watched.foreign.append(url)

    def note_complaint(kind: str, text: str) -> None:
        # That a page answers 400 or 404 is said here too, and is no fault.
        if kind == "error" and "Failed to load resource" not in text:
            watched.faults.append(text)

    page.on("request", lambda request: note_request(request.url))
    page.on("console", lambda message: note_complaint(message.type, message.text))
    page.on("pageerror", lambda error: watched.faults.append(str(error)))
    return watched
