"""The only place that asks what time it is."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, Protocol

from app.kernel.errors import ValueRefusedError

_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)


class Clock(Protocol):
    """Tells the time in UTC."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """The present day in UTC."""
        ...


class SystemClock(Clock):
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251 -- this is the one clock

    def today(self) -> date:
        """The present day in UTC."""
        return self.now().date()


# All that is recorded together has one instant.
@lru_cache(maxsize=256)
def format_instant(instant: datetime) -> str:
    """``2026-11-22T10:00:00Z``, with microseconds where there are any."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant that names its zone, as ``Z`` or as an offset.

    Raises:
        ValueRefusedError: ``invalid-instant``.
    """
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueRefusedError(
        "invalid-instant", "An instant is 2026-11-22T10:00:00Z; it names its zone."
    )
