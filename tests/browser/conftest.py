"""The demo is made once, and served as often as somebody changes it; a fresh, watched window for each test."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser

from tests.browser.browsers import find_browser, open_browser
from tests.browser.desk_pages import sign_in
from tests.browser.served import copy_demo, demo_app, make_demo, make_key, serve
from tests.browser.watching import Watched, watching


@dataclass(frozen=True)
class Office:
    """Where tests record: a ledger of their own, and a contributor's key to it."""

    folder: Path
    app: FastAPI
    address: str
    key: str


@pytest.fixture(scope="session")
def program() -> str:
    """The browser's program."""
    return find_browser()


@pytest.fixture(scope="session")
def demo(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo; nobody needs it without a browser, and nobody changes it."""
    assert program
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder)
    return folder


@pytest.fixture(scope="session")
def address(demo: Path) -> Iterator[str]:
    """Where the demo is served."""
    with serve(demo_app(demo)) as address:
        yield address


@pytest.fixture(scope="session")
def office(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Where a copy of the demo is served that grows from test to test."""
    folder = tmp_path_factory.mktemp("office")
    copy_demo(demo, folder)
    key = make_key(folder)
    app = demo_app(folder)
    with serve(app) as address:
        yield Office(folder, app, address, key)


@pytest.fixture(scope="module")
def browser(program: str) -> Iterator[Browser]:
    """The browser. While it is open an event loop runs, which tests of other folders must not meet."""
    with open_browser(program) as browser:
        yield browser


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[Watched]:
    """A watched window on the demo."""
    with watching(browser, address) as window:
        yield window


@pytest.fixture
def desk(browser: Browser, office: Office) -> Iterator[Watched]:
    """A watched window in which somebody is signed in."""
    with watching(browser, office.address) as window:
        sign_in(window.page, office.address, office.key)
        yield window


@pytest.fixture
def plain_desk(browser: Browser, office: Office) -> Iterator[Watched]:
    """The same in a browser that runs no scripts."""
    with watching(browser, office.address, java_script_enabled=False) as window:
        sign_in(window.page, office.address, office.key)
        yield window
