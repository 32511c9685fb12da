"""What a legislative request is: its lines, vehicles and actions."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.kernel.currencies import CURRENCIES
from app.kernel.dates import Span
from app.kernel.sources import Source
from app.legislation.domain.states import Flag, FlagChange, State
from app.pledges.domain import Bound, Verification

STREAM_KIND: Final = "legislative_request"


class Kind(StrEnum):
    """The form of the request."""

    SUPPLEMENTAL = "supplemental"
    ANNUAL_BUDGET = "annual_budget"
    BUDGET_AMENDMENT = "budget_amendment"
    COMMITTEE_RELEASE = "committee_release"
    FRAMEWORK = "framework"
    IN_KIND_AUTHORISATION = "in_kind_authorisation"
    AUTHORITY_INCREASE = "authority_increase"
    FUND_LAW = "fund_law"
    PARLIAMENTARY_MOTION = "parliamentary_motion"


class Component(StrEnum):
    """What a line is for. ``mixed`` is honest where the source does not split."""

    MILITARY = "military"
    HUMANITARIAN = "humanitarian"
    FINANCIAL = "financial"
    MIXED = "mixed"
    OTHER = "other"


class AmountKind(StrEnum):
    """What kind of thing an amount is. Only cash and loans are money that can be paid out."""

    CASH = "cash"
    LOAN = "loan"
    GUARANTEE = "guarantee"
    AUTHORITY_CEILING = "authority_ceiling"
    ENVELOPE = "envelope"
    COMMITMENT_AUTHORISATION = "commitment_authorisation"
    IN_KIND_VALUE = "in_kind_value"


class Beneficiary(StrEnum):
    """Whom a line is for."""

    RECIPIENT = "recipient"
    REGION = "region"
    DONOR_OWN = "donor_own"
    NOT_IN_SCOPE = "not_in_scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One leaf of what is asked for; totals are never lines.

    Attributes:
        amount: minor units of the request's currency; ``None`` when it was not published.
        enacted: when this part was settled; ``None`` while it is not.
    """

    component: Component
    label: str | None
    amount: int | None
    bound: Bound
    amount_kind: AmountKind
    beneficiary: Beneficiary
    verification: Verification
    note: str | None
    enacted: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A bill or other text that carries the request; often older than the request itself."""

    identifier: str
    jurisdiction: str | None
    session: str | None
    became_vehicle: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How a body voted. ``other`` is in words: abstentions, present, absent."""

    yes: int | None
    no: int | None
    other: str | None
    roll: int | None


@dataclass(frozen=True, slots=True)
class FlagEffect:
    """A flag set or cleared."""

    name: Flag
    change: FlagChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that happened to a request on a date.

    Attributes:
        on: the days that the date may mean; never undated.
        body: who acted, such as ``Senate``.
        state: what the request became by it, or stayed; ``None`` for an event that moves nothing.
        vehicle: identifier of the text that was acted on.
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
    opening: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LegislativeRequest:
    """A request to a parliament for money or authority, as of one version.

    Attributes:
        requesting_office: who asks.
        addressed_to: which body is asked.
        requested: when it was formally made; undated where that is not known.
        announced: when the executive said that it will ask.
        published: from when it was known to the public; ``None`` for from the start.
        actions: in the order in which they happened, see ``domain.course.place``.
        recorded_on: dates the conversion of a request whose month or year is not over yet.
        withdrawn: it was recorded in error; not the state of the same name.
    """

    id: UUID
    version: int
    reference: str
    donor: str
    title: str
    requesting_office: str | None
    addressed_to: str | None
    kind: Kind
    requested: Span
    announced: Span
    published: Span | None
    currency: str
    lines: tuple[Line, ...]
    vehicles: tuple[Vehicle, ...]
    verification: Verification
    notes: str | None
    sources: tuple[Source, ...]
    actions: tuple[Action, ...]
    recorded_on: date
    withdrawn: bool = False

    @property
    def decimals(self) -> int:
        """Digits of the currency's minor unit."""
        return CURRENCIES[self.currency].decimals

    @property
    def standing_actions(self) -> tuple[Action, ...]:
        """The actions that were not withdrawn, in order."""
        return tuple(action for action in self.actions if not action.withdrawn)
