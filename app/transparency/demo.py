"""Signs the demo's own log: one process serves and holds the key, which nobody does in earnest."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Final

from app.db import Database
from app.journal import service as journal
from app.kernel.clock import Clock
from app.kernel.errors import AppError
from app.settings import Settings
from app.transparency import files
from app.transparency.files import CheckpointFile
from app.transparency.signer import Signer

EVERY_SECONDS: Final = 10
_logger = logging.getLogger("aidledger.log")


def with_own_files(settings: Settings, database: Database) -> Settings:
    """The settings, with the log's two files beside the ledger where none are named; the key is made if need be.

    A ledger that is still empty starts a new log: the memory of one that was thrown away is put aside.

    Raises:
        LogFileError: a file cannot be made.
    """
    # Of an embedded ledger this is the path of its file, of another only a name.
    beside = Path(database.url.database or "aidledger")
    memory = settings.log_checkpoint_file
    if memory is None:
        memory = beside.with_suffix(".log-checkpoint")
        with database.reading() as session:
            if memory.exists() and journal.head_revision(session) == 0:
                memory.replace(memory.with_suffix(".log-checkpoint.old"))
    key = settings.log_key_file or beside.with_suffix(".log-key")
    if not key.exists():
        files.make_key(key, settings.log_origin)
    return replace(settings, log_key_file=key, log_checkpoint_file=memory)


@contextmanager
def signing_beside(settings: Settings, clock: Clock) -> Iterator[None]:
    """Sign at once and every few seconds for as long as the block lasts.

    Raises:
        LogFileError: the key cannot be used.
    """
    assert settings.log_key_file is not None  # noqa: S101 -- with_own_files has seen to it
    assert settings.log_checkpoint_file is not None  # noqa: S101 -- likewise
    database = Database(settings)
    memory = CheckpointFile(settings.log_checkpoint_file)
    signer = Signer(database, files.read_key(settings.log_key_file), memory, clock)
    stop = Event()
    thread = Thread(target=_sign, args=(signer, stop), name="signer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        database.dispose()


def _sign(signer: Signer, stop: Event) -> None:
    try:
        signer.run(EVERY_SECONDS, stop)
    except AppError as refused:
        _logger.error("log-not-signed", extra={"reason": refused.code, "detail": refused.detail})  # noqa: TRY400 -- it says it all
