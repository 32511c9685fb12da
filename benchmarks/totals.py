"""Totals by donor at 10^4, 10^5 and 10^6 pledges: medians of calls that take turns, now and as of the revision before.

Run by hand from the project's root: ``python -m benchmarks.totals [--sizes 10000,100000]``. The ledger is filled
with postings and roll-up directly: 44 donors, 12 currencies, three aid types, one instrument, committed on one of 60
days. So the roll-up is full (7,920 cells a stage) from 10^4 pledges on: the sizes differ in pledges and not in groups.
"""

import statistics
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import click
from sqlalchemy import text
from starlette.testclient import TestClient

from app import migrate
from app.db import Database
from app.donors.domain import list_donors
from app.fx import service as fx
from app.main import create_app
from app.settings import Settings
from app.totals import upkeep
from tests import postgres

CURRENCIES: Final = (
    "EUR",
    "USD",
    "DKK",
    "NOK",
    "SEK",
    "GBP",
    "PLN",
    "CZK",
    "CHF",
    "JPY",
    "KRW",
    "CAD",
)
DAYS: Final = tuple(date(2022, 2, 24) + timedelta(days=20 * number) for number in range(60))
TYPES: Final = ("military", "financial", "humanitarian")
STAGES: Final = ("pledged", "committed")


def fill(database: Database, pledges: int) -> None:
    """Postings of so many pledges, set-based; the roll-up is their sum."""
    donors = [donor.code for donor in list_donors()]
    with database.transaction() as session:
        if not database.is_sqlite:
            session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(
            text(
                "CREATE TABLE bench_cell (n integer, donor text, aid_type text, currency text, day date)"
            )
        )
        combinations = [(d, t, day) for day in DAYS for d in range(len(donors)) for t in TYPES]
        rows = [
            {"n": number, "donor": donors[donor], "aid_type": kind, "day": day.isoformat(),
             "currency": CURRENCIES[donor % len(CURRENCIES)]}
            for number, (donor, kind, day) in enumerate(combinations)
        ]  # fmt: skip
        day = "cast(:day as date)" if not database.is_sqlite else ":day"
        session.execute(
            text(f"INSERT INTO bench_cell VALUES (:n, :donor, :aid_type, :currency, {day})"), rows
        )
        series = (
            f"SELECT value AS i FROM generate_series(1, {pledges}) AS value" if not database.is_sqlite
            else f"WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {pledges}) SELECT i FROM s"
        )  # fmt: skip
        identifier = "md5(i::text)::uuid" if not database.is_sqlite else "printf('%032x', i)"
        true = "false" if not database.is_sqlite else "0"
        for line, stage in enumerate(STAGES, start=1):
            session.execute(text(
                "INSERT INTO posting SELECT i, " f"{line}, {identifier}, donor, aid_type, 'grant', '{stage}', currency,"
                f" day, day, day, 100 * (i % 9973 + 1), 1, 0, {true} FROM ({series}) AS pledge"
                f" JOIN bench_cell ON n = i % {len(rows)}"
            ))  # fmt: skip
        session.execute(text(
            "INSERT INTO rollup SELECT stage, donor, aid_type, instrument, currency, valued_on, first, last,"
            " sum(amount), sum(pledges), sum(unvalued) FROM posting GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
        ))  # fmt: skip
        session.execute(text(f"UPDATE head SET revision = {pledges}"))
        session.execute(text("DROP TABLE bench_cell"))
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def prepare(url: str, pledges: int) -> None:
    """Make a filled ledger, with the snapshots of its sums."""
    database = Database(Settings(database_url=url))
    migrate.upgrade(database)
    with database.transaction() as session:
        fx.load_reference_rates(session)
    fill(database, pledges)
    upkeep.take_snapshots(database)
    database.dispose()


def milliseconds(client: TestClient, query: str) -> float:
    """One call; it is computed, for it is no 304."""
    started = time.perf_counter_ns()
    answer = client.get(f"/v1/totals?measure=committed&by=donor&{query}")
    taken = (time.perf_counter_ns() - started) / 1e6
    assert answer.is_success, answer.text
    return taken


def compare(engine: str, urls: dict[int, str], calls: int) -> None:
    """Print a line for each size: medians of calls that take turns, and their ratios to the smallest size's."""
    taken: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        clients = {
            size: stack.enter_context(TestClient(create_app(Settings(database_url=url))))
            for size, url in urls.items()
        }
        for call in range(calls + 1):
            for size, client in clients.items():
                # Entries are not filled in, so the instant of a past revision is unknown; its totals are not.
                queries = {
                    "now": "currency=EUR",
                    "native": "currency=native",
                    "past": f"currency=EUR&as_of={size - 1}",
                }
                for name, query in queries.items():
                    spent = milliseconds(client, query)
                    if call:  # the first one warms up
                        taken[size, name].append(spent)
    medians = {key: statistics.median(values) for key, values in taken.items()}
    smallest = min(urls)
    for size in urls:
        figures = (
            f"{name} {medians[size, name]:7.1f} ms x{medians[size, name] / medians[smallest, name]:4.2f}"
            for name in ("now", "native", "past")
        )
        print(f"{engine:<11}{size:>9} pledges   {'   '.join(figures)}", flush=True)


@click.command()
@click.option("--sizes", default="10000,100000,1000000", show_default=True)
@click.option("--calls", default=20, show_default=True)
def main(sizes: str, calls: int) -> None:
    """Measure both engines."""
    counts = [int(size) for size in sizes.split(",")]
    with (
        tempfile.TemporaryDirectory(prefix="aidledger-") as folder,
        postgres.run_cluster(Path(folder)) as cluster,
        tempfile.TemporaryDirectory(prefix="aidledger-") as files,
    ):
        embedded = {size: f"sqlite:///{files}/bench{size}.db" for size in counts}
        served = {size: cluster.url(f"bench{size}") for size in counts}
        for size in counts:
            postgres.execute(cluster.url("postgres"), f"CREATE DATABASE bench{size}")
            prepare(embedded[size], size)
            prepare(served[size], size)
        compare("sqlite", embedded, calls)
        compare("postgresql", served, calls)


if __name__ == "__main__":
    main()
