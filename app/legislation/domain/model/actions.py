"""Actions: what happened to a request or to a vehicle on a date, and how a body voted."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.dates import Span
from app.legislation.domain.states import Flag, FlagChange, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How a body voted.

    Attributes:
        other: in words: abstentions, present, absent.
        roll: number of the roll call, unique in chamber and session.
        session: of the chamber, such as ``118-2``.
        question: what was voted on, where a question was divided.
    """

    yes: int | None
    no: int | None
    other: str | None
    roll: int | None
    chamber: str | None = None
    session: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class FlagEffect:
    """A flag set or cleared."""

    name: Flag
    change: FlagChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that happened to a request or a vehicle on a date; or, dated ahead, that is to happen.

    Attributes:
        on: the days that the date may mean; never undated.
        time: wall clock of the body, ``HH:MM`` or ``HH:MM:SS``, where the source gives it.
        body: who acted, such as ``Senate``.
        state: what the request or vehicle became by it, or stayed; ``None`` for an event that
            moves nothing, and for every step ahead.
        vehicle: identifier of the text that was acted on, in an action of a request.
        language: of ``text``, as in BCP 47.
        scheme, code: the source's own code, such as ``congress.gov`` and ``17000``.
        known: when the public could know of it; ``None`` for on its own day.
        substantive: whether it moved the matter on; what only files a paper did not.
        cause: of an action that another record brought about: the id of that relation or enactment.
        opening: made from the request's own date, and follows it when that is amended.
        withdrawn: it was recorded in error and counts no longer.
    """

    id: UUID
    on: Span
    body: str | None
    state: State | None
    flag: FlagEffect | None
    text: str | None
    vote: Vote | None
    vehicle: str | None
    source_url: str | None
    recorded_on: date
    time: str | None = None
    language: str | None = None
    scheme: str | None = None
    code: str | None = None
    known: Span | None = None
    substantive: bool = True
    cause: UUID | None = None
    opening: bool = False
    withdrawn: bool = False

    def is_known_by(self, day: date) -> bool:
        """Whether the public knew of it at the end of the day."""
        return self.known is None or self.known.last <= day
