"""The query strings of the feeds."""

from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from app.kernel.canonical import Json
from app.kernel.findings import Collector
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT
from app.legislation.schemas.alerts import AS_OF, DONOR, KNOWN_ON, ON
from app.legislation.schemas.queries import read_day, read_donor, read_several


class CalendarQuery(NamedTuple):
    """What a calendar shows; no donors means all."""

    on: date
    known_on: date | None
    donors: tuple[str, ...]


class ChangesQuery(NamedTuple):
    """What a feed of changes tells of; no donors means all."""

    known_on: date | None
    donors: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """The query, by its names on the wire."""
        known_on = self.known_on.isoformat() if self.known_on else None
        return {"known_on": known_on, "donor": [*self.donors]}


class ChangesFeedParams(BaseModel):
    """The query string of the feed of changes."""

    model_config = ConfigDict(extra="ignore")

    known_on: str | None = Field(None, description=KNOWN_ON)
    as_of: str | None = Field(None, description=AS_OF)
    donor: str | None = Field(None, description=DONOR)
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = None

    def to_query(self, today: date, usual_on: date | None = None) -> ChangesQuery:
        """The query, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        known_on = collector.find(lambda text: read_day(text, today), "?known_on", self.known_on)
        donors = read_several(collector, "?donor", self.donor, read_donor)
        collector.finish()
        return ChangesQuery(known_on or usual_on, donors)


class CalendarParams(BaseModel):
    """The query string of the calendar."""

    model_config = ConfigDict(extra="ignore")

    on: str | None = Field(None, description=ON)
    known_on: str | None = Field(None, description=KNOWN_ON)
    as_of: str | None = Field(None, description=AS_OF)
    donor: str | None = Field(None, description=DONOR)

    def to_query(self, today: date, usual_on: date | None = None) -> CalendarQuery:
        """The query, read. Without ``on`` it is about ``usual_on``, the day of ``as_of``, or about today.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        on = collector.find(lambda text: read_day(text, today), "?on", self.on)
        known_on = collector.find(lambda text: read_day(text, today), "?known_on", self.known_on)
        donors = read_several(collector, "?donor", self.donor, read_donor)
        collector.finish()
        return CalendarQuery(on or usual_on or today, known_on or usual_on, donors)
