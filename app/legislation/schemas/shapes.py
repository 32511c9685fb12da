"""The shapes of what we answer about legislative requests."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class SourceOut(BaseModel):
    """A page that says so."""

    url: str
    title: str | None
    kind: str


class ClaimOut(BaseModel):
    """One statement of a line's amount."""

    amount: str | None
    bound: str
    verification: str
    source: SourceOut | None
    retrieved_on: str | None
    preferred: bool
    reason: str | None


class LineOut(BaseModel):
    """One part of what is asked for."""

    key: str
    parent: str | None
    component: str
    subcomponent: str | None
    label: str | None
    amount: str | None = Field(description="Of the preferred claim.")
    bound: str
    amount_kind: str
    beneficiary: str
    year: int | None
    new_money: bool | None
    verification: str
    note: str | None
    claims: list[ClaimOut]
    residual: bool = Field(description="Made by the ledger: what a line has beyond its parts.")
    enacted_on: str | None
    pending: str | None = Field(description="Still before the legislature; null where not counted.")
    enacted: str | None
    dead: str | None


class VehicleLinkOut(BaseModel):
    """A bill or other text that carries the request."""

    vehicle_id: UUID | None
    jurisdiction: str
    session: str
    identifier: str
    role: str
    division: str | None
    became_vehicle_on: str | None
    ceased_on: str | None
    reason: str | None


class ActionOut(BaseModel):
    """Something that happened, or is to happen."""

    id: UUID
    on: str
    time: str | None
    body: str | None
    state: str | None
    flag: dict[str, str] | None
    text: str | None
    language: str | None
    vote: dict[str, int | str | None] | None
    vehicle: str | None
    source_url: str | None
    scheme: str | None
    code: str | None
    known_on: str | None
    substantive: bool
    cause: UUID | None = Field(description="The relation or enactment that brought it about.")
    recorded_on: str
    opening: bool = Field(description="Made from the request's own date, which it follows.")
    withdrawn: bool = Field(description="Recorded in error; it counts no longer.")


class EnactedLineOut(BaseModel):
    """One line of a law or decision."""

    key: str
    line: str | None
    component: str
    label: str | None
    amount: str | None
    amount_kind: str
    beneficiary: str
    asked: str | None
    disposition: str
    rest_pends: bool
    available: str | None
    note: str | None
    annulled_on: str | None
    rescinded: str


class EnactmentOut(BaseModel):
    """What became law of the request."""

    id: UUID
    on: str
    law: str | None
    vehicle: str | None
    division: str | None
    closes: bool
    lines: list[EnactedLineOut]
    source_url: str | None
    withdrawn: bool


class RelationOut(BaseModel):
    """What the request is to another one."""

    id: UUID
    kind: str
    other_id: UUID
    other: str
    effective_on: str
    lines: list[dict[str, str | None]]
    rationale: str | None
    decided_by: str | None
    withdrawn: bool


class FundingOut(BaseModel):
    """That a pledge is paid from an enacted line."""

    id: UUID
    enacted_line: str
    pledge_id: UUID
    amount: str
    note: str | None
    withdrawn: bool


class DependencyOut(BaseModel):
    """That a pledge waits for the request."""

    id: UUID
    pledge_id: UUID
    kind: str
    line: str | None
    on_fail: str
    due_on: str | None
    note: str | None
    withdrawn: bool


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
    legal_basis: str | None
    period: str | None
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
    days_in_state: int | None = Field(description="With `on`, while it is pending.")
    days_since_substantive_action: int | None
    days_to_decision: int | None = Field(description="With `on`, once it is over.")
    dormant: bool = Field(description="With `on`: longer silent than its state usually is.")
    lines: list[LineOut]
    vehicles: list[VehicleLinkOut]
    actions: list[ActionOut] = Field(
        description="Its own; `timeline` has those of its vehicles too."
    )
    relations: list[RelationOut]
    enactments: list[EnactmentOut]
    funding: list[FundingOut]
    dependencies: list[DependencyOut]
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


class TimelineOut(BaseModel):
    """What happened to a request and its vehicles, in the order of the days, and what it was after each step.

    Rows hold `on`, `day` (from which it counts), `vehicle` (null for the request's own), `state` and
    `flags` of the request after it, and the `action`. `ahead` has the steps that are still to come.
    """

    data: list[dict[str, Any]]
    ahead: list[dict[str, Any]]
    next_cursor: None
    meta: dict[str, Any]


class VehicleOut(BaseModel):
    """A bill, a budget or a committee decision as of a revision."""

    id: UUID
    name: str = Field(description="Jurisdiction, session and identifier.")
    version: int
    revision: int
    recorded_at: str
    jurisdiction: str
    session: str
    identifier: str
    title: str | None
    title_original: str | None
    introduced_on: str | None
    session_ends_on: str | None
    law_citation: str | None
    url: str | None
    external_ids: list[dict[str, str]]
    state: str | None = Field(description="Its own, whatever it carries.")
    flags: list[str]
    actions: list[ActionOut]
    notes: str | None
    sources: list[SourceOut]


class OneVehicleOut(VehicleOut):
    """A vehicle, with the state of the ledger that it was read from."""

    meta: dict[str, Any]


class VehiclePageOut(BaseModel):
    """A page of vehicles."""

    data: list[VehicleOut]
    next_cursor: str | None
    meta: dict[str, Any]


class PendingOut(BaseModel):
    """What is pending.

    Rows hold the dimensions asked for in that order, `standing` (`pending`, or `awaiting_signature`
    once the legislature is done), `currency` where each keeps its own, then `amount` (money),
    `authority`, `envelope`, `in_kind`, `guarantee`, `out_of_scope`, `requests` and `unvalued` (lines
    without a published amount). Columns are never added to each other. `announced` is not asked for
    yet and in no total but its own.
    """

    data: list[dict[str, Any]]
    total: dict[str, Any]
    awaiting_signature: dict[str, Any] = Field(description="The part of `total` that is passed.")
    announced: dict[str, Any] = Field(description="`data` and `total` of what is only announced.")
    next_cursor: None
    meta: dict[str, Any]
