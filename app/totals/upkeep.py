"""Takes the snapshots of the posting sums, beside the writers and in short transactions: nobody waits for it.

A snapshot is due when as many postings stand behind the last one as that one has cells, and 10,000 at least. So all
snapshots together have at most twice as many rows as there are postings, and an answer about the past reads about twice
what an answer about now reads, at most. Where the boundaries lie follows from the postings alone.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from app.db import Database
from app.settings import Settings
from app.totals import store

MIN_POSTINGS: Final = 10_000
# So many rows are written while others wait for the lock of an SQLite file: some milliseconds.
BATCH: Final = 1_000
EVERY_SECONDS: Final = 60
GRACE_SECONDS: Final = 5
_logger = logging.getLogger("aidledger.upkeep")


def take_snapshots(
    database: Database, *, min_postings: int = MIN_POSTINGS, stop: threading.Event | None = None
) -> list[int]:
    """Take every snapshot that is due, and return their revisions.

    It may be killed at any time, and several may run at once: all write the same rows.

    Args:
        database: two connections are used at a time.
        min_postings: how many postings are worth a snapshot.
        stop: when set, the work ends after the batch that is under way.
    """
    taken: list[int] = []
    while not (stop and stop.is_set()):
        revision = _take_next(database, min_postings, stop or threading.Event())
        if revision is None:
            break
        taken.append(revision)
    return taken


def drop_snapshots(database: Database) -> None:
    """Remove all snapshots, so that they can be taken afresh."""
    with database.reading() as session:
        held = store.list_snapshots(session)
    for one in held:
        with database.transaction() as session:
            store.drop_snapshot(session, one.revision)


def find_wrong_snapshot(database: Database) -> int | None:
    """The revision of the first snapshot that is not the sum of the postings; ``None`` where all are."""
    base = 0
    with database.reading() as session:
        for held in store.list_snapshots(session):
            if not store.is_right(session, base, held):
                return held.revision
            base = held.revision
    return None


def _take_next(database: Database, min_postings: int, stop: threading.Event) -> int | None:
    with database.reading() as session:
        last = store.find_last_complete(session)
        revision = store.find_boundary(session, last.revision, max(min_postings, last.cells))
    if revision is None:
        return None
    if database.is_sqlite and not _copy_in_batches(database, last.revision, revision, stop):
        return None
    with database.transaction() as session:
        if not database.is_sqlite:
            if not store.take_turn(session):
                return None
            store.copy_cells(session, last.revision, revision)
        store.complete(session, revision)
    _logger.info("snapshot", extra={"revision": revision})
    return revision


def _copy_in_batches(database: Database, base: int, revision: int, stop: threading.Event) -> bool:
    """SQLite has one writer: it is let go after each batch. Tells whether all were written."""
    with database.reading() as reading:
        for rows in store.iter_cells(reading, base, revision, batch=BATCH):
            if stop.is_set():
                return False
            with database.transaction() as session:
                store.add_cells(session, revision, rows)
    return True


@contextmanager
def keep_up(settings: Settings, *, every_seconds: int = EVERY_SECONDS) -> Iterator[None]:
    """Look for due snapshots once a minute for as long as the block lasts, in a thread of its own."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_run, args=(settings, every_seconds, stop), name="upkeep", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        # A statement that is under way is not worth waiting for: it is rolled back, and repeated by the next process.
        thread.join(GRACE_SECONDS)


def _run(settings: Settings, every_seconds: int, stop: threading.Event) -> None:
    """Connections of its own: a server whose pool is used up still gets its snapshots."""
    database = Database(replace(settings, pool_size=2))
    while not stop.wait(every_seconds):
        try:
            take_snapshots(database, stop=stop)
        except Exception:
            # They only make answers faster; the next minute may be a better one.
            _logger.warning("no-snapshot", exc_info=True)
    database.dispose()
