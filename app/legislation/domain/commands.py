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


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAction:
    """An action as given, under the id that it will have."""

    action_id: UUID
    on: str
    body: str | None = None
    state: str | None = None
    flag: Raw | None = None
    text: str | None = None
    vote: Raw | None = None
    vehicle: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLegislativeRequest:
    """Record a request, with actions that are known already.

    Where ``state`` is given, or no action has one, an opening action is made: into ``state``, else
    into ``submitted`` where the request has a date, else into ``announced``. It is dated
    ``state_on``, else by the request's own date of that step, and then follows it when it is
    amended.

    Attributes:
        opening_id: the id of the opening action, if one is made.
        lines: each with ``component``, ``label``, ``amount``, ``bound``, ``amount_kind``,
            ``beneficiary``, ``verification``, ``note``, ``enacted_on``.
        vehicles: each with ``identifier``, ``jurisdiction``, ``session``, ``became_vehicle_on``.
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
class RecordAction:
    """Record something that happened to a request, with the state that it led to, if any."""

    request_id: UUID
    action: RawAction
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendLegislativeRequest:
    """Change descriptive fields or all lines. ``changes`` names ``AMENDABLE`` fields."""

    request_id: UUID
    changes: Mapping[str, Any]
    reason: str
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAction:
    """Take back an action that was recorded in error: it counts no longer, its history stays."""

    request_id: UUID
    action_id: UUID
    reason: str
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawLegislativeRequest:
    """Take back a whole record made in error. A requester that takes back is an action."""

    request_id: UUID
    reason: str
    expected_version: int | None = None


Alteration = RecordAction | AmendLegislativeRequest | WithdrawAction | WithdrawLegislativeRequest
Command = RecordLegislativeRequest | Alteration
