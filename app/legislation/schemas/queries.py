"""Query strings about legislative requests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from app.donors.domain import get_donor
from app.fx.domain import TARGETS
from app.kernel.choices import read_choice
from app.kernel.dates import day_span, parse_day, parse_span, refuse_future
from app.kernel.errors import ValueRefusedError, invalid
from app.kernel.findings import Collector
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT
from app.kernel.text import clean_text, fold
from app.legislation.domain import (
    NATIVE,
    Component,
    Dimension,
    Kind,
    PendingQuery,
    RateOf,
    State,
    parse_vehicle_name,
)
from app.legislation.domain.query import Filters, Order, SortKey, VehicleFilters

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
MAX_DIMENSIONS: Final = 3
MAX_SEARCH: Final = 200
AS_OF: Final = "The ledger as it stood: a revision, or an instant with its zone."
_KNOWN_ON: Final = (
    "What the public knew at the end of this day; what was confidential then is left out."
)


class OneParams(BaseModel):
    """The query string of one request."""

    model_config = ConfigDict(extra="ignore")

    on: str | None = Field(None, description="Show state and flags as they were on this day.")
    known_on: str | None = Field(None, description=_KNOWN_ON)
    as_of: str | None = Field(None, description=AS_OF)

    def read_days(self, today: date) -> tuple[date | None, date | None]:
        """The days ``on`` and ``known_on``, where they are asked for.

        Raises:
            InvalidError: ``invalid-date``, ``date-out-of-range`` or ``date-in-future``.
        """
        collector = Collector()
        on = collector.find(lambda text: read_day(text, today), "?on", self.on)
        known_on = collector.find(lambda text: read_day(text, today), "?known_on", self.known_on)
        collector.finish()
        return on, known_on


class ListParams(OneParams):
    """The query string of the list. Several values are separated by commas."""

    donor: str | None = Field(None, description="Codes, such as `US,DE`.")
    kind: str | None = None
    state: str | None = Field(None, description="States; on the day `on` where it is given.")
    from_: str | None = Field(None, alias="from", description="First day of request, included.")
    to: str | None = Field(None, description="Last day of request, included.")
    q: str | None = Field(None, description="Text in title, reference, notes, offices, vehicles.")
    withdrawn: Literal["true", "false"] = Field("false", description="Those recorded in error.")
    sort: str = Field(
        "-requested_on", description="requested_on, reference, donor or revision; `-` reverses."
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = None

    def to_filters(self, today: date) -> Filters:
        """The filters, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        first = collector.find(parse_span, "?from", self.from_)
        last = collector.find(parse_span, "?to", self.to)
        if first and last and last.last < first.first:
            collector.note("?to", "date-order", "The range ends before it begins.")
        text = collector.find(lambda given: clean_text(given, max_length=MAX_SEARCH), "?q", self.q)
        filters = Filters(
            donors=read_several(collector, "?donor", self.donor, read_donor),
            kinds=read_several(collector, "?kind", self.kind, reader_of(Kind)),
            states=read_several(collector, "?state", self.state, reader_of(State)),
            first=first.first if first else None,
            last=last.last if last else None,
            text=fold(text) if text else None,
            on=collector.find(lambda given: read_day(given, today), "?on", self.on),
            known_on=collector.find(
                lambda given: read_day(given, today), "?known_on", self.known_on
            ),
            withdrawn=self.withdrawn == "true",
        )
        collector.finish()
        return filters

    def to_order(self) -> Order:
        """The order, read.

        Raises:
            InvalidError: ``unknown-value``.
        """
        try:
            key = read_choice(SortKey, self.sort.removeprefix("-"))
        except ValueRefusedError as refused:
            raise invalid("?sort", refused.code, refused.detail, **refused.facts) from None
        return Order(key, self.sort.startswith("-"))


