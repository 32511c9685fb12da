"""A database with the tables of this room, and a clock that moves only when it is told to."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.access.tables import ApiKeyRow
from app.db import Database
from app.settings import Settings


class StoppedClock:
    """Tells the time that it was last given."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return self.instant.date()

    def advance(self, by: timedelta) -> None:
        self.instant += by


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))


@pytest.fixture
def access_database(tmp_path: Path) -> Iterator[Database]:
    database = Database(Settings(database_url=f"sqlite:///{tmp_path / 'access.db'}"))
    ApiKeyRow.metadata.create_all(database.engine)
    yield database
    database.dispose()
