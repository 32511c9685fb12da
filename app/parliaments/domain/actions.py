"""What a parliament reports: the facts of a vehicle, its actions, and the votes among them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Protocol

from app.kernel.dates import Span, format_span
from app.legislation.domain import Flag, FlagChange, State
from app.parliaments.domain.places import NOWHERE, FileFinding, Place
from app.parliaments.domain.wording import normalise

Key = tuple[str, ...]
MAX_TEXT: Final = 4_000


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does to its vehicle; nothing at all is the usual case."""

    state: State | None = None
    flag: Flag | None = None
    change: FlagChange | None = None

    def __bool__(self) -> bool:
        return self.state is not None or self.flag is not None


NOTHING: Final = Effect()


class RollCall(Protocol):
    """What tells one roll call from every other."""

    @property
    def chamber(self) -> str | None: ...  # noqa: D102 - as in ``ReportedVote``
    @property
    def session(self) -> str | None: ...  # noqa: D102
    @property
    def roll(self) -> int | None: ...  # noqa: D102


def roll_key(vote: RollCall | None) -> Key | None:
    """The natural key of a roll call; ``None`` where it is not numbered."""
    if vote and vote.chamber and vote.session and vote.roll is not None:
        return ("vote", vote.chamber, vote.session, str(vote.roll))
    return None


def text_key(on: Span, text: str) -> Key:
    """The natural key of anything else."""
    return ("text", format_span(on) or "", normalise(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedVote:
    """A roll call.

    Attributes:
        chamber: who voted, such as ``Senate``.
        session: within which the roll numbers are unique; for the United States Congress the
            congress and its session, ``118-2``.
        roll: its number; ``None`` where the body does not number its votes.
        other: whoever voted neither yes nor no, in words.
        question: what was voted on, in the words of the source.
        passed: whether the question was carried; ``None`` where the source does not say.
        at: the instant in UTC, which may lie on the day after that of the chamber.
    """

    chamber: str | None
    session: str | None
    roll: int | None
    yes: int | None
    no: int | None
    other: str | None
    question: str | None
    passed: bool | None
    url: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedAction:
    """Something that happened to a vehicle, as its parliament reports it.

    Attributes:
        on: the day in the parliament's time zone, or the days that a vaguer date may mean.
        time: its clock, where it gives one.
        body: who acted, such as ``Senate``.
        text: as delivered.
        language: of the text, an ISO 639-1 code.
        scheme: the list that the codes are of, such as ``congress_gov``.
        codes: as delivered; several where one happening is reported in several rows.
        substantive: whether it moves the matter: a referral, a report, a motion, a vote, a date set. Not
            a message, a co-sponsor or an amendment that is merely considered.
        place: in the file, for whoever has to look.
    """

    on: Span
    time: time | None
    body: str | None
    text: str
    language: str
    scheme: str | None
    codes: tuple[str, ...]
    effect: Effect
    vote: ReportedVote | None
    substantive: bool
    source_url: str | None
    place: Place

    @property
    def key(self) -> Key:
        """By what the same action is known again, from whatever source it comes, within one vehicle.

        A roll call by its chamber, session and number; anything else by its date and its words.
        """
        return roll_key(self.vote) or text_key(self.on, self.text)

    def is_ahead_of(self, day: date) -> bool:
        """Whether it is a step of the calendar that has not come yet: shown, but never applied."""
        return self.on.first > day


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleFacts:
    """What the file says about the bill itself.

    Attributes:
        jurisdiction: ISO 3166-1 code of the country, or ``EU``.
        session: such as ``118`` for the 118th Congress.
        identifier: as the parliament writes it, ``H.R. 815``.
        law: its citation once it is one, ``P.L. 118-50``.
        titles: every title that it ever had, the present one first.
        external_ids: its names in other systems, by system.
    """

    jurisdiction: str
    session: str
    identifier: str
    title: str | None = None
    introduced_on: date | None = None
    law: str | None = None
    titles: tuple[str, ...] = ()
    external_ids: dict[str, str] = field(default_factory=dict)
    url: str | None = None

    @property
    def name(self) -> str:
        """``US/118/H.R. 815``: how a vehicle is named on the command line."""
        return f"{self.jurisdiction}/{self.session}/{self.identifier}"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row that says again what another says: counted, and not recorded a second time.

    Attributes:
        of: the row that stands.
    """

    place: Place
    of: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came out of one or more files about one vehicle.

    Attributes:
        vehicle: ``None`` where the files do not name it.
        actions: in the order in which they happened.
        repeats: rows that repeat another.
        findings: what is wrong; with any, ``actions`` may be incomplete.
        source: the file, or the first of several: the place of whatever is about all of it.
    """

    vehicle: VehicleFacts | None = None
    actions: tuple[ReportedAction, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    findings: tuple[FileFinding, ...] = ()
    source: Place = NOWHERE

    @property
    def votes(self) -> tuple[ReportedVote, ...]:
        """The roll calls, each once."""
        return tuple(action.vote for action in self.actions if action.vote)
