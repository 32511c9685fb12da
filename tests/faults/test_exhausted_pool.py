"""While all connections are taken a call is refused with 503 within the pool's patience; afterwards all goes on.

One call never holds two connections, so even a pool of one serves every kind of call.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import httpx2
import pytest

from app.access.domain import Role
from app.kernel.clock import SystemClock
from tests import processes
from tests.audit import check_audit
from tests.faults.calls import WRITES
from tests.locks import count_waiting, holding_the_head

POOL_SECONDS: Final = 1
SLACK_SECONDS: Final = 4
COPIES: Final = 4
READS: Final = (
    "/v1/pledges",
    "/v1/pledges?as_of={now}",
    "/v1/pledges.csv",
    "/v1/pledges/DK-2023-0001",
    "/v1/pledges/DK-2023-0001/history",
    "/v1/entries",
    "/v1/entries.ndjson",
    "/v1/donors",
    "/v1/reports/summary.xlsx",
    "/v1/totals?measure=pledged&by=donor&currency=native&as_of={now}",
    "/v1/legislative-requests?as_of={now}",
    "/v1/api-keys",
    "/readyz",
)
on_postgresql: Final = pytest.mark.parametrize("engine_name", ["postgresql"])
# Those that are in the midst of it: one shares its transaction with others, one has it to itself.
HOLDERS: Final = (WRITES["pledge"], WRITES["batch"])


@pytest.fixture
def url(fresh_database_url: Callable[[bool], str]) -> Iterator[str]:
    """The address of an empty ledger with rates, which is audited in the end."""
    url = fresh_database_url(True)
    yield url
    check_audit(url)


def refused_reads(client: httpx2.Client) -> list[str]:
    """Which calls of those that only read are not answered as they should be."""
    now = SystemClock().now().isoformat().replace("+00:00", "Z")
    replies = {path: client.get(path.format(now=now)) for path in READS}
    return [f"{path} {reply.text}" for path, reply in replies.items() if reply.status_code != 200]


@on_postgresql
def test_a_pool_of_one_serves_every_kind_of_call(url: str, tmp_path: Path) -> None:
    key = processes.make_key(url, Role.ADMIN)
    with (
        processes.serving(
            url, tmp_path / "log", pool_size="1", pool_timeout_seconds=str(POOL_SECONDS)
        ) as server,
        server.client(key) as client,
    ):
        for name, write in WRITES.items():
            assert write.send(client).status_code == 201, name
            assert refused_reads(client) == [], name


@on_postgresql
@pytest.mark.parametrize("size", [1, 2])
def test_an_exhausted_pool_refuses_in_time_and_recovers(
    url: str, tmp_path: Path, size: int
) -> None:
    key = processes.make_key(url, Role.ADMIN)
    with (
        processes.serving(
            url, tmp_path / "log", pool_size=str(size), pool_timeout_seconds=str(POOL_SECONDS)
        ) as server,
        server.client(key) as client,
        ThreadPoolExecutor(20) as pool,
    ):
        assert client.get("/readyz").status_code == 200
        with holding_the_head(url):
            holders = [pool.submit(holder.send, client) for holder in HOLDERS[:size]]
            while count_waiting(url) < size:
                time.sleep(0.01)
            calls = [
                pool.submit(seconds_of, call)
                for call in [lambda: client.get("/v1/pledges"), *late_writes(client)] * COPIES
            ]
            replies = [call.result() for call in calls]
            assert client.get("/healthz").status_code == 200
        for reply, seconds in replies:
            assert (reply.status_code, reply.json()["code"]) == (503, "unavailable")
            assert int(reply.headers["Retry-After"]) >= 1
            assert seconds < POOL_SECONDS + SLACK_SECONDS
        assert [holder.result().status_code for holder in holders] == [201] * size
        assert refused_reads(client) == []
        assert {write.send(client).status_code for write in WRITES.values()} == {201}
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def late_writes(client: httpx2.Client) -> list[Callable[[], httpx2.Response]]:
    """Writes of every kind."""
    return [lambda write=write: write.send(client) for write in WRITES.values()]  # type: ignore[misc]


def seconds_of(call: Callable[[], httpx2.Response]) -> tuple[httpx2.Response, float]:
    """An answer, and how long it took."""
    started = time.monotonic()
    return call(), time.monotonic() - started
