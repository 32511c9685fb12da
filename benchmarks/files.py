"""What large files cost: workbooks, the twins of pledges, the whole ledger; seconds and memory of a server process.

Run by hand from the project's root: ``python -m benchmarks.files [--pledges 10000] [--engine sqlite]``.
Each file is asked of a server of its own, which has served nothing before but ``/readyz``. Printed are seconds to the
first byte and to the last, the processor time and the highest memory of the server, and the size. ``--tree`` names
other checkouts, whose servers then take turns with this one's over the same ledgers.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Final
from urllib.request import urlopen

import click

from app import migrate
from app.db import Database
from app.donors.domain import list_donors
from app.fx import service as fx
from app.kernel.clock import SystemClock
from app.kernel.ids import new_id
from app.pledges import service as pledges
from app.pledges.domain.commands import RecordPledge
from app.settings import Settings
from app.totals import upkeep
from tests import postgres

FILES: Final = (
    "/v1/reports/summary.xlsx",
    "/v1/reports/timeline.xlsx",
    "/v1/reports/donor.xlsx?donor=DK",
    "/v1/reports/pledges.xlsx",
    "/v1/pledges.csv",
    "/v1/pledges.ndjson",
    "/v1/pledges.parquet",
    "/v1/ledger.zip",
)
BATCH: Final = 5_000
CURRENCIES: Final = ("EUR", "USD", "DKK", "NOK", "SEK", "GBP")
TYPES: Final = ("military", "financial", "humanitarian")
STATUSES: Final = ("pledged", "committed", "allocated", "delivered")
FIRST: Final = date(2022, 2, 24)


def prepare(url: str, count: int) -> None:
    """A ledger of so many pledges: a third of one donor, the others of all; each at one of the four stages."""
    database = Database(Settings(database_url=url))
    migrate.upgrade(database)
    with database.transaction() as session:
        fx.load_reference_rates(session)
    codes = [donor.code for donor in list_donors()]
    for start in range(0, count, BATCH):
        commands = [command(number, codes) for number in range(start, min(start + BATCH, count))]
        with database.transaction() as session:
            pledges.record(session, commands, actor="benchmark", clock=SystemClock())
    upkeep.take_snapshots(database)
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    database.dispose()


def command(number: int, codes: list[str]) -> RecordPledge:
    """A pledge that has a title, notes and a source of ordinary length."""
    day = FIRST + timedelta(days=number * 7 % 1400)
    return RecordPledge(
        pledge_id=new_id(),
        donor="DK" if number % 3 == 0 else codes[number % len(codes)],
        title=f"Package {number}: winter equipment, generators and spare parts",
        aid_type=TYPES[number % 3],
        amount=f"{number % 9973 + 1}000.25",
        currency=CURRENCIES[number % len(CURRENCIES)],
        announced_on=day.isoformat(),
        status=STATUSES[number % 4],
        notes="Delivered in tranches over several months." if number % 3 else None,
        sources=[{"url": f"https://www.example.org/news/{number}", "title": "News", "kind": "official"}],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, MiB."""

    first: float
    whole: float
    cpu: float
    memory: float
    size: float


@contextmanager
def serving(tree: Path, url: str) -> Iterator[tuple[int, str]]:
    """A server of a checkout: its process and its address."""
    port = postgres.free_port()
    words = f"from app.cli import main; main(['serve', '--port', '{port}'])"
    environment = {**os.environ, "AIDLEDGER_DATABASE_URL": url, "PYTHONPATH": str(tree)}
    process = subprocess.Popen(
        [sys.executable, "-c", words], cwd=tree, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urlopen(f"{address}/readyz").close()
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid, address
    finally:
        process.terminate()
        process.wait()


def spent(pid: int) -> float:
    """Seconds of processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def highest(pid: int) -> float:
    """MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def fetch(tree: Path, url: str, path: str) -> Cost:
    """One file of a fresh server."""
    with serving(tree, url) as (pid, address):
        before, begun, size = spent(pid), time.perf_counter(), 0
        with urlopen(address + path, timeout=3600) as answer:
            piece = answer.read(1)
            first = time.perf_counter() - begun
            while piece:
                size += len(piece)
                piece = answer.read(2**16)
        whole = time.perf_counter() - begun
        return Cost(first, whole, spent(pid) - before, highest(pid), size / 2**20)


@contextmanager
def ledger(engine: str) -> Iterator[str]:
    """The address of an empty database, which is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="aidledger-") as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/bench.db"
            return
        with postgres.run_cluster(Path(folder)) as cluster:
            postgres.execute(cluster.url("postgres"), "CREATE DATABASE bench")
            yield cluster.url("bench")


@click.command()
@click.option("--pledges", "counts", type=int, multiple=True, default=(10_000, 100_000))
@click.option("--engine", "engines", multiple=True, default=("sqlite", "postgresql"))
@click.option("--path", "paths", multiple=True, default=FILES)
@click.option("--tree", "trees", type=click.Path(path_type=Path), multiple=True)
@click.option("--rounds", default=1, show_default=True)
def main(
    counts: tuple[int, ...],
    engines: tuple[str, ...],
    paths: tuple[str, ...],
    trees: tuple[Path, ...],
    rounds: int,
) -> None:
    """Print a line for each file: medians of all rounds."""
    print(f"{'':62}{'first s':>9}{'whole s':>9}{'cpu s':>8}{'MiB':>7}{'size':>7}")
    for engine in engines:
        for count in counts:
            with ledger(engine) as url:
                prepare(url, count)
                for path in paths:
                    compare(
                        f"{engine:11}{count:>7} {path}", url, path, (Path.cwd(), *trees), rounds
                    )


def compare(name: str, url: str, path: str, trees: tuple[Path, ...], rounds: int) -> None:
    """Measure one file, the checkouts in turns."""
    found: dict[Path, list[Cost]] = {tree: [] for tree in trees}
    for _ in range(rounds):
        for tree in trees:
            found[tree].append(fetch(tree, url, path))
    for number, costs in enumerate(found.values()):
        first, whole, cpu, memory, size = (
            median(getattr(cost, part) for cost in costs) for part in Cost.__slots__
        )
        title = f"{name}{f' (tree {number})' if number else ''}"
        print(f"{title:62}{first:9.2f}{whole:9.2f}{cpu:8.2f}{memory:7.0f}{size:7.1f}", flush=True)


if __name__ == "__main__":
    main()
