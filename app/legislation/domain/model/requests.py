"""What a legislative request is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final
from uuid import UUID

from app.kernel.currencies import CURRENCIES
from app.kernel.dates import Span
from app.kernel.sources import Source
from app.legislation.domain.model.actions import Action
from app.legislation.domain.model.enactments import Dependency, EnactedLine, Enactment, FundingLink
from app.legislation.domain.model.lines import Line, leaves_of
from app.legislation.domain.model.relations import Relation
from app.legislation.domain.model.vehicles import VehicleLink
from app.pledges.domain import Verification

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


@dataclass(frozen=True, kw_only=True)
class LegislativeRequest:
    """A request to a parliament for money or authority, as of one version.

    Attributes:
        requesting_office: who asks.
        addressed_to: which body is asked.
        legal_basis: the rule under which it is asked.
        period: what the money is for, first and last day; ``None`` where nobody says.
        requested: when it was formally made; undated where that is not known.
        announced: when the executive said that it will ask.
        published: from when it was known to the public; ``None`` for from the start.
        lines: parents and leaves; see ``leaves``.
        vehicles: the texts that carry it, each since when.
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
    vehicles: tuple[VehicleLink, ...]
    verification: Verification
    notes: str | None
    sources: tuple[Source, ...]
    actions: tuple[Action, ...]
    recorded_on: date
    legal_basis: str | None = None
    period: Span | None = None
    relations: tuple[Relation, ...] = ()
    enactments: tuple[Enactment, ...] = ()
    funding: tuple[FundingLink, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    withdrawn: bool = False

    @property
    def decimals(self) -> int:
        """Digits of the currency's minor unit."""
        return CURRENCIES[self.currency].decimals

    @property
    def standing_actions(self) -> tuple[Action, ...]:
        """The actions that were not withdrawn, in order."""
        return tuple(action for action in self.actions if not action.withdrawn)

    @cached_property
    def leaves(self) -> tuple[Line, ...]:
        """The lines that are counted."""
        return leaves_of(self.lines)

    @property
    def standing_relations(self) -> tuple[Relation, ...]:
        """The relations that were not withdrawn."""
        return tuple(one for one in self.relations if not one.withdrawn)

    @property
    def standing_enactments(self) -> tuple[Enactment, ...]:
        """The enactments that were not withdrawn."""
        return tuple(one for one in self.enactments if not one.withdrawn)

    @property
    def enacted_lines(self) -> tuple[EnactedLine, ...]:
        """The lines of all standing enactments."""
        return tuple(line for one in self.standing_enactments for line in one.lines)

    @property
    def standing_funding(self) -> tuple[FundingLink, ...]:
        """The funding links that were not withdrawn."""
        return tuple(one for one in self.funding if not one.withdrawn)

    @property
    def standing_dependencies(self) -> tuple[Dependency, ...]:
        """The dependencies that were not withdrawn."""
        return tuple(one for one in self.dependencies if not one.withdrawn)

    def find_line(self, key: str) -> Line | None:
        """The line with this key."""
        return next((line for line in self.lines if line.key == key), None)

    def find_enacted_line(self, key: str) -> EnactedLine | None:
        """The enacted line with this key, of a standing enactment."""
        return next((line for line in self.enacted_lines if line.key == key), None)

    def funded_from(self, key: str) -> int:
        """What pledges take from the enacted line, in minor units."""
        return sum(one.amount for one in self.standing_funding if one.enacted_line == key)
