"""Several server processes on one PostgreSQL are one ledger: one effect per key, one winner per version.

No process holds state that another one needs, so two of them must refuse and agree as one does.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path
from threading import Barrier
from typing import Final

import httpx2
import pytest
from sqlalchemy import text

from app.db import Database
from app.settings import Settings
from tests import processes
from tests.audit import check_ledger
from tests.client import PLEDGE

CALLERS: Final = 16
on_postgresql: Final = pytest.mark.parametrize("engine_name", ["postgresql"])


@pytest.fixture
def url(fresh_database_url: Callable[[bool], str]) -> str:
    """The address of an empty ledger."""
    return fresh_database_url(False)


@pytest.fixture
def clients(url: str, tmp_path: Path) -> Iterator[list[httpx2.Client]]:
    """Sixteen callers, every other one at the other server; the ledger is audited when they are done."""
    key = processes.make_key(url)
    servers = [processes.Server(url, tmp_path / f"log-{number}") for number in range(2)]
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.kill)
            server.start()
        for server in servers:
            processes.wait_until_alive(server.port)
        connections = [stack.enter_context(server.client(key)) for server in servers]
        yield list(islice(cycle(connections), CALLERS))
    database = Database(Settings(database_url=url))
    check_ledger(database)
    database.dispose()


def all_at_once(
    clients: list[httpx2.Client], call: Callable[[httpx2.Client], httpx2.Response]
) -> list[httpx2.Response]:
    """Every caller makes the call in the same moment."""
    barrier = Barrier(len(clients))

    def wait_and_call(client: httpx2.Client) -> httpx2.Response:
        barrier.wait()
        return call(client)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(wait_and_call, clients))


def count_pledges(url: str) -> int:
    """How many pledges the ledger holds."""
    database = Database(Settings(database_url=url))
    with database.engine.connect() as connection:
        counted: int | None = connection.execute(
            text("SELECT count(DISTINCT id) FROM pledge")
        ).scalar()
    database.dispose()
    assert counted is not None
    return counted


@on_postgresql
def test_sixteen_posts_with_one_key_make_one_pledge_and_get_one_answer(
    url: str, clients: list[httpx2.Client]
) -> None:
    for group in range(5):
        replies = all_at_once(
            clients,
            lambda client, key=f"one-{group}": client.post(  # type: ignore[misc]
                "/v1/pledges", json=PLEDGE, headers={"Idempotency-Key": key}
            ),
        )
        assert {reply.status_code for reply in replies} == {201}
        assert len({reply.content for reply in replies}) == 1
        assert len({reply.headers["Location"] for reply in replies}) == 1
        assert sum("Idempotency-Replayed" not in reply.headers for reply in replies) == 1
        assert count_pledges(url) == group + 1


@on_postgresql
def test_sixteen_amendments_of_one_version_have_one_winner(clients: list[httpx2.Client]) -> None:
    recorded = clients[0].post("/v1/pledges", json=PLEDGE)
    path, tag = recorded.headers["Location"], recorded.headers["ETag"]
    for version in range(2, 7):
        replies = all_at_once(
            clients,
            lambda client, tag=tag, version=version: client.patch(  # type: ignore[misc]
                path, json={"reason": "it was so", "amount": f"{version}.00"},
                headers={"If-Match": tag},
            ),
        )  # fmt: skip
        assert Counter(reply.status_code for reply in replies) == {200: 1, 412: CALLERS - 1}
        [winner] = [reply for reply in replies if reply.status_code == 200]
        assert winner.json()["version"] == version
        tag = winner.headers["ETag"]


@on_postgresql
def test_two_workers_serve_one_postgresql_ledger(url: str, tmp_path: Path) -> None:
    key = processes.make_key(url)
    with (
        processes.serving(url, tmp_path / "log", "--workers", "2") as server,
        server.client(key) as client,
    ):
        with ThreadPoolExecutor(CALLERS) as pool:
            replies = list(
                pool.map(lambda _: client.post("/v1/pledges", json=PLEDGE), range(CALLERS * 2))
            )
        assert {reply.status_code for reply in replies} == {201}
        assert server.stop() == 0
    events = [json.loads(line) for line in server.log.read_text().splitlines()]
    started = [event for event in events if event["event"].startswith("Started server process")]
    assert len(started) == 2
    assert count_pledges(url) == CALLERS * 2


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_two_workers_refuse_an_embedded_ledger(url: str) -> None:
    refused = processes.run("serve", url, "--workers", "2")
    assert refused.returncode == 2
    assert "Several workers need PostgreSQL" in refused.stderr
    assert "Traceback" not in refused.stderr
