"""What a pledge is: its words, its movements, and how it is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import UNDATED, Span, format_span, parse_span
from app.kernel.money import format_minor, parse_amount
from app.kernel.sources import Source
from app.pledges.domain.items import Item, item_from_record, item_record

STREAM_KIND: Final = "pledge"
# ISO 4217 "no currency": an unvalued pledge has none, but its count must stand somewhere.
NO_CURRENCY: Final = "XXX"


class AidType(StrEnum):
    """What the aid is."""

    MILITARY = "military"
    FINANCIAL = "financial"
    HUMANITARIAN = "humanitarian"


class Instrument(StrEnum):
    """How it is given. ``authority`` is a frame that contains other pledges and is in no total by default."""

    IN_KIND = "in_kind"
    GRANT = "grant"
    LOAN = "loan"
    GUARANTEE = "guarantee"
    AUTHORITY = "authority"


class Stage(StrEnum):
    """How far money has got. A later stage implies the earlier ones; stages are never added to each other."""

    PLEDGED = "pledged"
    COMMITTED = "committed"
    ALLOCATED = "allocated"
    DELIVERED = "delivered"

    @property
    def earlier(self) -> "tuple[Stage, ...]":
        """The stages that this one implies, first to last, without itself."""
        return _EARLIER[self]


STAGES: Final = tuple(Stage)
_EARLIER: Final[Mapping[Stage, tuple[Stage, ...]]] = {
    stage: STAGES[:place] for place, stage in enumerate(STAGES)
}


class MovementStage(StrEnum):
    """Where a movement takes (part of) a pledge."""

    COMMITTED = "committed"
    ALLOCATED = "allocated"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Status(StrEnum):
    """The furthest stage of a pledge; ``cancelled`` when nothing of it stands; ``withdrawn`` when it was an error."""

    PLEDGED = "pledged"
    COMMITTED = "committed"
    ALLOCATED = "allocated"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class Bound(StrEnum):
    """What the stated amount says of the true one."""

    EXACT = "exact"
    UP_TO = "up_to"
    AT_LEAST = "at_least"
    ABOUT = "about"


class Verification(StrEnum):
    """What we did to check the record, whatever the cited page is."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A dated step of (part of) a pledge's amount into a stage, or its cancellation.

    Attributes:
        amount: minor units of the pledge's currency; ``None`` when it was not published, and for a cancellation
            of all that is left.
        on: effective date.
        recorded_on: the day it was recorded; dates its conversion where ``on`` is unknown or not over yet.
        withdrawn: it was recorded in error and counts no longer.
    """

    id: UUID
    stage: MovementStage
    amount: int | None
    on: Span
    note: str | None
    sources: tuple[Source, ...]
    recorded_on: date
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One promise of aid by one donor, as of one version.

    Attributes:
        version: 1, 2, 3, ... within the pledge.
        amount: minor units; ``None`` for an unvalued pledge.
        currency: ISO 4217; ``None`` only where the amount is.
        announced: effective date of the promise.
        opening: the stage that the whole amount had reached when the pledge was recorded.
        overlaps: references of other pledges that may contain the same money.
        items: the lines of what it consists of; they post nothing.
        recorded_on: the day of version 1.
    """

    id: UUID
    version: int
    reference: str
    donor: str
    title: str
    aid_type: AidType
    instrument: Instrument
    amount: int | None
    currency: str | None
    bound: Bound
    announced: Span
    opening: Stage
    verification: Verification
    notes: str | None
    overlaps: tuple[str, ...]
    sources: tuple[Source, ...]
    movements: tuple[Movement, ...]
    recorded_on: date
    withdrawn: bool = False
    items: tuple[Item, ...] = ()

    @property
    def decimals(self) -> int:
        """Digits of the currency's minor unit."""
        return decimals_of(self.currency)

    def format(self, minor: int | None) -> str | None:
        """An amount in this pledge's currency as it stands on the wire."""
        return None if minor is None else format_minor(minor, self.decimals)


def decimals_of(currency: str | None) -> int:
    """Digits of a currency's minor unit; 0 for no currency."""
    return 0 if currency is None or currency == NO_CURRENCY else CURRENCIES[currency].decimals


def movement_record(pledge: Pledge, movement: Movement) -> dict[str, Json]:
    """A movement as it is stored, hashed and answered."""
    return {
        "id": str(movement.id),
        "stage": movement.stage.value,
        "amount": pledge.format(movement.amount),
        "on": format_span(movement.on),
        "note": movement.note,
        "sources": [source.to_json() for source in movement.sources],
        "recorded_on": movement.recorded_on.isoformat(),
        "withdrawn": movement.withdrawn,
    }


def pledge_record(pledge: Pledge) -> dict[str, Json]:
    """A pledge as it is stored and hashed; ``read_record`` is the inverse.

    ``items`` stands there only where there are any: what was recorded before pledges had lines reads as it did.
    """
    record: dict[str, Json] = {
        "id": str(pledge.id),
        "version": pledge.version,
        "reference": pledge.reference,
        "donor": pledge.donor,
        "title": pledge.title,
        "aid_type": pledge.aid_type.value,
        "instrument": pledge.instrument.value,
        "amount": pledge.format(pledge.amount),
        "currency": pledge.currency,
        "bound": pledge.bound.value,
        "announced_on": format_span(pledge.announced),
        "opening": pledge.opening.value,
        "verification": pledge.verification.value,
        "notes": pledge.notes,
        "overlaps": list(pledge.overlaps),
        "sources": [source.to_json() for source in pledge.sources],
        "movements": [movement_record(pledge, movement) for movement in pledge.movements],
        "recorded_on": pledge.recorded_on.isoformat(),
        "withdrawn": pledge.withdrawn,
    }
    if pledge.items:
        record["items"] = [item_record(item) for item in pledge.items]
    return record


def read_record(record: Mapping[str, Any]) -> Pledge:
    """The pledge that ``pledge_record`` wrote down."""
    currency = record["currency"]
    return Pledge(
        id=UUID(record["id"]),
        version=record["version"],
        reference=record["reference"],
        donor=record["donor"],
        title=record["title"],
        aid_type=AidType(record["aid_type"]),
        instrument=Instrument(record["instrument"]),
        amount=_read_amount(record["amount"], currency),
        currency=currency,
        bound=Bound(record["bound"]),
        announced=_read_span(record["announced_on"]),
        opening=Stage(record["opening"]),
        verification=Verification(record["verification"]),
        notes=record["notes"],
        overlaps=tuple(record["overlaps"]),
        sources=tuple(Source.from_json(source) for source in record["sources"]),
        movements=tuple(_read_movement(movement, currency) for movement in record["movements"]),
        recorded_on=date.fromisoformat(record["recorded_on"]),
        withdrawn=record["withdrawn"],
        items=tuple(item_from_record(item) for item in record.get("items", ())),
    )


def _read_movement(record: Mapping[str, Any], currency: str | None) -> Movement:
    return Movement(
        id=UUID(record["id"]),
        stage=MovementStage(record["stage"]),
        amount=_read_amount(record["amount"], currency),
        on=_read_span(record["on"]),
        note=record["note"],
        sources=tuple(Source.from_json(source) for source in record["sources"]),
        recorded_on=date.fromisoformat(record["recorded_on"]),
        withdrawn=record["withdrawn"],
    )


def _read_amount(text: str | None, currency: str | None) -> int | None:
    return None if text is None or currency is None else parse_amount(text, CURRENCIES[currency])


def _read_span(text: str | None) -> Span:
    return UNDATED if text is None else parse_span(text)
