"""The tables of the whole ledger: their columns, what may stand in them, and what points where."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.donors.domain import DonorKind, Group
from app.exports.tabular import Column, ForeignKey, Kind, Row, Table
from app.kernel.sources import SourceKind
from app.legislation.domain import Component, State
from app.legislation.domain import Kind as RequestKind
from app.legislation.domain.model import AmountKind, Beneficiary
from app.pledges.domain import (
    AidType,
    Bound,
    Instrument,
    MovementStage,
    Stage,
    Status,
    Verification,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A table without its rows."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    def filled(self, rows: Callable[[], Iterable[Row]]) -> Table:
        """The table with these rows."""
        return Table(
            name=self.name,
            columns=self.columns,
            rows=rows,
            primary_key=self.primary_key,
            foreign_keys=self.foreign_keys,
        )


def _key(name: str) -> Column:
    return Column(name, needed=True)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _of(kind: Kind, *names: str, needed: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, kind, needed=needed) for name in names)


def _words(name: str, words: type[StrEnum], *, needed: bool = True) -> Column:
    return Column(name, Kind.CODE, needed=needed, words=tuple(words))


_CURRENCY: Final = Column("currency", Kind.CODE)
_DONOR: Final = Column("donor", Kind.CODE, needed=True)
_PLACE: Final = Column("place", Kind.COUNT, needed=True)
_WITHDRAWN: Final = Column("withdrawn", Kind.FLAG, needed=True, note="Recorded in error.")
_SOURCE: Final = (_key("url"), Column("title"), _words("kind", SourceKind))
_VERSION: Final = (
    Column("version", Kind.COUNT, needed=True),
    Column("revision", Kind.COUNT, needed=True, note="Of the entry that made this version."),
    Column("recorded_at", Kind.INSTANT, needed=True),
)
_ACTION: Final = (
    *_texts("on", "time", "body"),
    _words("state", State, needed=False),
    *_texts("text", "language", "source_url", "scheme", "code", "known_on"),
    Column("substantive", Kind.FLAG, needed=True),
    Column("recorded_on", Kind.DAY, needed=True),
    Column("opening", Kind.FLAG, needed=True),
    _WITHDRAWN,
)
_TO_DONOR: Final = ForeignKey("donor", "donors", "code")
_TO_ENTRY: Final = ForeignKey("revision", "entries", "revision")
_TO_PLEDGE: Final = ForeignKey("pledge", "pledges", "id")
_TO_FUNDED: Final = ForeignKey("pledge_id", "pledges", "id")
_TO_REQUEST: Final = ForeignKey("request", "requests", "id")

_SHAPES: Final = (
    Shape(
        "donors",
        (Column("code", Kind.CODE, needed=True), _key("name"), _words("kind", DonorKind)),
        ("code",),
    ),
    Shape(
        "memberships",
        (
            _DONOR,
            _words("group", Group),
            Column("since", Kind.DAY, needed=True, note="The first day inside."),
            Column("until", Kind.DAY, note="The first day outside again."),
        ),
        ("donor", "group", "since"),
        (_TO_DONOR,),
    ),
    Shape(
        "entries",
        (
            Column("revision", Kind.COUNT, needed=True),
            Column("id", needed=True, unique=True),
            Column("stream_kind", Kind.CODE, needed=True),
            _key("stream_id"),
            Column("version", Kind.COUNT, needed=True),
            Column("kind", Kind.CODE, needed=True),
            Column("recorded_at", Kind.INSTANT, needed=True),
            _key("actor"),
            Column("reason"),
            Column("leaf_hash", needed=True, note="SHA-256 of 0x00 and the stored bytes."),
        ),
        ("revision",),
    ),
    Shape(
        "pledges",
        (
            _key("id"),
            Column("reference", needed=True, unique=True),
            *_VERSION,
            _DONOR,
            _key("title"),
            _words("aid_type", AidType),
            _words("instrument", Instrument),
            Column("amount", Kind.AMOUNT, note="Empty where none was published."),
            _CURRENCY,
            _words("bound", Bound),
            Column("announced_on", note="As precise as the source."),
            *_of(Kind.DAY, "announced_first", "announced_last"),
            _words("status", Status),
            *_of(Kind.AMOUNT, *(stage.value for stage in Stage)),
            _words("verification", Verification),
            Column("notes"),
        ),
        ("id",),
        (_TO_DONOR, _TO_ENTRY),
    ),
    Shape(
        "movements",
        (
            _key("id"),
            _key("pledge"),
            _words("stage", MovementStage),
            Column("amount", Kind.AMOUNT, note="In the currency of the pledge."),
            Column("on", note="As precise as the source."),
            *_of(Kind.DAY, "effective_first", "effective_last"),
            Column("note"),
            Column("recorded_on", Kind.DAY, needed=True),
            _WITHDRAWN,
        ),
        ("id",),
        (_TO_PLEDGE,),
    ),
    Shape("pledge_sources", (_key("pledge"), _PLACE, *_SOURCE), ("pledge", "place"), (_TO_PLEDGE,)),
    Shape(
        "movement_sources",
        (_key("movement"), _PLACE, *_SOURCE),
        ("movement", "place"),
        (ForeignKey("movement", "movements", "id"),),
    ),
    Shape(
        "overlaps",
        (_key("pledge"), Column("reference", needed=True, note="It may contain the same money.")),
        ("pledge", "reference"),
        (_TO_PLEDGE,),
    ),
    Shape(
        "items",
        (
            _key("pledge"),
            _PLACE,
            _key("description"),
            *_texts("kind", "subkind"),
            *_of(Kind.RATE, "quantity", "delivered"),
            Column("unit", note="Pieces where it is empty."),
            Column("unit_value", Kind.RATE),
            Column("value", Kind.AMOUNT),
            _CURRENCY,
            Column("note"),
        ),
        ("pledge", "place"),
        (_TO_PLEDGE,),
    ),
    Shape(
        "postings",
        (
            Column("revision", Kind.COUNT, needed=True),
            Column("line", Kind.COUNT, needed=True),
            _key("pledge"),
            _words("stage", Stage),
            Column("first_day", Kind.DAY, note="Empty where the effect is undated."),
            Column("last_day", Kind.DAY),
            Column("valued_on", Kind.DAY, note="The day whose exchange rate converts it."),
            _DONOR,
            _words("aid_type", AidType),
            _words("instrument", Instrument),
            Column("currency", Kind.CODE, needed=True, note="XXX where there is no amount."),
            Column(
                "amount", Kind.AMOUNT, needed=True, note="Signed: the totals are sums of these."
            ),
            *_of(Kind.COUNT, "pledges", "unvalued", needed=True),
            Column("implied", Kind.FLAG, needed=True, note="By a later stage; no source says so."),
        ),
        ("revision", "line"),
        (_TO_ENTRY, _TO_DONOR, _TO_PLEDGE),
    ),
    Shape(
        "requests",
        (
            _key("id"),
            Column("reference", needed=True, unique=True),
            *_VERSION,
            _DONOR,
            _key("title"),
            *_texts("requesting_office", "addressed_to"),
            _words("kind", RequestKind),
            *_texts("legal_basis", "period", "requested_on", "announced_on", "published_on"),
            Column("currency", Kind.CODE, needed=True),
            _words("state", State, needed=False),
            Column("flags"),
            Column("pending_since", Kind.DAY),
            Column("ended_on"),
            _words("verification", Verification),
            Column("notes"),
            _WITHDRAWN,
        ),
        ("id",),
        # Its revision may be that of a vehicle, which is an entry too.
        (_TO_DONOR, _TO_ENTRY),
    ),
    Shape(
        "request_sources",
        (_key("request"), _PLACE, *_SOURCE),
        ("request", "place"),
        (_TO_REQUEST,),
    ),
    Shape(
        "lines",
        (
            _key("request"),
            _key("key"),
            Column("parent", note="A line with parts is not counted itself."),
            _words("component", Component),
            *_texts("subcomponent", "label"),
            Column("amount", Kind.AMOUNT),
            _CURRENCY,
            _words("bound", Bound),
            _words("amount_kind", AmountKind),
            _words("beneficiary", Beneficiary),
            Column("year", Kind.COUNT),
            Column("new_money", Kind.FLAG),
            _words("verification", Verification),
            Column("note"),
            Column("residual", Kind.FLAG, needed=True),
            Column("enacted_on"),
            *_of(Kind.AMOUNT, "pending", "enacted", "dead"),
        ),
        ("request", "key"),
        (_TO_REQUEST,),
    ),
    Shape(
        "actions",
        (_key("id"), _key("request"), *_ACTION, Column("vehicle")),
        ("id",),
        (_TO_REQUEST,),
    ),
    Shape(
        "enactments",
        (
            _key("id"),
            _key("request"),
            *_texts("on", "law", "vehicle", "division"),
            Column("closes", Kind.FLAG, needed=True),
            Column("source_url"),
            _WITHDRAWN,
        ),
        ("id",),
        (_TO_REQUEST,),
    ),
    Shape(
        "enacted_lines",
        (
            _key("enactment"),
            _key("key"),
            Column("line"),
            _words("component", Component),
            Column("label"),
            Column("amount", Kind.AMOUNT),
            _CURRENCY,
            _words("amount_kind", AmountKind),
            _words("beneficiary", Beneficiary),
            Column("asked", Kind.AMOUNT),
            Column("disposition", Kind.CODE, needed=True),
            Column("rest_pends", Kind.FLAG, needed=True),
            *_texts("available", "note", "annulled_on"),
            Column("rescinded", Kind.AMOUNT),
        ),
        ("enactment", "key"),
        (ForeignKey("enactment", "enactments", "id"),),
    ),
    Shape(
        "funding",
        (
            _key("id"),
            _key("request"),
            _key("enacted_line"),
            _key("pledge_id"),
            Column("amount", Kind.AMOUNT, needed=True),
            _CURRENCY,
            Column("note"),
            _WITHDRAWN,
        ),
        ("id",),
        (_TO_REQUEST, _TO_FUNDED),
    ),
    Shape(
        "dependencies",
        (
            _key("id"),
            _key("request"),
            _key("pledge_id"),
            Column("kind", Kind.CODE, needed=True),
            Column("line"),
            Column("on_fail", Kind.CODE, needed=True),
            *_texts("due_on", "note"),
            _WITHDRAWN,
        ),
        ("id",),
        (_TO_REQUEST, _TO_FUNDED),
    ),
    Shape(
        "relations",
        (
            _key("id"),
            _key("request"),
            Column("kind", Kind.CODE, needed=True),
            _key("other_id"),
            *_texts("effective_on", "rationale", "decided_by"),
            _WITHDRAWN,
        ),
        ("id",),
        (_TO_REQUEST, ForeignKey("other_id", "requests", "id")),
    ),
    Shape(
        "vehicles",
        (
            _key("id"),
            _key("name"),
            *_VERSION,
            Column("jurisdiction", Kind.CODE, needed=True),
            *_texts("session", "identifier", "title", "title_original"),
            *_texts("introduced_on", "session_ends_on", "law_citation", "url"),
            _words("state", State, needed=False),
            Column("notes"),
        ),
        ("id",),
        (_TO_ENTRY,),
    ),
    Shape(
        "vehicle_links",
        (
            _key("request"),
            _PLACE,
            *_texts("vehicle_id", "jurisdiction", "session", "identifier"),
            Column("role", Kind.CODE, needed=True),
            *_texts("division", "became_vehicle_on", "ceased_on", "reason"),
        ),
        ("request", "place"),
        (_TO_REQUEST, ForeignKey("vehicle_id", "vehicles", "id")),
    ),
    Shape(
        "vehicle_actions",
        (_key("id"), _key("vehicle"), *_ACTION),
        ("id",),
        (ForeignKey("vehicle", "vehicles", "id"),),
    ),
    Shape(
        "rates",
        (
            Column("on", Kind.DAY, needed=True),
            Column("base", Kind.CODE, needed=True),
            Column("quote", Kind.CODE, needed=True),
            Column("rate", Kind.RATE, needed=True, note="Units of `quote` for one of `base`."),
            Column("source", Kind.CODE, needed=True),
        ),
        ("on", "quote", "source"),
    ),
)
TABLES: Final = {shape.name: shape for shape in _SHAPES}
