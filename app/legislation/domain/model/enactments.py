"""Enactments: what became law of a request, and the pledges that it pays for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.kernel.dates import Span
from app.legislation.domain.model.lines import AmountKind, Beneficiary, Component


class Disposition(StrEnum):
    """What the legislature made of a line. Derived from the two amounts, never typed in."""

    AS_REQUESTED = "as_requested"
    INCREASED = "increased"
    REDUCED = "reduced"
    DENIED = "denied"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnactedLine:
    """One line of a law or decision.

    Attributes:
        key: its name among the enacted lines of the request.
        line: key of the line of the request that it answers; ``None`` where the legislature added it.
        amount: minor units of the request's currency; 0 where the line was denied; ``None`` where
            it was not published.
        asked: amount of the line that it answers when it was enacted.
        rest_pends: whether what was not granted is still before the legislature.
        available: when the money may be used.
        annulled: when it was taken back whole.
        rescinded: minor units taken back since.
    """

    key: str
    line: str | None
    component: Component
    label: str | None
    amount: int | None
    amount_kind: AmountKind
    beneficiary: Beneficiary
    asked: int | None
    rest_pends: bool
    available: Span | None
    note: str | None
    annulled: Span | None = None
    rescinded: int = 0

    @property
    def disposition(self) -> Disposition:
        """What became of the line asked for."""
        if self.line is None:
            return Disposition.ADDED
        if self.amount is None or self.asked is None or self.amount == self.asked:
            return Disposition.AS_REQUESTED
        if self.amount == 0:
            return Disposition.DENIED
        return Disposition.INCREASED if self.amount > self.asked else Disposition.REDUCED

    @property
    def standing(self) -> int | None:
        """What of the amount still stands, in minor units."""
        if self.annulled is not None:
            return 0
        return None if self.amount is None else self.amount - self.rescinded

    @property
    def may_fund_pledges(self) -> bool:
        """Whether it is money for the recipient; the donor's own cost of helping is no aid."""
        return self.beneficiary is Beneficiary.RECIPIENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Enactment:
    """One law or decision on a request, or on a part of it.

    Attributes:
        law: citation of the law or decision.
        vehicle: identifier of the vehicle that became it.
        closes: whether lines that it does not answer were denied by it.
        withdrawn: it was recorded in error and counts no longer.
    """

    id: UUID
    on: Span
    law: str | None
    vehicle: str | None
    division: str | None
    closes: bool
    lines: tuple[EnactedLine, ...]
    source_url: str | None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingLink:
    """That a pledge is paid from an enacted line.

    Attributes:
        enacted_line: its key.
        amount: minor units of the request's currency.
    """

    id: UUID
    enacted_line: str
    pledge_id: UUID
    amount: int
    note: str | None
    withdrawn: bool = False


class DependencyKind(StrEnum):
    """How a pledge hangs on a request."""

    CONDITIONAL_ON = "conditional_on"
    FUNDED_BY = "funded_by"


class OnFail(StrEnum):
    """What is to become of the pledge if the request is not enacted. A person carries it out."""

    CANCEL = "cancel"
    REDUCE = "reduce"
    KEEP_UNFUNDED = "keep_unfunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """That a pledge waits for a request, or for one line of it.

    Attributes:
        line: key of the line; ``None`` for the whole request.
        due: when the pledge is to be kept; ``None`` where nobody says.
    """

    id: UUID
    pledge_id: UUID
    kind: DependencyKind
    line: str | None
    on_fail: OnFail
    due: Span | None
    note: str | None
    withdrawn: bool = False
