"""POST per second at 16 connections, beside a POST that does nothing on the same server; interleaved, as a ratio.

Run by hand from the project's root: ``python -m benchmarks.post [--rounds 3] [--seconds 5]``. PostgreSQL is a
throw-away cluster with fsync and synchronous_commit on; SQLite runs with WAL and ``synchronous=FULL``. One server
process, one client process.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from app import migrate
from app.access import service as access
from app.access.domain import Role
from app.db import Database
from app.kernel.clock import SystemClock
from app.settings import Settings
from tests import postgres

CONNECTIONS: Final = 16
DURABLE: Final = (
    "-c fsync=on -c synchronous_commit=on -c max_connections=100 -c shared_buffers=256MB"
)
BODY: Final = (
    b'{"donor": "DK", "title": "Donation package", "aid_type": "military", "amount": "1000000.00",'
    b' "currency": "DKK", "announced_on": "2023-11-14", "status": "committed",'
    b' "sources": [{"url": "https://www.fmn.dk/en/news", "kind": "official"}]}'
)
PATHS: Final = ("/nothing-in-a-thread", "/nothing", "/v1/pledges")


def prepare(url: str) -> str:
    """Migrate, and make a key."""
    database = Database(Settings(database_url=url))
    migrate.upgrade(database)
    with database.transaction() as session:
        key = access.create_key(
            session, name="bench", role=Role.CONTRIBUTOR, valid_for=timedelta(days=1), clock=SystemClock(),
            created_by="bench",
        )  # fmt: skip
    database.dispose()
    return key.text


@contextmanager
def serving(url: str) -> Iterator[tuple[int, int]]:
    """Port and process id of a server with the do-nothing routes."""
    port = postgres.free_port()
    program = (
        "import uvicorn; uvicorn.run('benchmarks.nothing:make_app', factory=True,"
        f" port={port}, log_config=None, access_log=False, log_level='critical')"
    )
    environment = {**os.environ, "AIDLEDGER_DATABASE_URL": url, "AIDLEDGER_LOG_LEVEL": "CRITICAL"}
    process = subprocess.Popen([sys.executable, "-c", program], env=environment)
    try:
        wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    """Until the server answers."""
    for _ in range(300):
        try:
            asyncio.run(load(port, "/nothing", "", seconds=0.05, connections=1))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


async def load(
    port: int, path: str, key: str, *, seconds: float, connections: int = CONNECTIONS
) -> float:
    """Answers per second, all of them 201."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    )
    request, until, done = head.encode() + BODY, time.monotonic() + seconds, 0

    async def call() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < until:
            writer.write(request)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 201"), answer
            await reader.readexactly(content_length(answer))
            done += 1
        writer.close()

    started = time.monotonic()
    await asyncio.gather(*(call() for _ in range(connections)))
    return done / (time.monotonic() - started)


def content_length(head: bytes) -> int:
    """How long the body is."""
    return int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])


def measure(engine: str, url: str, rounds: int, seconds: float) -> None:
    """Print the medians of interleaved rounds, and the ratio of each round."""
    key = prepare(url)
    rates: dict[str, list[float]] = {path: [] for path in PATHS}
    with serving(url) as (port, _):
        for round_number in range(rounds + 1):
            for path in PATHS:
                rate = asyncio.run(load(port, path, key, seconds=seconds))
                if round_number:  # the first one warms up
                    rates[path].append(rate)
    for path in PATHS:
        print(f"{engine:<11}{path:<22}{statistics.median(rates[path]):>9.0f} POST/s")
    for path in PATHS[:2]:
        ratios = [one / nothing for one, nothing in zip(rates[PATHS[2]], rates[path], strict=True)]
        print(f"{engine:<11}{'pledge / ' + path:<31}{statistics.median(ratios):>9.2f}")


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=5.0, show_default=True)
def main(rounds: int, seconds: float) -> None:
    """Measure both engines."""
    with tempfile.TemporaryDirectory(prefix="aidledger-") as folder:
        measure("sqlite", f"sqlite:///{folder}/bench.db", rounds, seconds)
    with (
        tempfile.TemporaryDirectory(prefix="aidledger-") as folder,
        postgres.run_cluster(Path(folder), DURABLE) as cluster,
    ):
        postgres.execute(cluster.url("postgres"), "CREATE DATABASE bench")
        measure("postgresql", cluster.url("bench"), rounds, seconds)


if __name__ == "__main__":
    main()
