"""What the legislation workbook is made of: frozen figures of what parliaments were asked for, and what became of it.

All amounts are ``Decimal`` in major units, rounded to the decimals of their currency. ``None`` is an amount that nobody
published. No figure here is part of a total of pledges.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from app.kernel.dates import Span
from reports.figures import RateLine

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Amounts of one currency that differ in kind, side by side; they are never added to each other.

    Attributes:
        money: cash and loans.
        authority: ceilings on drawing from stocks.
        envelope: multi-year frames and commitment authorisations.
        in_kind: the book value of materiel.
        guarantee: paid only where somebody else fails.
        out_of_scope: asked for in the same breath, and not for the recipient.
    """

    money: Decimal = ZERO
    authority: Decimal = ZERO
    envelope: Decimal = ZERO
    in_kind: Decimal = ZERO
    guarantee: Decimal = ZERO
    out_of_scope: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSum:
    """What is pending of one donor and component, in one currency.

    Attributes:
        standing: ``pending``, ``awaiting_signature`` or ``announced``.
        requests: how many requests.
        unvalued: how many of their lines have no published amount.
    """

    donor: str
    donor_name: str
    component: str
    standing: str
    currency: str
    amounts: Columns
    requests: int
    unvalued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingTotal:
    """All that is pending in one currency; what is only announced is not."""

    currency: str
    amounts: Columns
    requests: int
    unvalued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLine:
    """One line that is pending or announced: a row that the sums of ``PendingSum`` and ``PendingTotal`` add up.

    Attributes:
        revision: of its request, which no other request has.
        standing: as of ``PendingSum``.
        component: ``other`` of a request without any lines, which stands as one line of unknown amount.
        column: a name of ``Columns``.
        native: in ``native_currency``, the request's own; ``None`` where the amount was not published.
        valued_on: the day whose rate converted it; ``None`` where it needed none.
        amount: in ``currency``.
        requests: 1 in the first row of its request, or else 0, so that they count requests when they are added up.
        of_component: the same for the request's rows of one component.
    """

    reference: str
    revision: int
    donor: str
    donor_name: str
    title: str
    state: str
    standing: str
    days_pending: int | None
    key: str | None
    label: str | None
    component: str
    column: str
    beneficiary: str | None
    native: Decimal | None
    native_currency: str
    valued_on: date | None
    amount: Decimal | None
    currency: str
    requests: int
    of_component: int
    verification: str
    source_url: str | None

    @property
    def is_in_total(self) -> bool:
        """Whether it is asked for; what is only announced is in no total."""
        return self.standing != "announced"

    @property
    def unvalued(self) -> int:
        """1 where nobody published the amount."""
        return int(self.amount is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestState:
    """One request on the day of the report.

    Attributes:
        state: such as ``floor``.
        is_pending, is_over: what is only announced is neither.
        flags: such as ``blocked``.
        pending_since: the day of the request, or of what made it pending.
        ended: when it was over; ``None`` while it is not.
        days_pending: from the request to its end, or to the day.
        days_in_state: since it came into the state; ``None`` once it is over.
        days_silent: since an action moved it on; ``None`` once it is over.
        days_to_decision: from the request to its end; ``None`` while it is not over.
        dormant: silent for longer than its state usually is.
        pending: what is still open of it, in ``currency``; of the components asked for.
        revision: of the entry that made the version; no other request has it.
        last: the day of the last action, and who acted.
        vehicles: names of the bills and decisions that carry it.
    """

    reference: str
    donor: str
    donor_name: str
    title: str
    kind: str
    state: str
    is_pending: bool
    is_over: bool
    flags: tuple[str, ...]
    requested: Span
    pending_since: date | None
    ended: Span | None
    days_pending: int | None
    days_in_state: int | None
    days_silent: int | None
    days_to_decision: int | None
    dormant: bool
    currency: str
    pending: Columns
    last: date | None
    body: str | None
    vehicles: tuple[str, ...]
    revision: int
    version: int

    @property
    def standing(self) -> str:
        """As of ``PendingSum``, or ``over``."""
        if self.is_over:
            return "over"
        if not self.is_pending:
            return "announced"
        return "awaiting_signature" if self.state == "passed" else "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """One action of a request or of a vehicle that carries it.

    Attributes:
        on: its date as the source gives it; ``day`` is the one from which it counts.
        is_ahead: it is still to come on the day of the report.
        state: what the request was after it; ``None`` before any state and of what is ahead.
        says: the state that the action itself said, of the request or of its vehicle.
        votes: yes, no, and the rest in words.
        roll: the number of the roll call, with chamber and session where they are known.
        known: when the public could know of it; ``None`` for on its own day.
    """

    reference: str
    donor: str
    on: Span
    day: date
    is_ahead: bool
    body: str | None
    vehicle: str | None
    state: str | None
    says: str | None
    flags: tuple[str, ...]
    text: str | None
    language: str | None
    yes: int | None
    no: int | None
    other: str | None
    roll: str | None
    question: str | None
    substantive: bool
    known: Span | None
    source_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAndEnacted:
    """What was asked for of one component of a request in one kind of amount, and what became of it.

    Attributes:
        revision: of the request.
        column: a name of ``Columns``.
        asked: ``pending``, ``enacted`` and ``dead`` together.
        beyond: what is law and was not asked for: lines increased and lines added.
        unvalued: how many lines have no published amount.
    """

    reference: str
    revision: int
    donor: str
    donor_name: str
    component: str
    column: str
    currency: str
    asked: Decimal
    pending: Decimal
    enacted: Decimal
    dead: Decimal
    beyond: Decimal
    unvalued: int

    def outcome(self, name: str) -> Decimal:
        """One of the five amounts by its name."""
        amount: Decimal = getattr(self, name)
        return amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """One statement of a line's amount; the line's own figures stand with the first one.

    Attributes:
        revision: of the request.
        key, parent: names of the line and of the one that contains it.
        is_added: the legislature added it; nobody had asked for it.
        is_first: whether the line's own figures stand here; else they stand in a row before.
        is_counted: whether it is a leaf of the tree of lines.
        column: a name of ``Columns``.
        amount: the one that is counted.
        asked: the same where it is counted and was asked for, which what is only announced is not yet.
        pending, enacted, dead: what became of ``asked``.
        beyond: what is law of it and was not asked for.
        unvalued: 1 where it is counted and has no published amount.
        claim: what this source says; ``None`` where it names no amount.
        preferred: whether it is the one counted; ``None`` where there is no claim but the line itself.
        reason: why it is preferred or not.
    """

    reference: str
    revision: int
    donor: str
    key: str
    parent: str | None
    component: str
    subcomponent: str | None
    label: str | None
    amount_kind: str
    beneficiary: str
    column: str
    year: int | None
    new_money: bool | None
    is_added: bool
    is_first: bool
    is_counted: bool
    amount: Decimal | None
    asked: Decimal | None
    pending: Decimal | None
    enacted: Decimal | None
    dead: Decimal | None
    beyond: Decimal | None
    unvalued: int
    currency: str
    claim: Decimal | None
    bound: str | None
    verification: str | None
    preferred: bool | None
    reason: str | None
    retrieved: Span | None
    source_title: str | None
    source_url: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegislationFigures:
    """All that the legislation workbook shows.

    Attributes:
        on: the day that it is about.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
        totals: of ``pending``, per currency, without what is only announced.
        live: the lines that both add up.
        is_converted: whether all that is pending was asked for in one currency.
        rates: all that ``live`` was converted with.
    """

    on: date
    known_on: date | None
    pending: tuple[PendingSum, ...]
    totals: tuple[PendingTotal, ...]
    live: tuple[LiveLine, ...]
    is_converted: bool
    rates: tuple[RateLine, ...]
    requests: tuple[RequestState, ...]
    timeline: tuple[TimelineStep, ...]
    asked: tuple[AskedAndEnacted, ...]
    lines: tuple[ClaimLine, ...]

    def count(self, holds: Callable[[RequestState], bool]) -> int:
        """Of how many requests this holds."""
        return sum(1 for one in self.requests if holds(one))


def add_up(rows: Sequence[AskedAndEnacted]) -> AskedAndEnacted:
    """One row for many of one currency and column, under the names of the first."""
    return replace(
        rows[0],
        asked=sum((row.asked for row in rows), ZERO),
        pending=sum((row.pending for row in rows), ZERO),
        enacted=sum((row.enacted for row in rows), ZERO),
        dead=sum((row.dead for row in rows), ZERO),
        beyond=sum((row.beyond for row in rows), ZERO),
        unvalued=sum(row.unvalued for row in rows),
    )
