"""Gathers what totals are made of: a line for each pledge, stage and date, and every rate that was used."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.asked import Alive, unheeded
from app.exports.pledge_lines import worth_line
from app.exports.questions import ReportQuery
from app.exports.spool import Spool
from app.fx.domain import PolicyKind, Rate
from app.journal.domain import Snapshot
from app.kernel.money import to_decimal
from app.kernel.periods import Grain
from app.pledges import service as pledges
from app.pledges.domain import (
    NO_CURRENCY,
    Instrument,
    Pledge,
    Stage,
    book,
    decimals_of,
    valuation_day,
)
from app.pledges.domain.query import Filters, Order, SortKey
from app.totals import service as totals
from app.totals.domain import Share, Split
from reports.figures import Basis, PledgeLine, PostingLine, RateLine, Stages

T = TypeVar("T")
_EVERY: Final = 500
BY_REFERENCE: Final = Order(SortKey.REFERENCE, descending=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What totals are made of, and what that says of them.

    Attributes:
        coverage: which days and donors they are of, in words.
    """

    basis: Basis
    coverage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPledges:
    """Pledges as a workbook lists them.

    Attributes:
        frames: how many of them are in no total.
        ids: of the pledges, in the order of the lines.
    """

    lines: Collection[PledgeLine]
    frames: int
    ids: Sequence[UUID]


def gather_basis(
    session: ReadSession,
    query: ReportQuery,
    snapshot: Snapshot,
    stages: Sequence[Stage] = tuple(Stage),
    alive: Alive = unheeded,
) -> Gathered:
    """The postings that the totals of these stages add up, and the rates that converted them.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as for totals.
    """
    about_pledges = replace(query.filters, groups=(), first=None, last=None)
    valuations = _list_valuations(session, query, about_pledges, snapshot)
    split = totals.open_split(session, query.totals(Stage.PLEDGED), stages, snapshot, valuations)
    postings, covered = Spool[PostingLine](), _Covered()
    found = pledges.iter_pledges(session, about_pledges, BY_REFERENCE, snapshot)
    for stored in watched(found, alive):
        pledge = stored.pledge
        shares = split.shares(pledge, book(pledge))
        lines = [_posting(pledge, stage, share, query.currency) for stage, share in shares]
        for line in sorted(lines, key=_by_stage_and_date):
            covered.add(line)
            postings.append(line)
    rates = tuple(sorted(rate_lines(split.base, split.rates), key=_by_currency_and_day))
    return Gathered(basis=Basis(postings=postings, rates=rates), coverage=covered.words())


def gather_pledges(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, alive: Alive = unheeded
) -> ListedPledges:
    """The pledges that match, with what each comes to at every stage, frames too, whatever days were asked for.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as for totals.
    """
    whole = replace(query, filters=Filters(instruments=tuple(Instrument)))
    valuations = _list_valuations(session, query, query.filters, snapshot)
    split = totals.open_split(
        session, whole.totals(Stage.PLEDGED), tuple(Stage), snapshot, valuations
    )
    lines, ids, frames = Spool[PledgeLine](), [], 0
    counts_frames = Instrument.AUTHORITY in query.filters.instruments
    found = pledges.iter_pledges(session, query.filters, BY_REFERENCE, snapshot)
    for stored in watched(found, alive):
        pledge = stored.pledge
        stages, unconverted = _value(split, pledge, query.currency)
        line = worth_line(stored, pledge, stages, unconverted, counts_frames=counts_frames)
        lines.append(line)
        ids.append(pledge.id)
        frames += not line.in_totals
    return ListedPledges(lines=lines, frames=frames, ids=ids)


def _value(split: Split, pledge: Pledge, currency: str) -> tuple[Stages, frozenset[Stage]]:
    """What stands at each stage; and where something stands, but nothing that has a day to be converted at."""
    sums: dict[Stage, int] = {}
    apart: set[Stage] = set()
    for stage, share in split.shares(pledge, book(pledge)):
        if share.amount is None:
            apart.add(stage)
        else:
            sums[stage] = sums.get(stage, 0) + share.amount
    decimals = decimals_of(currency)
    stages = Stages(*(to_decimal(sums.get(stage, 0), decimals) for stage in Stage))
    return stages, frozenset(stage for stage in apart if not sums.get(stage))


def _list_valuations(
    session: ReadSession, query: ReportQuery, filters: Filters, snapshot: Snapshot
) -> list[tuple[str, date]]:
    """The currencies and days of all amounts of these pledges, and of more."""
    posted = pledges.list_valuations(session, filters, snapshot)
    if query.policy.kind is not PolicyKind.ANNOUNCEMENT:
        return posted
    # Every amount is valued on the day of its pledge's announcement, which the pledges alone know.
    found = pledges.iter_pledges(session, filters, BY_REFERENCE, snapshot)
    stated = (stored.pledge for stored in found)
    days = {valuation_day(pledge.announced, pledge.recorded_on) for pledge in stated}
    return [(currency, day) for currency in {code for code, _ in posted} for day in days]


def watched(found: Iterable[T], alive: Alive) -> Iterator[T]:
    """The same, telling now and then that it goes on."""
    for number, one in enumerate(found):
        if number % _EVERY == 0:
            alive()
        yield one


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


def _by_stage_and_date(line: PostingLine) -> tuple[int, date, date]:
    return tuple(Stage).index(line.stage), line.effective.first, line.effective.last


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


def _by_currency_and_day(line: RateLine) -> tuple[str, date]:
    return line.currency, line.asked_for


class _Covered:
    """The days and donors of postings."""

    def __init__(self) -> None:
        self._first, self._last = date.max, date.min
        self._donors: set[str] = set()

    def add(self, line: PostingLine) -> None:
        self._donors.add(line.donor)
        if line.effective.is_dated:
            self._first = min(self._first, line.effective.first)
            self._last = max(self._last, line.effective.last)

    def words(self) -> str:
        if self._first > self._last:
            return "no effective dates"
        donors = len(self._donors)
        return f"Effective dates from {self._first} to {self._last}, {donors} donor{'s' if donors != 1 else ''}"
