"""Gathers what totals are made of: a line for each pledge, stage and date, and every rate that was used."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.questions import ReportQuery
from app.fx.domain import Rate
from app.journal.domain import Snapshot
from app.kernel.money import to_decimal
from app.kernel.periods import Grain
from app.pledges import service as pledges
from app.pledges.domain import (
    NO_CURRENCY,
    Instrument,
    Pledge,
    Stage,
    StoredPledge,
    book,
    decimals_of,
)
from app.pledges.domain.query import Filters, Order, SortKey
from app.totals import service as totals
from app.totals.domain import Booked, Breakdown, Share
from reports.figures import Basis, PostingLine, RateLine, Stages

BY_REFERENCE: Final = Order(SortKey.REFERENCE, descending=False)


@dataclass(frozen=True, slots=True)
class Valued:
    """What a pledge comes to in the report's currency.

    Attributes:
        unconverted: stages at which something stands, but nothing that has a day to be converted at.
    """

    stages: Stages
    unconverted: frozenset[Stage]


def gather_basis(
    session: ReadSession,
    query: ReportQuery,
    snapshot: Snapshot,
    stages: Sequence[Stage] = tuple(Stage),
) -> Basis:
    """The postings that the totals of these stages add up, and the rates that converted them.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as for totals.
    """
    about_pledges = replace(query.filters, groups=(), first=None, last=None)
    booked = book_all(_list_pledges(session, about_pledges, snapshot))
    by_id = {pledge.id: pledge for pledge, _ in booked}
    found = {
        stage: totals.break_down(session, query.totals(stage), snapshot, booked) for stage in stages
    }
    lines = (
        _posting(by_id[share.part.pledge_id], stage, share, query.currency)
        for stage, breakdown in found.items()
        for share in breakdown.shares
    )
    return Basis(
        postings=tuple(sorted(lines, key=_by_reference)), rates=tuple(_rates(found.values()))
    )


def value_pledges(
    session: ReadSession,
    query: ReportQuery,
    snapshot: Snapshot,
    listed: Iterable[StoredPledge],
) -> Mapping[UUID, Valued]:
    """What each of these pledges comes to at every stage, frames too, whatever days were asked for."""
    whole = replace(query, filters=Filters(instruments=tuple(Instrument)))
    booked = book_all(one.pledge for one in listed)
    sums: dict[UUID, dict[Stage, int]] = {pledge.id: {} for pledge, _ in booked}
    apart: dict[UUID, set[Stage]] = {pledge.id: set() for pledge, _ in booked}
    for stage in Stage:
        for share in totals.break_down(session, whole.totals(stage), snapshot, booked).shares:
            pledge_id = share.part.pledge_id
            if share.amount is None:
                apart[pledge_id].add(stage)
            else:
                sums[pledge_id][stage] = sums[pledge_id].get(stage, 0) + share.amount
    decimals = decimals_of(query.currency)
    return {
        pledge_id: Valued(
            Stages(*(to_decimal(found.get(stage, 0), decimals) for stage in Stage)),
            frozenset(stage for stage in apart[pledge_id] if not found.get(stage)),
        )
        for pledge_id, found in sums.items()
    }


def book_all(listed: Iterable[Pledge]) -> list[Booked]:
    """Pledges with their effects, worked out once for all stages."""
    return [(pledge, book(pledge)) for pledge in listed]


def _list_pledges(session: ReadSession, filters: Filters, snapshot: Snapshot) -> Iterator[Pledge]:
    found = pledges.iter_pledges(session, filters, BY_REFERENCE, snapshot)
    return (stored.pledge for stored in found)


def _posting(pledge: Pledge, stage: Stage, share: Share, currency: str) -> PostingLine:
    cell, periods = share.part.cell, share.periods
    own = None if cell.currency == NO_CURRENCY else cell.currency
    return PostingLine(
        reference=pledge.reference,
        donor=pledge.donor,
        donor_name=get_donor(pledge.donor).name,
        aid_type=pledge.aid_type,
        instrument=pledge.instrument,
        stage=stage,
        effective=cell.span,
        month=periods[Grain.MONTH].span.first if Grain.MONTH in periods else None,
        quarter=periods[Grain.QUARTER].label if Grain.QUARTER in periods else None,
        year=periods[Grain.YEAR].span.first.year if Grain.YEAR in periods else None,
        reached_on=share.reached_on,
        is_dated=share.is_dated,
        native=to_decimal(cell.amount, decimals_of(own)),
        currency=own,
        valued_on=share.moment,
        converted=_converted(share, currency),
        pledges=share.pledges,
        unvalued=share.unvalued,
        source=pledge.sources[0].url if pledge.sources else None,
    )


def _converted(share: Share, currency: str) -> Decimal | None:
    return None if share.amount is None else to_decimal(share.amount, decimals_of(currency))


def _by_reference(line: PostingLine) -> tuple[str, int, date, date]:
    span = line.effective
    return line.reference, tuple(Stage).index(line.stage), span.first, span.last


def rate_lines(base: str, rates: Iterable[Rate]) -> Iterator[RateLine]:
    """Rates as a workbook lists them."""
    for rate in rates:
        yield RateLine(
            currency=rate.currency,
            base=base,
            asked_for=rate.asked_for,
            on=rate.on,
            value=rate.value,
            source=rate.source,
            provisional=rate.provisional,
        )


def _rates(found: Iterable[Breakdown]) -> list[RateLine]:
    """Each rate once, by currency and day."""
    listed = (line for one in found for line in rate_lines(one.base, one.rates))
    lines = {(line.currency, line.asked_for): line for line in listed}
    return [lines[key] for key in sorted(lines)]
