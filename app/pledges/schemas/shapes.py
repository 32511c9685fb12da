"""The shapes that we answer."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class SourceOut(BaseModel):
    """A page that says so."""

    url: str
    title: str | None
    kind: str


class MovementOut(BaseModel):
    """A step of (part of) a pledge."""

    id: UUID
    stage: str
    amount: str | None
    on: str | None
    note: str | None
    sources: list[SourceOut]
    recorded_on: str
    withdrawn: bool


class ItemOut(BaseModel):
    """One line of what a pledge consists of; lines need not add up to the amount."""

    description: str
    kind: str | None
    subkind: str | None
    quantity: str | None
    delivered: str | None
    unit: str | None
    unit_value: str | None
    value: str | None
    currency: str | None
    note: str | None


class StagesOut(BaseModel):
    """What stands at each stage; null where only an unknown amount does."""

    pledged: str | None
    committed: str | None
    allocated: str | None
    delivered: str | None


class MetaOut(BaseModel):
    """Which state of the ledger is shown."""

    revision: int
    as_of: str | None


class PledgeOut(BaseModel):
    """A pledge as of a revision."""

    id: UUID
    reference: str
    version: int
    revision: int = Field(description="Of the entry that made this version.")
    recorded_at: str
    donor: str
    title: str
    aid_type: str
    instrument: str
    amount: str | None
    currency: str | None
    bound: str
    announced_on: str | None
    status: str
    stages: StagesOut
    verification: str
    notes: str | None
    overlaps: list[str]
    sources: list[SourceOut]
    movements: list[MovementOut]
    items: list[ItemOut]


class OnePledgeOut(PledgeOut):
    """A pledge, with the state of the ledger that it was read from."""

    meta: MetaOut


class PledgePageOut(BaseModel):
    """A page of pledges."""

    data: list[PledgeOut]
    next_cursor: str | None
    meta: dict[str, Any]
