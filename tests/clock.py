"""A clock that tests can set. Nothing else of our own is ever faked."""

from datetime import UTC, date, datetime, timedelta


class StoppedClock:
    """Tells the time that it was last given."""

    def __init__(self, instant: datetime = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return self.instant.date()

    def advance(self, by: timedelta) -> None:
        self.instant += by
