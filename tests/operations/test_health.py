"""``/healthz`` says that the process is alive, whatever the database does; ``/readyz`` says whether it can serve."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app import migrate
from app.db import Database
from app.main import create_app
from app.settings import Settings
from tests import processes

NOBODY = "postgresql+psycopg://postgres@127.0.0.1:{port}/nobody"


def client_of(url: str) -> TestClient:
    """A client of an application on this database, reachable or not."""
    app = create_app(Settings(database_url=url, pool_timeout_seconds=2))
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word, as a host behind a bad firewall does."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def unmigrated_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a single table."""
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: str = request.getfixturevalue("postgres_server")
    return server


def test_healthz_answers_without_a_database(tmp_path: Path) -> None:
    for url in (
        NOBODY.format(port=processes.free_port()),
        f"sqlite:///{tmp_path / 'no' / 'folder' / 'here.db'}",
    ):
        with client_of(url) as client:
            answer = client.get("/healthz")
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok"}


def test_readyz_is_ready_on_a_migrated_database(fresh_database_url: Callable[[bool], str]) -> None:
    with client_of(fresh_database_url(False)) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "schema": migrate.expected_head()}


def test_readyz_refuses_a_database_without_a_schema(unmigrated_url: str) -> None:
    with client_of(unmigrated_url) as client:
        answer = client.get("/readyz")
    assert_not_ready(answer, "schema-not-at-head")
    assert "aidledger init" in answer.json()["detail"]


def test_readyz_refuses_a_database_of_an_older_release(
    fresh_database_url: Callable[[bool], str],
) -> None:
    url = fresh_database_url(False)
    database = Database(Settings(database_url=url))
    migrate.downgrade(database, "-1")
    database.dispose()
    with client_of(url) as client:
        assert_not_ready(client.get("/readyz"), "schema-not-at-head")


def test_readyz_refuses_quickly_where_nobody_listens() -> None:
    with client_of(NOBODY.format(port=processes.free_port())) as client:
        started = time.monotonic()
        assert_not_ready(client.get("/readyz"), "database-unreachable")
    assert time.monotonic() - started < 5


def test_readyz_refuses_soon_where_the_database_keeps_silent(silent_port: int) -> None:
    with client_of(NOBODY.format(port=silent_port)) as client:
        started = time.monotonic()
        assert_not_ready(client.get("/readyz"), "database-unreachable")
    assert time.monotonic() - started < 10


def test_a_read_is_refused_alike_where_the_database_cannot_be_reached() -> None:
    with client_of(NOBODY.format(port=processes.free_port())) as client:
        answer = client.get("/v1/pledges")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
    assert int(answer.headers["Retry-After"]) >= 1


def assert_not_ready(answer: Response, reason: str) -> None:
    """503 as a problem document that says why, and when to ask again."""
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json()["code"] == "not-ready"
    assert answer.json()["reason"] == reason
