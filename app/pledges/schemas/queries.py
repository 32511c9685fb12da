"""Query strings of lists, and the filters that lists, totals and exports share."""

from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.donors.domain import get_donor, get_group
from app.kernel.choices import read_choice
from app.kernel.dates import parse_span
from app.kernel.errors import ValueRefusedError, invalid
from app.kernel.findings import Collector
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT
from app.kernel.text import clean_text, fold
from app.pledges.domain import (
    AidType,
    Instrument,
    Status,
)
from app.pledges.domain.query import Filters, Order, SortKey


class PlaceFilterParams(BaseModel):
    """Filters by where an amount is booked. Several values are separated by commas."""

    model_config = ConfigDict(extra="ignore")

    donor: str | None = Field(None, description="Codes, such as `DK,NO`.")
    group: str | None = Field(
        None, description="EU, NATO, G7 or NB8: members on the effective date."
    )
    aid_type: str | None = None
    instrument: str | None = None

    def read_places(self, collector: Collector) -> Filters:
        """These filters, read; what is refused is noted."""
        return Filters(
            donors=_several(collector, "?donor", self.donor, lambda code: get_donor(code).code),
            groups=_several(collector, "?group", self.group, get_group),
            aid_types=_several(
                collector, "?aid_type", self.aid_type, lambda one: read_choice(AidType, one)
            ),
            instruments=_several(
                collector, "?instrument", self.instrument, lambda one: read_choice(Instrument, one)
            ),
        )


class PledgeFilterParams(PlaceFilterParams):
    """Filters that lists, totals and exports share. Several values are separated by commas."""

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
        filters = replace(
            self.read_places(collector),
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