class VehicleListParams(BaseModel):
    """The query string of the list of vehicles."""

    model_config = ConfigDict(extra="ignore")

    name: str | None = Field(None, description="The one of this name: `US/118/H.R. 815`.")
    jurisdiction: str | None = Field(None, description="Codes, such as `US,DK`.")
    session: str | None = Field(None, description="Such as `118`.")
    q: str | None = Field(None, description="Text in name, titles, citation, notes.")
    as_of: str | None = Field(None, description=AS_OF)
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = None

    def to_filters(self) -> VehicleFilters:
        """The filters, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()

        def clean(text: str) -> str:
            return clean_text(text, max_length=MAX_SEARCH)

        text = collector.find(clean, "?q", self.q)
        filters = VehicleFilters(
            name=collector.find(parse_vehicle_name, "?name", self.name),
            jurisdictions=read_several(collector, "?jurisdiction", self.jurisdiction, read_donor),
            session=collector.find(clean, "?session", self.session),
            text=fold(text) if text else None,
        )
        collector.finish()
        return filters


class PendingFilterParams(BaseModel):
    """What pending amounts and the workbook of them are asked for alike."""

    model_config = ConfigDict(extra="ignore")

    on: str | None = Field(
        None, description="The day, at its end; by default today, or that of `as_of`."
    )
    known_on: str | None = Field(None, description=_KNOWN_ON + " By default the day of `as_of`.")
    as_of: str | None = Field(None, description=AS_OF)
    currency: str = Field(NATIVE, description="EUR or USD; `native` keeps each in its own.")
    fx: str = Field(
        "requested_on",
        description="Whose day's rate converts: `requested_on` of each request, or `on`.",
    )
    donor: str | None = Field(None, description="Codes, such as `US,DE`.")
    component: str | None = Field(
        None, description="military, humanitarian, financial, mixed or other."
    )
    state: str | None = Field(None, description="States, such as `floor,passed`.")
    kind: str | None = Field(None, description="Kinds, such as `supplemental`.")

    def to_query(self, today: date, usual_on: date | None = None) -> PendingQuery:
        """The query, read. Without ``on`` it is about ``usual_on``, the day of ``as_of``, or about today.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        query = self.read_query(collector, today, usual_on)
        collector.finish()
        return query

    def read_query(self, collector: Collector, today: date, usual_on: date | None) -> PendingQuery:
        """The same, by donor and component; what is refused is noted."""
        return PendingQuery(
            on=collector.find(lambda text: read_day(text, today), "?on", self.on)
            or usual_on
            or today,
            known_on=collector.find(lambda text: read_day(text, today), "?known_on", self.known_on)
            or usual_on,
            currency=collector.read("?currency", _read_currency, self.currency, NATIVE),
            rate_of=collector.read("?fx", reader_of(RateOf), self.fx, RateOf.REQUESTED_ON),
            donors=read_several(collector, "?donor", self.donor, read_donor),
            components=read_several(collector, "?component", self.component, reader_of(Component)),
            states=read_several(collector, "?state", self.state, reader_of(State)),
            kinds=read_several(collector, "?kind", self.kind, reader_of(Kind)),
        )


class PendingParams(PendingFilterParams):
    """The query string of pending amounts; the command line asks with the same words."""

    by: str = Field(
        "donor,component",
        description="One to three of donor, component, state, kind, request.",
    )

    @override
    def read_query(self, collector: Collector, today: date, usual_on: date | None) -> PendingQuery:
        by = collector.find(read_dimensions, "?by", self.by) or ()
        return replace(super().read_query(collector, today, usual_on), by=by)


def read_dimensions(text: str) -> tuple[Dimension, ...]:
    """One to three dimensions, comma-separated, none twice.

    Raises:
        ValueRefusedError: ``unknown-value``, ``repeated-value`` or ``too-many``.
    """
    by = tuple(read_choice(Dimension, part) for part in text.split(","))
    if len(set(by)) != len(by):
        raise ValueRefusedError("repeated-value", "Each dimension is named once.")
    if len(by) > MAX_DIMENSIONS:
        raise ValueRefusedError("too-many", f"At most {MAX_DIMENSIONS} dimensions.")
    return by


def read_day(text: str, today: date) -> date:
    """A day that has come.

    Raises:
        ValueRefusedError: ``invalid-date``, ``date-out-of-range`` or ``date-in-future``.
    """
    return refuse_future(day_span(parse_day(text)), today).first


def read_donor(text: str) -> str:
    """The code of a donor.

    Raises:
        ValueRefusedError: ``unknown-donor``.
    """
    return get_donor(text).code


def _read_currency(text: str) -> str:
    allowed = [*TARGETS, NATIVE]
    if text not in allowed:
        detail = "Pending amounts are given in these currencies."
        raise ValueRefusedError("unknown-value", detail, allowed=allowed)
    return text


def reader_of(choices: type[E]) -> Callable[[str], E]:
    """Reads one of the choices."""
    return lambda text: read_choice(choices, text)


def read_several(
    collector: Collector, pointer: str, text: str | None, read: Callable[[str], T]
) -> tuple[T, ...]:
    """The values of a parameter, each once; what is refused is noted."""
    if text is None:
        return ()
    values = [collector.find(read, pointer, part) for part in text.split(",")]
    return tuple(dict.fromkeys(value for value in values if value is not None))
