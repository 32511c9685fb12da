"""The wire of pledges: bodies that we read, query strings, and the shape of what we answer."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.donors.domain import get_donor, get_group
from app.journal.domain import Snapshot
from app.kernel.canonical import Json
from app.kernel.choices import read_choice
from app.kernel.clock import format_instant
from app.kernel.dates import parse_span
from app.kernel.errors import ValueRefusedError, invalid
from app.kernel.findings import Collector
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT
from app.kernel.text import clean_text, fold
from app.pledges.domain import (
    AMENDABLE,
    AidType,
    AmendPledge,
    Instrument,
    RecordMovement,
    RecordPledge,
    Status,
    StoredPledge,
)
from app.pledges.domain.query import Filters, Order, SortKey
from app.pledges.service import HistoryItem
from app.wire import WireModel

MAX_BATCH: Final = 5_000
_WORD: Final = 100


def _refuse_number(value: object) -> object:
    if isinstance(value, str) or value is None:
        return value
    raise PydanticCustomError(
        "amount-not-string", "An amount is a string: JSON numbers pass through binary floats"
    )


Amount = Annotated[
    str | None,
    BeforeValidator(_refuse_number),
    Field(
        examples=["820000000.00"],
        description="Plain decimal string; null where it was not published.",
    ),
]
When = Annotated[
    str | None,
    Field(
        max_length=_WORD,
        examples=["2023-11-14"],
        description="`2023-11-14`, `2023-11`, `2023` or `2023-11-01/2023-11-14`; null where it is not known.",
    ),
]
Word = Annotated[str, Field(max_length=_WORD)]


class SourceIn(WireModel):
    """A page that says so."""

    url: str = Field(
        max_length=4_000, examples=["https://www.fmn.dk/en/news/2023/donation-package-13/"]
    )
    title: str | None = Field(None, max_length=2_000)
    kind: Word = "other"


class PledgeIn(WireModel):
    """A pledge to record."""

    donor: Word = Field(description="ISO 3166-1 alpha-2 code, or EU, EPF, EIB.", examples=["DK"])
    title: str = Field(max_length=4_000, examples=["Donation package 13"])
    aid_type: Word = Field(
        description="military, financial or humanitarian.", examples=["military"]
    )
    amount: Amount = None
    currency: Word | None = Field(
        None, description="ISO 4217; needed with an amount.", examples=["DKK"]
    )
    announced_on: When = None
    status: Word = Field("pledged", description="The stage that the whole amount has reached.")
    instrument: Word | None = Field(
        None,
        description="in_kind, grant, loan, guarantee or authority; by default as usual for the aid type.",
    )
    bound: Word = Field("exact", description="exact, up_to, at_least or about.")
    reference: Word | None = Field(
        None, description="Short stable name; made up as DK-2023-0007 if absent."
    )
    verification: Word = Field("unverified", description="official, secondary or unverified.")
    notes: str | None = Field(None, max_length=10_000)
    overlaps: list[Word] = Field(
        default_factory=list, description="References of pledges that may contain the same money."
    )
    sources: list[SourceIn] = Field(default_factory=list)

    def to_command(self, pledge_id: UUID) -> RecordPledge:
        """The command that records it under this id."""
        values = self.model_dump()
        return RecordPledge(pledge_id=pledge_id, **{**values, "overlaps": tuple(self.overlaps)})


class PledgeBatchIn(WireModel):
    """Pledges to record together, all or none."""

    pledges: list[PledgeIn] = Field(min_length=1, max_length=MAX_BATCH)


class MovementIn(WireModel):
    """A step of (part of) a pledge."""

    stage: Word = Field(
        description="committed, allocated, delivered or cancelled.", examples=["committed"]
    )
    amount: Amount = None
    on: When = None
    note: str | None = Field(None, max_length=10_000)
    sources: list[SourceIn] = Field(default_factory=list)

    def to_command(
        self, pledge_id: UUID, movement_id: UUID, expected_version: int | None
    ) -> RecordMovement:
        """The command that records it."""
        return RecordMovement(
            pledge_id=pledge_id,
            movement_id=movement_id,
            expected_version=expected_version,
            **self.model_dump(),
        )


class AmendmentIn(WireModel):
    """Fields to change, and why. What is left out stays as it is; ``amount: null`` makes a pledge unvalued."""

    reason: str = Field(max_length=10_000, examples=["The ministry corrected its press release."])
    donor: Word | None = None
    title: str | None = Field(None, max_length=4_000)
    aid_type: Word | None = None
    instrument: Word | None = None
    amount: Amount = None
    currency: Word | None = None
    bound: Word | None = None
    announced_on: When = None
    status: Word | None = None
    verification: Word | None = None
    notes: str | None = Field(None, max_length=10_000)
    overlaps: list[Word] | None = None
    sources: list[SourceIn] | None = None

    def to_command(self, pledge_id: UUID, expected_version: int) -> AmendPledge:
        """The command that amends.

        Raises:
            InvalidError: ``nothing-changed`` for no field at all, ``not-nullable`` for a null that means nothing.
        """
        given = self.model_dump(exclude_unset=True, exclude={"reason"})
        if not given:
            raise invalid("", "nothing-changed", "Name at least one field to change.")
        for name in given.keys() - {"amount", "currency", "announced_on", "notes"}:
            if given[name] is None:
                raise invalid(f"/{name}", "not-nullable", "This field cannot be null.")
        assert given.keys() <= set(AMENDABLE)  # noqa: S101 -- the model and the domain name the same fields
        return AmendPledge(
            pledge_id=pledge_id,
            changes=given,
            reason=self.reason,
            expected_version=expected_version,
        )


class WithdrawalIn(WireModel):
    """Why something that was recorded in error is taken back."""

    reason: str = Field(max_length=10_000)


class PledgeFilterParams(BaseModel):
    """Filters that lists, totals and exports share. Several values are separated by commas."""

    model_config = ConfigDict(extra="ignore")

    donor: str | None = Field(None, description="Codes, such as `DK,NO`.")
    group: str | None = Field(
        None, description="EU, NATO, G7 or NB8: members on the effective date."
    )
    aid_type: str | None = None
    instrument: str | None = None
    status: str | None = None
    from_: str | None = Field(None, alias="from", description="First day, month or year, included.")
    to: str | None = Field(None, description="Last day, month or year, included.")
    q: str | None = Field(None, description="Text in title, reference or notes.")
    unvalued: Literal["true", "false"] | None = None
    undated: Literal["true", "false"] | None = None

    def to_filters(self) -> Filters:
        """The filters, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        first = collector.find(parse_span, "?from", self.from_)
        last = collector.find(parse_span, "?to", self.to)
        if first and last and last.last < first.first:
            collector.note("?to", "date-order", "The range ends before it begins.")
        text = collector.find(lambda given: clean_text(given, max_length=200), "?q", self.q)
        filters = Filters(
            donors=_several(collector, "?donor", self.donor, lambda code: get_donor(code).code),
            groups=_several(collector, "?group", self.group, get_group),
            aid_types=_several(
                collector, "?aid_type", self.aid_type, lambda one: read_choice(AidType, one)
            ),
            instruments=_several(
                collector, "?instrument", self.instrument, lambda one: read_choice(Instrument, one)
            ),
            statuses=_several(
                collector, "?status", self.status, lambda one: read_choice(Status, one)
            ),
            first=first.first if first else None,
            last=last.last if last else None,
            text=fold(text) if text else None,
            unvalued=None if self.unvalued is None else self.unvalued == "true",
            undated=None if self.undated is None else self.undated == "true",
        )
        collector.finish()
        return filters


