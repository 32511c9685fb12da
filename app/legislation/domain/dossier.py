"""A request together with the vehicles that carry it: all that its state depends on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.legislation.domain.course import Course
from app.legislation.domain.model import LegislativeRequest, Vehicle
from app.legislation.domain.states import State


@dataclass(frozen=True)
class Dossier:
    """A request and its vehicles, as of one moment.

    Attributes:
        vehicles: those that the request links to, by id.
    """

    request: LegislativeRequest
    vehicles: Mapping[UUID, Vehicle] = field(default_factory=dict)

    def course(self, known_on: date | None = None) -> Course:
        """The request's course, as the public knew it at the end of a day."""
        return Course(self.request, self.vehicles, known_on=known_on)

    def is_public(self, known_on: date | None) -> bool:
        """Whether the public knew of the request at the end of the day; ``None``: by now."""
        published = self.request.published
        return published is None or known_on is None or published.last <= known_on

    def state_on(self, day: date, known_on: date | None = None) -> State | None:
        """The state at the end of a day; ``None`` before the first one, and of what is not public or withdrawn."""
        if self.request.withdrawn or not self.is_public(known_on):
            return None
        return self.course(known_on).state_on(day)
