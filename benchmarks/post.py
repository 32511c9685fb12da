"""POST per second at 16 and 64 connections: one by one, with group commit, doing nothing, and the bare transaction.

Run by hand from the project's root: ``python -m benchmarks.post [--workers 2] [--rounds 3] [--seconds 5]``. All runs of
one engine are interleaved on one server; ratios are of runs next to each other. PostgreSQL is a throw-away cluster with
fsync and synchronous_commit on, with one server process and with two; SQLite runs with WAL and ``synchronous=FULL``.
The one client process shares the machine with them. ``pgbench`` runs the equivalent transaction
(benchmarks/pgbench.sql) in the same database.
"""

import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import click
from sqlalchemy import make_url

from app import migrate
from app.access import service as access
from app.access.domain import Role
from app.db import Database
from app.kernel.clock import SystemClock
from app.settings import Settings
from tests import postgres

CONNECTIONS: Final = (16, 64)
WORKERS: Final = (1, 2)
DURABLE: Final = (
    "-c fsync=on -c synchronous_commit=on -c max_connections=200 -c shared_buffers=256MB"
)
BODY: Final = (
    b'{"donor": "DK", "title": "Donation package", "aid_type": "military", "amount": "1000000.00",'
    b' "currency": "DKK", "announced_on": "2023-11-14", "status": "committed",'
    b' "sources": [{"url": "https://www.fmn.dk/en/news", "kind": "official"}]}'
)
NOTHING: Final = "/nothing"
THREAD: Final = "/nothing-in-a-thread"
ALONE: Final = "/pledges-one-by-one"
TOGETHER: Final = "/v1/pledges"
PATHS: Final = (THREAD, TOGETHER, ALONE, NOTHING)
PGBENCH: Final = "pgbench"
SCRIPT: Final = Path(__file__).with_name("pgbench.sql")


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
def serving(url: str, workers: int = 1) -> Iterator[tuple[int, int]]:
    """Port and process id of a server with the routes to compare with."""
    port = postgres.free_port()
    program = (
        "import uvicorn; uvicorn.run('benchmarks.nothing:make_app', factory=True,"
        f" port={port}, workers={workers}, log_config=None, access_log=False, log_level='critical')"
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


async def load(port: int, path: str, key: str, *, seconds: float, connections: int) -> float:
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


def bare(url: str, connections: int, seconds: float) -> float:
    """Transactions per second of ``pgbench``, which speaks to the database directly."""
    binaries = postgres.find_binaries()
    assert binaries is not None
    at = make_url(url)
    options = {
        "-h": at.host or at.query.get("host"), "-p": at.port or 5432, "-U": at.username,
        "-M": "prepared", "-f": SCRIPT, "-T": max(1, round(seconds)), "-c": connections, "-j": 2,
    }  # fmt: skip
    words = [str(word) for option in options.items() for word in option]
    command = [
        str((binaries / "pg_ctl").resolve().with_name(PGBENCH)),
        "-n",
        *words,
        str(at.database),
    ]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"tps = ([0-9.]+)", output)[1])  # type: ignore[index]  # or the run is worth nothing


def measure(engine: str, url: str, workers: int, rounds: int, seconds: float) -> None:
    """Print the medians of interleaved rounds, and the ratio to doing nothing in each round."""
    key = prepare(url)
    rates: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    with serving(url, workers) as (port, _):
        for round_number in range(rounds + 1):
            for connections in CONNECTIONS:
                for path in (*PATHS, *([PGBENCH] if engine == "postgresql" else [])):
                    if path == PGBENCH:
                        rate = bare(url, connections, seconds)
                    else:
                        rate = asyncio.run(
                            load(port, path, key, seconds=seconds, connections=connections)
                        )
                    if round_number:  # the first one warms up
                        rates[connections, path].append(rate)
    for (connections, path), measured in rates.items():
        beside = [
            statistics.median(
                one / other
                for one, other in zip(measured, rates[connections, nothing], strict=True)
            )
            for nothing in (THREAD, NOTHING)
        ]
        print(
            f"{engine:<11}{workers} x {connections:>2} {path:<22}{statistics.median(measured):>7.0f}/s"
            f" {beside[0]:>6.2f} {beside[1]:>6.2f}",
            flush=True,
        )


@click.command()
@click.option(
    "--engine", "engines", multiple=True, default=("sqlite", "postgresql"), show_default=True
)
@click.option(
    "--workers", "counts", multiple=True, type=int, default=WORKERS, show_default=True,
    help="Server processes on PostgreSQL.",
)  # fmt: skip
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=5.0, show_default=True)
def main(engines: tuple[str, ...], counts: tuple[int, ...], rounds: int, seconds: float) -> None:
    """Measure each engine."""
    print(
        "engine     workers x connections, route, rate, beside nothing in a thread, beside nothing"
    )
    with tempfile.TemporaryDirectory(prefix="aidledger-") as folder:
        if "sqlite" in engines:
            measure("sqlite", f"sqlite:///{folder}/bench.db", 1, rounds, seconds)
    if "postgresql" not in engines:
        return
    with (
        tempfile.TemporaryDirectory(prefix="aidledger-") as folder,
        postgres.run_cluster(Path(folder), DURABLE) as cluster,
    ):
        for workers in counts:
            postgres.execute(cluster.url("postgres"), f"CREATE DATABASE bench{workers}")
            measure("postgresql", cluster.url(f"bench{workers}"), workers, rounds, seconds)


if __name__ == "__main__":
    main()
