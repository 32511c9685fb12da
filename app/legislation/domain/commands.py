"""What one can ask of the ledger about legislative requests; ``decide`` alone judges the values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

Raw = Mapping[str, Any]
# The fields of a request that may be amended, by their names on the wire.
AMENDABLE: Final = (
    "donor",
    "title",
    "requesting_office",
    "addressed_to",
    "kind",
    "legal_basis",
    "period",
    "requested_on",
    "announced_on",
    "published_on",
    "currency",
    "lines",
    "vehicles",
    "verification",
    "notes",
    "sources",
)
# The fields of an enacted line that may be amended.
AMENDABLE_ENACTED: Final = ("annulled_on", "rescinded", "available", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAction:
    """An action as given, under the id that it will have."""

    action_id: UUID
    on: str
    time: str | None = None
    body: str | None = None
    state: str | None = None
    flag: Raw | None = None
    text: str | None = None
    language: str | None = None
    vote: Raw | None = None
    vehicle: str | None = None
    source_url: str | None = None
    scheme: str | None = None
    code: str | None = None
    known_on: str | None = None
    substantive: bool | None = None
    cause: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLegislativeRequest:
    """Record a request, with actions that are known already.

    Where ``state`` is given, or no action has one, an opening action is made: into ``state``, else
    into ``submitted`` where the request has a date, else into ``announced``. It is dated
    ``state_on``, else by the request's own date of that step, and then follows it when it is
    amended.

    Attributes:
        opening_id: the id of the opening action, if one is made.
        lines: each with ``key``, ``parent``, ``component``, ``subcomponent``, ``label``, ``amount``,
            ``bound``, ``amount_kind``, ``beneficiary``, ``year``, ``new_money``, ``verification``,
            ``note``, ``claims``, ``enacted_on``.
        vehicles: each with ``jurisdiction``, ``session``, ``identifier``, ``role``, ``division``,
            ``became_vehicle_on``, ``ceased_on``, ``reason``; the service adds ``vehicle_id``.
        sources: each with ``url``, ``title``, ``kind``.
    """

    request_id: UUID
    opening_id: UUID
    donor: str
    title: str
    kind: str
    currency: str
    reference: str | None = None
    requesting_office: str | None = None
    addressed_to: str | None = None
    legal_basis: str | None = None
    period: str | None = None
    requested_on: str | None = None
    announced_on: str | None = None
    published_on: str | None = None
    state: str | None = None
    state_on: str | None = None
    lines: list[Raw] = field(default_factory=list)
    vehicles: list[Raw] = field(default_factory=list)
    actions: list[RawAction] = field(default_factory=list)
    verification: str = "unverified"
    notes: str | None = None
    sources: list[Raw] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """A change of a request that is there.

    Attributes:
        expected_version: the version that it is based on; ``None`` where that does not matter.
    """

    request_id: UUID
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAction(Alteration):
    """Record something that happened to a request, with the state that it led to, if any."""

    action: RawAction


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendLegislativeRequest(Alteration):
    """Change descriptive fields or all lines. ``changes`` names ``AMENDABLE`` fields."""

    changes: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAction(Alteration):
    """Take back an action that was recorded in error: it counts no longer, its history stays."""

    action_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawLegislativeRequest(Alteration):
    """Take back a whole record made in error. A requester that takes back is an action."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEnactment(Alteration):
    """Record what became law of a request, wholly or in part: one entry ends the pending amount and opens the enacted.

    Attributes:
        action_id: of the action that the enactment makes, where the request is not law already.
        lines: each with ``line`` (key of the line that it answers, or none), ``amount`` (as asked
            where it is left out), ``key``, ``component``, ``label``, ``amount_kind``,
            ``beneficiary``, ``rest_pends``, ``available``, ``note``. None at all: everything became
            law as it was asked for.
        closes: whether lines that are not named were denied; else they stay pending.
    """

    enactment_id: UUID
    action_id: UUID
    on: str
    law: str | None = None
    vehicle: str | None = None
    division: str | None = None
    lines: list[Raw] = field(default_factory=list)
    closes: bool = True
    source_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendEnactedLine(Alteration):
    """Say what became of an enacted line since. ``changes`` names ``AMENDABLE_ENACTED`` fields."""

    key: str
    changes: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawEnactment(Alteration):
    """Take back an enactment that was recorded in error, with the action that it made."""

    enactment_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRelation(Alteration):
    """Record what a request is to another one.

    Attributes:
        other_id, other: id and reference of the other request.
        lines: each with ``own``, ``other`` (keys of lines) and ``amount``.
    """

    relation_id: UUID
    kind: str
    other_id: UUID
    other: str
    effective_on: str
    lines: list[Raw] = field(default_factory=list)
    rationale: str | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRelation(Alteration):
    """Take back a relation that was recorded in error, with what it did to either request."""

    relation_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFunding(Alteration):
    """Record that a pledge is paid from an enacted line."""

    funding_id: UUID
    enacted_line: str
    pledge_id: UUID
    amount: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawFunding(Alteration):
    """Take back a funding link that was recorded in error."""

    funding_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDependency(Alteration):
    """Record that a pledge waits for a request."""

    dependency_id: UUID
    pledge_id: UUID
    kind: str = "conditional_on"
    line: str | None = None
    on_fail: str = "keep_unfunded"
    due_on: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDependency(Alteration):
    """Take back a dependency that was recorded in error, or that holds no longer."""

    dependency_id: UUID
    reason: str


Command = RecordLegislativeRequest | Alteration
