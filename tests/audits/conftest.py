"""The small ledger, recorded and signed once per engine; every attack is undone when its test ends."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from app.db import Database, ReadSession, WriteSession
from app.settings import Settings
from app.totals import upkeep
from app.transparency import service as transparency
from app.transparency import store as log
from app.transparency.domain.checkpoints import PublishedCheckpoint, SignedCheckpoint
from tests.clock import StoppedClock
from tests.databases import PostgresDatabases
from tests.notary import root_of
from tests.small_ledger import SIZE, record_small_ledger
from tests.tampering import unguard
from tests.transparency.build import KEY, leaves

Open = Callable[[str], Database]


@pytest.fixture(scope="session")
def _recorded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Open]:
    made: dict[str, Database] = {}

    def make(engine_name: str) -> str:
        if engine_name == "sqlite":
            path = tmp_path_factory.mktemp("attacked") / "ledger.db"
            shutil.copyfile(request.getfixturevalue("_sqlite_templates")(False), path)
            return f"sqlite:///{path}"
        databases: PostgresDatabases = request.getfixturevalue("_postgres_databases")
        # Kept to the end of the session, when all databases go.
        return databases.url(databases.take(rates=False))

    def recorded(engine_name: str) -> Database:
        if engine_name not in made:
            made[engine_name] = Database(Settings(database_url=make(engine_name)))
            record_small_ledger(made[engine_name], StoppedClock())
            sign(made[engine_name])
            upkeep.take_snapshots(made[engine_name], min_postings=10)
        return made[engine_name]

    yield recorded
    for database in made.values():
        database.dispose()


def sign(database: Database) -> None:
    """Build the tree, and publish the checkpoints that were signed at 5 entries and at the end."""
    hashes = leaves(database)
    with database.transaction() as session:
        transparency.integrate(session)
        for size in (5, SIZE):
            signed = SignedCheckpoint.sign(size, root_of(hashes[:size]), KEY)
            root, now = signed.checkpoint.root, StoppedClock().now()
            log.insert_checkpoint(
                session, PublishedCheckpoint(size, root, signed.note, KEY.verifier.text, now)
            )


@pytest.fixture
def open_ledger(engine_name: str, _recorded: Open) -> Iterator[WriteSession]:
    """The small ledger without its guards, in a transaction that is rolled back in the end."""
    with _recorded(engine_name).engine.connect() as connection, Session(connection) as session:
        unguard(session)
        yield WriteSession(ReadSession(session))
        session.rollback()
