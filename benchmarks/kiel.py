"""The Kiel workbook end to end, beside pandas reading its main sheet alone.

Our side opens the gate, reads and scans every sheet in a process of its own, maps, compares and records on SQLite.
Theirs is ``pandas.read_excel`` of one sheet, with openpyxl and with calamine, once pandas is loaded, which is not
counted. The ways take turns; at the end stands how long the whole import takes in terms of pandas with openpyxl.

Times are those of the clock and, because machines are shared, those of the processor, our reading process included.

Usage: ``python -m benchmarks.kiel WORKBOOK``
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from app import migrate
from app.db import Database
from app.imports.domain.kiel.mapper import RULES, map_book
from app.imports.domain.runs import ImportOrder
from app.imports.files.reading import reading_book
from app.imports.runs import run_import
from app.kernel.clock import SystemClock
from app.main import spare_collector
from app.settings import Settings

ROUNDS: Final = 5
WHOLE: Final = "import end to end"
OPENPYXL: Final = "pandas, main sheet, openpyxl"
PANDAS: Final = """
import sys, time, pandas
begin, spent = time.perf_counter(), time.process_time()
pandas.read_excel(sys.argv[1], sheet_name="Bilateral assistance, MAIN DATA", engine=sys.argv[2])
print(time.perf_counter() - begin, time.process_time() - spent)
"""
# By the clock, and of the processor; in seconds.
Taken = tuple[float, float]


def timed(work: Callable[[], object]) -> Taken:
    begin, spent = time.perf_counter(), processor_seconds()
    work()
    return time.perf_counter() - begin, processor_seconds() - spent


def processor_seconds() -> float:
    found = (resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in found)


def read(path: Path) -> Taken:
    def work() -> None:
        with path.open("rb") as file, reading_book(file, path.name, RULES.limits):
            pass

    return timed(work)


def map_only(path: Path) -> Taken:
    with path.open("rb") as file, reading_book(file, path.name, RULES.limits) as book:
        return timed(lambda: map_book(book))


def import_all(path: Path) -> Taken:
    order = ImportOrder(file_name=path.name, actor="benchmark")
    with tempfile.TemporaryDirectory() as folder, path.open("rb") as file:
        database = Database(Settings(database_url=f"sqlite:///{folder}/ledger.db"))
        migrate.upgrade(database)
        taken = timed(lambda: run_import(database, SystemClock(), file, order))
        database.dispose()
    return taken


def pandas_reads(path: Path, engine: str) -> Taken:
    command = [sys.executable, "-c", PANDAS, str(path), engine]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, spent = map(float, done.stdout.split())
    return seconds, spent


def main() -> None:
    spare_collector()  # as every process of the service does
    path = Path(sys.argv[1])
    ways: dict[str, Callable[[], Taken]] = {
        "read all sheets": partial(read, path),
        "map": partial(map_only, path),
        WHOLE: partial(import_all, path),
        OPENPYXL: partial(pandas_reads, path, "openpyxl"),
        "pandas, main sheet, calamine": partial(pandas_reads, path, "calamine"),
    }
    taken: dict[str, list[Taken]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            taken[name].append(way())
    for name, found in taken.items():
        seconds, spent = (sorted(one) for one in zip(*found, strict=True))
        print(
            f"{name:<32}{median(seconds):7.2f} s  ({seconds[0]:.2f} to {seconds[-1]:.2f}),"
            f" processor {median(spent):.2f} s  ({spent[0]:.2f} to {spent[-1]:.2f})"
        )
    pairs = [*zip(taken[WHOLE], taken[OPENPYXL], strict=True)]
    by_clock, of_processor = (
        median(ours[at] / theirs[at] for ours, theirs in pairs) for at in (0, 1)
    )
    print(
        f"the import takes {by_clock:.2f} of pandas with openpyxl by the clock, {of_processor:.2f} of its processor"
    )


if __name__ == "__main__":
    main()
