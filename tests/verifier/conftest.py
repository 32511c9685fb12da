"""A ledger as its operator exports it: the small one, signed when it had 8 entries and again at its end."""

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.db import Database
from app.exports.bundle import write_bundle
from app.exports.questions import ReportQuery
from app.exports.summary import gather_summary
from app.journal import service as journal
from app.pledges.domain.query import Filters
from app.settings import Settings
from app.transparency.domain.checkpoints import PublishedCheckpoint
from reports import summary
from reports.kit.workbook import to_bytes
from tests.clock import StoppedClock
from tests.notary import Notary
from tests.small_ledger import SIZE, record_small_ledger

OLDER = 8


@dataclass
class Exported:
    """A ledger, and what its operator hands out."""

    database: Database
    clock: StoppedClock
    notary: Notary

    def checkpoint(self, size: int = SIZE) -> bytes:
        """What was signed when it had so many entries."""
        with self.database.reading() as session:
            return self.notary.sign_ledger(session, size)

    def bundle(self, size: int = SIZE) -> bytes:
        """The ledger up to a checkpoint."""
        out = io.BytesIO()
        note, root = self.checkpoint(size).decode(), bytes(32)
        signed = PublishedCheckpoint(size, root, note, self.notary.vkey, self.clock.now())
        with self.database.reading() as session:
            write_bundle(session, out, signed)
        return out.getvalue()

    def workbook(self, size: int = SIZE, currency: str = "EUR", **filters: object) -> bytes:
        """The summary as of a revision."""
        query = ReportQuery(
            currency=currency,
            on=self.clock.today(),
            filters=Filters(**filters),  # type: ignore[arg-type]  # named by each test
        )
        with self.database.reading() as session:
            snapshot = journal.read_snapshot(session, size, now=self.clock.now())
            return to_bytes(summary.build(*gather_summary(session, query, snapshot)))


@pytest.fixture(scope="session")
def exported(
    _sqlite_templates: Callable[[bool], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exported]:
    path = tmp_path_factory.mktemp("exported") / "ledger.db"
    shutil.copyfile(_sqlite_templates(True), path)
    database, clock = Database(Settings(database_url=f"sqlite:///{path}")), StoppedClock()
    record_small_ledger(database, clock)
    yield Exported(database, clock, Notary())
    database.dispose()
