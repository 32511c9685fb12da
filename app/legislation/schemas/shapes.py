"""The shapes of what we answer about legislative requests."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class SourceOut(BaseModel):
    """A page that says so."""

    url: str
    title: str | None
    kind: str


class LineOut(BaseModel):
    """One leaf of what is asked for."""

    component: str
    label: str | None
    amount: str | None
    bound: str
    amount_kind: str
    beneficiary: str
    verification: str
    note: str | None
    enacted_on: str | None


class VehicleOut(BaseModel):
    """A bill or other text that carries the request."""

    identifier: str
    jurisdiction: str | None
    session: str | None
    became_vehicle_on: str | None


class ActionOut(BaseModel):
    """Something that happened."""

    id: UUID
    on: str
    body: str | None
    state: str | None
    flag: dict[str, str] | None
    text: str | None
    vote: dict[str, int | str | None] | None
    vehicle: str | None
    source_url: str | None
    recorded_on: str
    opening: bool = Field(description="Made from the request's own date, which it follows.")
    withdrawn: bool = Field(description="Recorded in error; it counts no longer.")


class LegislativeRequestOut(BaseModel):
    """A legislative request as of a revision."""

    id: UUID
    reference: str
    version: int
    revision: int = Field(description="Of the entry that made this version.")
    recorded_at: str
    donor: str
    title: str
    requesting_office: str | None
    addressed_to: str | None
    kind: str
    requested_on: str | None
    announced_on: str | None
    published_on: str | None
    currency: str
    state: str | None = Field(
        description="By its last action; with `on`, at the end of that day; null before any."
    )
    flags: list[str]
    pending_since: str | None
    ended_on: str | None
    days_pending: int | None = Field(
        description="From the request to its end or to `on`; null while neither is known."
    )
    lines: list[LineOut]
    vehicles: list[VehicleOut]
    actions: list[ActionOut]
    verification: str
    notes: str | None
    sources: list[SourceOut]
    withdrawn: bool = Field(description="Recorded in error; not the state of the same name.")


class OneLegislativeRequestOut(LegislativeRequestOut):
    """A legislative request, with the state of the ledger that it was read from."""

    meta: dict[str, Any]


class LegislativeRequestPageOut(BaseModel):
    """A page of legislative requests."""

    data: list[LegislativeRequestOut]
    next_cursor: str | None
    meta: dict[str, Any]


class PendingOut(BaseModel):
    """What is pending.

    Rows hold the dimensions asked for in that order, `currency` where each keeps its own, then
    `amount` (money), `authority`, `envelope`, `in_kind`, `guarantee`, `out_of_scope`, `requests`
    and `unvalued` (lines without a published amount). Columns are never added to each other.
    """

    data: list[dict[str, Any]]
    total: dict[str, Any]
    next_cursor: None
    meta: dict[str, Any]
