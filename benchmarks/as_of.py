"""What a total of the past costs beside the same total of now, and what taking the snapshots costs.

``python -m benchmarks.as_of POSTINGS...`` makes throw-away ledgers on SQLite and PostgreSQL, with dates that are years,
months or days (so with few cells or with many), and prints the median in milliseconds. The worst revision is asked
for: the one before a snapshot, where most postings stand behind the snapshot before.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from app import migrate
from app.db import Database
from app.donors.domain import list_donors
from app.fx import service as fx
from app.journal.domain import Snapshot
from app.kernel.dates import Span, day_span, month_span, year_span
from app.pledges.domain import AidType, Stage
from app.settings import Settings
from app.totals import service, upkeep
from app.totals.domain import Dimension, TotalsQuery
from tests import postgres

CELL: Final = "stage, donor, aid_type, instrument, currency, valued_on, first, last"
POSTING: Final = f"revision, line, pledge_id, {CELL}, amount, pledges, unvalued, implied"
FIRST_DAY: Final = date(2022, 2, 24)
LAST_RATE: Final = date(2026, 3, 1)
DAYS: Final = 1_500
PER_REVISION: Final = 2
BATCH: Final = 20_000
CURRENCIES: Final = {"DK": "DKK", "US": "USD", "GB": "GBP", "NO": "NOK", "SE": "SEK", "JP": "JPY"}
SHAPES: Final[dict[str, Callable[[date], Span]]] = {
    "years": lambda day: year_span(day.year),
    "months": lambda day: month_span(day.year, day.month),
    "days": day_span,
}


def make_postings(count: int, shape: str) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(count)
    codes = [donor.code for donor in list_donors()]
    stages, types = [one.value for one in Stage], [one.value for one in AidType]
    for place in range(count):
        donor = dice.choice(codes)
        span = SHAPES[shape](FIRST_DAY + timedelta(days=dice.randrange(DAYS)))
        yield (
            place // PER_REVISION + 1, place % PER_REVISION + 1, UUID(int=place // PER_REVISION).hex,
            dice.choice(stages), donor, dice.choice(types), "grant", CURRENCIES.get(donor, "EUR"),
            min(span.last, LAST_RATE).isoformat(), span.first.isoformat(), span.last.isoformat(),
            dice.randrange(1, 10**9), 1, 0, False,
        )  # fmt: skip


def insert(connection: Connection, rows: Iterator[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" for _ in POSTING.split(","))
        for batch in iter(lambda: list(zip(range(BATCH), rows, strict=False)), []):
            connection.exec_driver_sql(
                f"INSERT INTO posting ({POSTING}) VALUES ({places})", [row for _, row in batch]
            )
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY posting ({POSTING}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def fill(database: Database, count: int, shape: str) -> None:
    migrate.upgrade(database)
    with database.transaction() as session:
        if not database.is_sqlite:
            session.execute(text("SET LOCAL statement_timeout = 0"))
        fx.load_reference_rates(session)
        insert(session.connection(), make_postings(count, shape))
        session.execute(
            text(
                f"INSERT INTO rollup ({CELL}, amount, pledges, unvalued) SELECT {CELL},"
                f" sum(amount), sum(pledges), sum(unvalued) FROM posting GROUP BY {CELL}"
            )
        )
        session.execute(text(f"UPDATE head SET revision = {count // PER_REVISION}"))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
            one.execute(text("VACUUM ANALYZE"))


def milliseconds(ask: Callable[[], object], times: int = 9) -> float:
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - started) * 1_000)
    return median(spent)


class Asking:
    """The total of commitments in euro by donor, at any revision."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.query = TotalsQuery(measure=Stage.COMMITTED, by=(Dimension.DONOR,), currency="EUR")

    def cost(self, revision: int, *, is_head: bool = False) -> float:
        snapshot = Snapshot(revision, None, is_head=is_head)

        def ask() -> None:
            with self.database.reading() as session:
                service.read_totals(session, self.query, snapshot)

        return milliseconds(ask)


def measure(database: Database, count: int, shape: str) -> None:
    fill(database, count, shape)
    head = count // PER_REVISION
    asking = Asking(database)
    plain = asking.cost(head - 1)
    started = time.perf_counter()
    taken = upkeep.take_snapshots(database)
    spent = time.perf_counter() - started
    now = asking.cost(head, is_head=True)
    past = max(asking.cost(one) for one in {head - 1, *(one - 1 for one in taken[-2:])})
    with database.reading() as session:
        cells, rows = (
            session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("rollup", "posting_snapshot")
        )
    print(
        f"{database.engine.dialect.name:10} {count:>9,} postings {shape:6} {cells:>8,} cells"
        f" | now {now:7.1f} | past, without snapshots {plain:7.1f}, with {past:7.1f}, ratio {past / now:4.1f}"
        f" | {len(taken)} snapshots, {rows:,} rows, {spent:.1f} s",
        flush=True,
    )


@contextmanager
def addresses() -> Iterator[Callable[[str], list[str]]]:
    with (
        TemporaryDirectory(prefix="aidledger-") as folder,
        postgres.run_cluster(Path(folder)) as cluster,
    ):

        def make(name: str) -> list[str]:
            postgres.execute(cluster.url("postgres"), f"CREATE DATABASE {name}")
            return [f"sqlite:///{folder}/{name}.db", cluster.url(name)]

        yield make


def main() -> None:
    counts = [int(one) for one in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    with addresses() as make:
        for count in counts:
            for shape in SHAPES:
                for url in make(f"ledger_{shape}_{count}"):
                    database = Database(Settings(database_url=url))
                    measure(database, count, shape)
                    database.dispose()


if __name__ == "__main__":
    main()