def _several(collector: Collector, pointer: str, text: str | None, read: Any) -> tuple[Any, ...]:
    if text is None:
        return ()
    values = [collector.find(read, pointer, part) for part in text.split(",")]
    return tuple(dict.fromkeys(value for value in values if value is not None))


class PledgeListParams(PledgeFilterParams):
    """The query string of the list of pledges."""

    sort: str = Field(
        "-announced_on", description="announced_on, reference, donor or revision; `-` reverses."
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(None, min_length=1, description="`next_cursor` of the page before.")
    as_of: str | None = Field(None, description="A revision, or an instant with its zone.")

    def to_order(self) -> Order:
        """The order, read.

        Raises:
            InvalidError: ``unknown-value``.
        """
        return read_order(self.sort)


def read_order(text: str) -> Order:
    """``announced_on`` or ``-announced_on``.

    Raises:
        InvalidError: ``unknown-value``.
    """
    try:
        return Order(read_choice(SortKey, text.removeprefix("-")), text.startswith("-"))
    except ValueRefusedError as refused:
        raise invalid("?sort", refused.code, refused.detail, **refused.facts) from None


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


class OnePledgeOut(PledgeOut):
    """A pledge, with the state of the ledger that it was read from."""

    meta: MetaOut


class PledgePageOut(BaseModel):
    """A page of pledges."""

    data: list[PledgeOut]
    next_cursor: str | None
    meta: dict[str, Any]


class ChangeOut(BaseModel):
    """One field, before and after."""

    field: str
    before: Any
    after: Any


class HistoryItemOut(BaseModel):
    """An entry of the journal, as part of a pledge's history."""

    version: int
    revision: int
    entry_id: UUID
    kind: str
    recorded_at: str
    actor: str
    reason: str | None
    changes: list[ChangeOut]
    leaf_hash: str


class HistoryOut(BaseModel):
    """All entries of a pledge, oldest first."""

    data: list[HistoryItemOut]
    next_cursor: None
    meta: dict[str, Any]


def pledge_json(stored: StoredPledge) -> dict[str, Any]:
    """A pledge as it is answered; its shape is ``PledgeOut``."""
    document: Mapping[str, Any] = stored.document
    shown = {name: document[name] for name in PledgeOut.model_fields if name in document}
    return shown | {
        "revision": stored.revision,
        "recorded_at": format_instant(stored.recorded_at),
        "status": stored.status,
        "stages": stored.stages,
    }


def history_json(items: list[HistoryItem], snapshot: Snapshot) -> dict[str, Json]:
    """A history as it is answered; its shape is ``HistoryOut``."""
    return {
        "data": [_history_item(item) for item in items],
        "next_cursor": None,
        "meta": snapshot.meta(),
    }


def _history_item(item: HistoryItem) -> Json:
    entry = item.entry
    return {
        "version": entry.version,
        "revision": entry.revision,
        "entry_id": str(entry.id),
        "kind": entry.kind,
        "recorded_at": format_instant(entry.recorded_at),
        "actor": entry.actor,
        "reason": entry.reason,
        "changes": [
            {"field": name, "before": before, "after": after}
            for name, (before, after) in item.changes.items()
        ],
        "leaf_hash": entry.leaf_hash.hex(),
    }
