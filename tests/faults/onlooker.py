"""Somebody outside who keeps every checkpoint that a ledger's signer ever wrote down, and holds the ledger to all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final

from sqlalchemy import text

from app.db import Database
from app.settings import Settings
from app.transparency import files
from tests.audit import audit, check_audit
from tests.writers import Team
from verifier.checkpoint import Checkpoint, open_checkpoint
from verifier.note import VerifierKey

LOOK_SECONDS: Final = 0.01


class Onlooker:
    """Watches the file of a signer, which is replaced with every checkpoint.

    Attributes:
        settings: what the ledger's processes must be told: where the key and that file are.
        notes: every checkpoint that was seen.
    """

    def __init__(self, folder: Path) -> None:
        key, self._file = folder / "log-key", folder / "last.checkpoint"
        self._key = VerifierKey.parse(files.make_key(key, "faults.example/log").verifier.text)
        self.settings = {"log_key_file": str(key), "log_checkpoint_file": str(self._file)}
        self.notes: list[bytes] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look again and again for as long as the block lasts, and once more."""
        stop = Event()
        thread = Thread(target=self._watch, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            self._look()

    def check(self, url: str, team: Team) -> int:
        """Assert all that must hold of the ledger at rest; returns how many checkpoints it was held to.

        The database is asked for what it has published too: the file of a signer that was killed at once need not have
        been seen.
        """
        audit(url, team.calls)
        notes = {*self.notes, *_published(url)}
        assert check_audit(url, [self._open(note) for note in notes]) == len(team.calls)
        return len(notes)

    def _open(self, note: bytes) -> Checkpoint:
        return open_checkpoint(note, self._key)

    def _watch(self, stop: Event) -> None:
        while not stop.wait(LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        if self._file.exists():
            note = self._file.read_bytes()
            if [note] != self.notes[-1:]:
                self.notes.append(note)


def _published(url: str) -> list[bytes]:
    database = Database(Settings(database_url=url))
    try:
        with database.reading() as session:
            notes = session.execute(text("SELECT note FROM log_checkpoint")).scalars()
            return [note.encode() for note in notes]
    finally:
        database.dispose()
