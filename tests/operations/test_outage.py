"""While the database is gone or busy every call is refused with 503 and told to come back; then all goes on by itself.

Nothing that was acknowledged before, during or after is lost or there twice.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx2
import pytest

from app import migrate
from app.db import Database
from app.settings import Settings
from tests import postgres, processes
from tests.audit import audit
from tests.client import PLEDGE
from tests.locks import holding_the_head
from tests.writers import Team

# app/db.py: how long a statement waits for a lock.
LOCK_SECONDS: Final = 10
POOL_SECONDS: Final = 2
SLACK_SECONDS: Final = 8
WRITERS: Final = 60


def test_a_stop_of_the_database_is_survived_without_a_restart(tmp_path: Path) -> None:
    with (
        TemporaryDirectory(prefix="aidledger-") as folder,
        postgres.run_cluster(Path(folder)) as cluster,
    ):
        url = cluster.url("postgres")
        database = Database(Settings(database_url=url))
        migrate.upgrade(database)
        database.dispose()
        team, key = Team(8, seed=1), processes.make_key(url)
        with processes.serving(url, tmp_path / "log") as server, server.client(key) as client:
            with team.writing(client):
                team.wait_for_answers(30)
                cluster.stop()
                while team.refused < 20:
                    time.sleep(0.01)
                assert client.get("/healthz").status_code == 200
                assert client.get("/readyz").json()["reason"] == "database-unreachable"
                cluster.start()
                started, answered = time.monotonic(), len(team.calls)
                team.wait_for_answers(1)
                assert len(team.calls) > answered
                assert time.monotonic() - started < SLACK_SECONDS
                team.wait_for_answers(30)
            team.settle(client)
            assert team.replay(client) > 60
            assert client.get("/readyz").status_code == 200
            assert server.stop() == 0
        audit(url, team.calls)
    assert "Traceback" not in server.log.read_text()


@contextmanager
def crowd(
    server: processes.Server, key: str
) -> Iterator[list[Future[tuple[httpx2.Response, float]]]]:
    """Many more writers than there are connections, each with one call and its seconds."""

    def write() -> tuple[httpx2.Response, float]:
        started = time.monotonic()
        reply = client.post("/v1/pledges", json=PLEDGE)
        return reply, time.monotonic() - started

    with server.client(key) as client, ThreadPoolExecutor(WRITERS) as pool:
        yield [pool.submit(write) for _ in range(WRITERS)]


@pytest.fixture
def url(fresh_database_url: Callable[[bool], str]) -> str:
    """An empty ledger."""
    return fresh_database_url(False)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_an_exhausted_pool_refuses_or_serves_in_time_and_the_process_stays_alive(
    url: str, tmp_path: Path
) -> None:
    key = processes.make_key(url)
    with (
        processes.serving(
            url, tmp_path / "log", pool_size="5", pool_timeout_seconds=str(POOL_SECONDS)
        ) as server,
        server.client() as other,
    ):
        with crowd(server, key) as calls:
            with holding_the_head(url):
                slowest = max(seconds_of(other, "/healthz") for _ in range(20))
                time.sleep(POOL_SECONDS + 1)
            replies = [call.result() for call in calls]
        assert slowest < 2
        assert server.stop() == 0
    statuses = Counter(reply.status_code for reply, _ in replies)
    assert statuses.keys() <= {201, 503}
    assert statuses[201] > 0
    for reply, seconds in replies:
        assert seconds < POOL_SECONDS + LOCK_SECONDS + SLACK_SECONDS
        assert reply.status_code == 201 or int(reply.headers["Retry-After"]) >= 1
    assert "Traceback" not in server.log.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_journal_that_stays_locked_is_given_up_in_time(url: str, tmp_path: Path) -> None:
    key = processes.make_key(url)
    with (
        processes.serving(
            url, tmp_path / "log", pool_size="5", pool_timeout_seconds=str(POOL_SECONDS)
        ) as server,
        server.client(key) as other,
    ):
        with holding_the_head(url), crowd(server, key) as calls:
            replies = [call.result() for call in calls]
        assert {reply.status_code for reply, _ in replies} == {503}
        assert other.post("/v1/pledges", json=PLEDGE).status_code == 201
        assert server.stop() == 0
    assert max(seconds for _, seconds in replies) < LOCK_SECONDS + POOL_SECONDS + SLACK_SECONDS
    assert "Traceback" not in server.log.read_text()


def seconds_of(client: httpx2.Client, path: str) -> float:
    """How long a call took that must succeed."""
    started = time.monotonic()
    assert client.get(path).status_code == 200
    return time.monotonic() - started
