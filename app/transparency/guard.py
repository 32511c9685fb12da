"""Refuses writes to a ledger that is not the one that was signed: an old backup, or a forged history."""

import logging
from pathlib import Path
from threading import Lock
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from app.db import Database
from app.kernel.errors import UnavailableError
from app.transparency import service
from app.transparency.errors import LogFileError, LogRollbackDetectedError
from app.transparency.files import CheckpointFile

_NEVER: Final = object()
_logger = logging.getLogger("aidledger.log")


class LogGuard:
    """Compares the ledger with the last signed checkpoint, when it starts and whenever a new one is signed.

    Between two checkpoints a call costs one look at the file's date. Without a file nothing is compared.
    Once refused, writes stay refused until the process is started again: somebody has to look.

    Attributes:
        contradiction: why writes are refused, in a sentence; ``None`` while they are not.
    """

    def __init__(self, database: Database, path: Path | None) -> None:
        self.contradiction: str | None = None
        self._database = database
        self._file = CheckpointFile(path) if path else None
        self._compared: object = _NEVER
        self._lock = Lock()

    def start(self) -> None:
        """Compare for the first time. A database that does not answer yet is asked again by the first write."""
        try:
            self._compare()
        except (SQLAlchemyError, UnavailableError) as error:
            _logger.warning("log-not-compared", extra={"reason": type(error).__name__})

    def check_write(self) -> None:
        """Let a write pass.

        Raises:
            LogRollbackDetectedError: it may not.
        """
        if self._file is None:
            return
        if self.contradiction is None and self._file.stamp() != self._compared:
            self._compare()
        if self.contradiction is not None:
            raise LogRollbackDetectedError(f"{self.contradiction} It can be read and not written.")

    def _compare(self) -> None:
        if self._file is None:
            return
        with self._lock:
            stamp = self._file.stamp()
            if self.contradiction is not None or stamp == self._compared:
                return
            self.contradiction = self._find_contradiction(self._file)
            self._compared = stamp
        if self.contradiction is not None:
            _logger.error("log-rollback-detected", extra={"reason": self.contradiction})

    def _find_contradiction(self, file: CheckpointFile) -> str | None:
        try:
            last = file.find()
        except LogFileError:
            # Not the path: the answer goes to strangers.
            _logger.exception("log-file")
            return "The last signed checkpoint cannot be read."
        if last is None:
            _logger.warning("log-checkpoint-missing")
            return None
        with self._database.reading() as session:
            return service.find_contradiction(session, last.checkpoint)
