"""Promise: a server of one process takes snapshots of the sums as one of several does."""

import threading
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from app.cli import serving
from app.settings import Settings


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_a_single_process_takes_snapshots(
    fresh_database_url: Callable[[bool], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The collector of the tests themselves stays as it is.
    monkeypatch.setattr(serving, "spare_collector", lambda: None)
    app = serving.make_app(Settings(database_url=fresh_database_url(False)))
    with TestClient(app):
        assert "upkeep" in threads()
    assert "upkeep" not in threads()
