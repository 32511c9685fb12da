"""Signs the log again and again: the one process that holds the key."""

import logging
from threading import Event
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from app.db import Database
from app.journal import service as journal
from app.kernel.clock import Clock
from app.kernel.errors import UnavailableError
from app.transparency import service
from app.transparency.domain.checkpoints import SignedCheckpoint
from app.transparency.domain.keys import SigningKey
from app.transparency.files import CheckpointFile

# On SQLite a transaction keeps all other writers out, so a long backlog is taken in by pieces.
PIECE: Final = 16_384
_logger = logging.getLogger("aidledger.log")


class Signer:
    """Signs one log with one key, and remembers what it signed in a file."""

    def __init__(
        self, database: Database, key: SigningKey, file: CheckpointFile, clock: Clock
    ) -> None:
        self.database = database
        self.key = key
        self.file = file
        self.clock = clock

    def sign(self) -> SignedCheckpoint | None:
        """Sign what is new; ``None`` where the ledger is empty.

        Raises:
            LogForkError: the log does not continue what was signed before.
            LogFileError: the last signed checkpoint cannot be read or kept.
        """
        self._catch_up()
        with self.database.transaction() as session:
            # Only behind the lock: another signer may just have kept a newer one.
            service.lock(session)
            last = self.file.find([self.key.verifier])
            signed = service.sign(session, self.key, last, self.clock)
            if signed is not None and signed != last:
                # Before the commit: what is published is never newer than what we remember.
                self.file.keep(signed)
        if signed is not None and signed != last:
            _logger.info("log-signed", extra={"size": signed.checkpoint.size})
        return signed

    def run(self, every_seconds: int, stop: Event) -> None:
        """Sign now and then every so often, until told to stop. A database that is away is waited for.

        Raises:
            LogForkError, LogFileError: as ``sign``; whoever signs on after that signs a lie.
        """
        while not stop.is_set():
            try:
                self.sign()
            except (SQLAlchemyError, UnavailableError) as error:
                _logger.warning("log-not-signed", extra={"reason": type(error).__name__})
            stop.wait(every_seconds)

    def _catch_up(self) -> None:
        while True:
            with self.database.transaction() as session:
                size = service.integrate(session, at_most=PIECE)
                if size >= journal.head_revision(session):
                    return
