"""What SQLite has acknowledged is on the disk: the tests' own process does not wait for that, the product does."""

import sqlite3
from contextlib import closing
from inspect import unwrap
from pathlib import Path

from app import db

FULL = 2


def synchronous(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("PRAGMA synchronous").fetchone()[0]
    return found


def test_the_product_waits_for_the_disk(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        unwrap(db._prepare_sqlite)(connection, None)
        assert synchronous(connection) == FULL
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_process_of_the_tests_does_not(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        db._prepare_sqlite(connection, None)
        assert synchronous(connection) == 0
