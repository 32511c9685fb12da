"""What one can ask of the ledger about pledges. Values are as given: ``decide`` alone reads and judges them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

RawSources = list[Mapping[str, str | None]]
RawItems = list[Mapping[str, str | None]]
# The fields of a pledge that may be amended, by their names on the wire.
AMENDABLE: Final = (
    "donor", "title", "aid_type", "instrument", "amount", "currency", "bound", "announced_on",
    "status", "verification", "notes", "overlaps", "sources", "items",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPledge:
    """Record a pledge. ``status`` is the stage that the whole amount has reached; the earlier ones follow."""

    pledge_id: UUID
    donor: str
    title: str
    aid_type: str
    amount: str | None = None
    currency: str | None = None
    announced_on: str | None = None
    status: str = "pledged"
    instrument: str | None = None
    bound: str = "exact"
    reference: str | None = None
    verification: str = "unverified"
    notes: str | None = None
    overlaps: tuple[str, ...] = ()
    sources: RawSources = field(default_factory=list)
    items: RawItems = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMovement:
    """Commit, allocate, deliver or cancel (part of) a pledge."""

    pledge_id: UUID
    movement_id: UUID
    stage: str
    amount: str | None = None
    on: str | None = None
    note: str | None = None
    sources: RawSources = field(default_factory=list)
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPledge:
    """Change descriptive fields, reclassify, or restate the amount. ``changes`` names ``AMENDABLE`` fields."""

    pledge_id: UUID
    changes: Mapping[str, Any]
    reason: str
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMovement:
    """Take back a movement that was recorded in error: it counts no longer, its history stays."""

    pledge_id: UUID
    movement_id: UUID
    reason: str
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPledge:
    """Take back a whole pledge that was recorded in error: it counts no longer, its history stays."""

    pledge_id: UUID
    reason: str
    expected_version: int | None = None


Command = RecordPledge | RecordMovement | AmendPledge | WithdrawMovement | WithdrawPledge
