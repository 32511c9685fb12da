"""Pledges as lines of a report, their stages converted as the totals convert them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.db import ReadSession
from app.donors.domain import get_donor
from app.fx import service as fx
from app.fx.domain import RateBook
from app.journal.domain import Snapshot
from app.kernel.currencies import CURRENCIES
from app.kernel.money import to_decimal
from app.pledges.domain import (
    NO_DAY,
    Instrument,
    Pledge,
    Stage,
    Status,
    StoredPledge,
    book,
    decimals_of,
)
from reports.figures import PledgeLine, Stages

Valuation = tuple[str, date]


def load_rates(
    session: ReadSession, valuations: Sequence[Valuation], currency: str, snapshot: Snapshot
) -> RateBook:
    """The rates that amounts of these currencies and days need to become amounts in ``currency``."""
    foreign = [one for one in valuations if one[0] != currency and one[1] != NO_DAY]
    if not foreign:
        return RateBook.empty()
    days = [day for _, day in foreign]
    currencies = {currency, *(code for code, _ in foreign)}
    return fx.load_book(session, currencies, min(days), max(days), snapshot)


def pledge_line(
    stored: StoredPledge, rates: RateBook, currency: str, *, counts_frames: bool
) -> PledgeLine:
    """One pledge.

    Args:
        stored: a version.
        rates: of all its amounts.
        currency: of its stages.
        counts_frames: the totals beside it count frames too, because a filter asks for them by name.

    Raises:
        NoExchangeRateError: an amount cannot be converted.
    """
    pledge = stored.pledge
    stages, unconverted = _stages(pledge, rates, currency)
    return worth_line(stored, pledge, stages, unconverted, counts_frames=counts_frames)


def worth_line(
    stored: StoredPledge,
    pledge: Pledge,
    stages: Stages,
    unconverted: frozenset[Stage],
    *,
    counts_frames: bool,
) -> PledgeLine:
    """One pledge, what it comes to being known: ``stages``, and those at which nothing could be converted."""
    return PledgeLine(
        reference=pledge.reference,
        donor=pledge.donor,
        donor_name=get_donor(pledge.donor).name,
        title=pledge.title,
        aid_type=pledge.aid_type,
        instrument=pledge.instrument,
        status=Status(stored.status),
        bound=pledge.bound,
        amount=None if pledge.amount is None else to_decimal(pledge.amount, pledge.decimals),
        currency=pledge.currency,
        stages=None if pledge.amount is None else stages,
        unconverted=unconverted,
        in_totals=counts_frames or pledge.instrument is not Instrument.AUTHORITY,
        announced=pledge.announced,
        verification=pledge.verification,
        notes=pledge.notes,
        overlaps=pledge.overlaps,
        sources=pledge.sources,
        revision=stored.revision,
        version=pledge.version,
    )


def _stages(pledge: Pledge, rates: RateBook, currency: str) -> tuple[Stages, frozenset[Stage]]:
    """What stands at each stage, each effect converted by itself; and where nothing could be."""
    sums = dict.fromkeys(Stage, 0)
    apart = dict.fromkeys(Stage, 0)
    for (cell, _), effect in book(pledge).items():
        stage = Stage(cell.stage)
        if cell.currency == currency:
            sums[stage] += effect.amount
        elif cell.valued_on == NO_DAY:
            apart[stage] += effect.amount
        elif effect.amount:
            source, target = CURRENCIES[cell.currency], CURRENCIES[currency]
            sums[stage] += rates.convert(effect.amount, source, target, cell.valued_on)
    stages = Stages(*(_decimal(sums[stage], currency) for stage in Stage))
    return stages, frozenset(stage for stage in Stage if apart[stage] and not sums[stage])


def _decimal(minor: int, currency: str) -> Decimal:
    return to_decimal(minor, decimals_of(currency))
