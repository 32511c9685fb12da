"""How long a table of pledges takes to be read and recorded, and how much memory that costs.

``python benchmarks/imports.py [ROWS]``: a CSV file of so many new pledges, by default 100,000, into an SQLite ledger of
its own. The first line's reading process is the measure: later ones begin as a copy of this one.
"""

import csv
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from app import migrate
from app.db import Database
from app.imports.domain.runs import ImportOrder
from app.imports.runs import run_import
from app.kernel.clock import SystemClock
from app.main import spare_collector
from app.settings import Settings

COLUMNS = ("donor", "title", "aid_type", "amount", "currency", "announced_on", "source_url")


def main() -> None:
    spare_collector()  # as every process of the service does
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with TemporaryDirectory() as folder:
        table = Path(folder) / "pledges.csv"
        write_table(table, rows)
        database = Database(Settings(database_url=f"sqlite:///{folder}/ledger.db"))
        migrate.upgrade(database)
        for name, order in (
            ("dry run", ImportOrder(file_name="pledges.csv", actor="benchmark", dry_run=True)),
            ("recorded", ImportOrder(file_name="pledges.csv", actor="benchmark")),
            ("again", ImportOrder(file_name="pledges.csv", actor="benchmark")),
        ):
            begun = time.perf_counter()
            with table.open("rb") as file:
                found = run_import(database, SystemClock(), file, order)
            seconds = time.perf_counter() - begun
            print(f"{name}: {found.run.result.state}, {seconds:.1f} s; {memory()}")
        database.dispose()


def write_table(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for number in range(rows):
            day = f"2023-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
            lines.writerow(
                ("DK", f"Package {number}", "military", f"{number + 1}.00", "DKK", day,
                 f"https://www.example.org/{number}")
            )  # fmt: skip


def memory() -> str:
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    readers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return f"peak memory {ours} MiB, of the reading process {readers} MiB"


if __name__ == "__main__":
    main()
