"""The Kiel workbook end to end, beside pandas reading its main sheet alone.

Our side opens the gate, reads and scans every sheet in a process of its own, maps, compares and records on SQLite.
Theirs is ``pandas.read_excel`` of one sheet, with openpyxl and with calamine; pandas is not among our dependencies, so
it runs in whatever Python has it.

Usage: ``python -m benchmarks.kiel WORKBOOK [PYTHON-WITH-PANDAS]``
"""

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
from app.settings import Settings

ROUNDS: Final = 5
PANDAS: Final = """
import sys, time, pandas
begin = time.perf_counter()
pandas.read_excel(sys.argv[1], sheet_name="Bilateral assistance, MAIN DATA", engine=sys.argv[2])
print(time.perf_counter() - begin)
"""


def read(path: Path) -> float:
    begin = time.perf_counter()
    with path.open("rb") as file, reading_book(file, path.name, RULES.limits):
        return time.perf_counter() - begin


def map_only(path: Path) -> float:
    with path.open("rb") as file, reading_book(file, path.name, RULES.limits) as book:
        begin = time.perf_counter()
        map_book(book)
        return time.perf_counter() - begin


def import_all(path: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Settings(database_url=f"sqlite:///{folder}/ledger.db"))
        migrate.upgrade(database)
        begin = time.perf_counter()
        with path.open("rb") as file:
            order = ImportOrder(file_name=path.name, actor="benchmark")
            finished = run_import(database, SystemClock(), file, order)
        seconds = time.perf_counter() - begin
        assert finished.run.result.counts["new"] > 0
        database.dispose()
        return seconds


def pandas_reads(python: str, path: Path, engine: str) -> float:
    command = [python, "-c", PANDAS, str(path), engine]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def main() -> None:
    path = Path(sys.argv[1])
    ways: dict[str, Callable[[], float]] = {
        "read all sheets": partial(read, path),
        "map": partial(map_only, path),
        "import end to end": partial(import_all, path),
    }
    for python in sys.argv[2:3]:
        for engine in ("openpyxl", "calamine"):
            name = f"pandas, main sheet, {engine}"
            ways[name] = partial(pandas_reads, python, path, engine)
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            taken[name].append(way())
    for name, seconds in taken.items():
        print(f"{name:<32}{median(seconds):7.2f} s  ({min(seconds):.2f} to {max(seconds):.2f})")


if __name__ == "__main__":
    main()
