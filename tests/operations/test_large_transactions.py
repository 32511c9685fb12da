"""A large transaction takes memory for its pages on SQLite, and gives it back however it ends."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.db import Database, ReadSession


def kibibytes(session: ReadSession) -> int:
    """How much SQLite keeps of the file at most; it says so by a negative number."""
    found: int = session.execute(text("PRAGMA cache_size")).scalar_one()
    return -found


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_its_memory_is_given_back_after_a_commit(database: Database) -> None:
    with database.transaction() as session:
        usual = kibibytes(session)
    with database.large_transaction() as session:
        assert kibibytes(session) == 32_000 > usual
    with database.transaction() as session:
        assert kibibytes(session) == usual


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_its_memory_is_given_back_after_a_fault(database: Database) -> None:
    with database.transaction() as session:
        usual = kibibytes(session)
    with pytest.raises(OperationalError), database.large_transaction() as session:
        session.execute(text("SELECT nothing FROM nowhere"))
    with database.transaction() as session:
        assert kibibytes(session) == usual


def test_it_is_a_transaction_like_others(database: Database) -> None:
    with pytest.raises(DBAPIError), database.large_transaction() as session:  # noqa: PT012 -- both statements are one transaction
        # What came before the fault goes too: the name is free again.
        session.execute(text("CREATE TABLE gone (id integer)"))
        session.execute(text("SELECT nothing FROM nowhere"))
    with database.large_transaction() as session:
        session.execute(text("CREATE TABLE gone (id integer)"))
        session.execute(text("DROP TABLE gone"))
