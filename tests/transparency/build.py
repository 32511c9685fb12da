"""Ledgers with entries, quickly: the log does not care what they say."""

from pathlib import Path
from uuid import UUID

from app.db import Database
from app.journal import service as journal
from app.journal.domain import Draft
from app.transparency.domain.keys import SigningKey
from app.transparency.files import CheckpointFile
from app.transparency.signer import Signer
from tests.clock import StoppedClock

KEY = SigningKey("ledger.example.org/log", bytes(range(32)))


def append(database: Database, clock: StoppedClock, count: int, word: str = "one") -> int:
    """Append entries, each a stream of its own; the revision of the last."""
    with database.transaction() as session:
        head = journal.lock(session, clock)
        drafts = [
            Draft(
                stream_kind="test",
                stream_id=UUID(int=head.revision + place),
                version=1,
                kind="test.happened",
                reason=None,
                data={"word": word, "number": head.revision + place},
                postings=[],
            )
            for place in range(1, count + 1)
        ]
        return journal.append(session, head, drafts, actor="tests")[-1].revision


def leaves(database: Database) -> list[bytes]:
    """The leaf hashes of all entries."""
    with database.reading() as session:
        return journal.list_leaf_hashes(session, after=0, until=journal.head_revision(session))


def signer(database: Database, clock: StoppedClock, folder: Path, key: SigningKey = KEY) -> Signer:
    """One that keeps its last checkpoint in the folder."""
    return Signer(database, key, CheckpointFile(folder / "last.checkpoint"), clock)
