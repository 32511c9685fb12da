"""A total split by pledge: what each pledge adds to each cell, so that the parts of a cell add up to the cell.

A cell is converted and rounded as a whole (decision 6), so pledges that share one cannot each be rounded by themselves.
They are taken through the cell in their order: the part of a pledge is what the converted sum gained with it. It is
within a minor unit of the pledge's own conversion, and the parts add up to the total to the last cent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.fx.domain import PolicyKind, PriceIndex, Rate
from app.kernel.dates import Span
from app.kernel.periods import Grain, Period, find_period
from app.pledges.domain import Effect, Pledge, valuation_day
from app.pledges.domain.postings import NOTHING, Book, Cell
from app.totals.domain.changes import is_asked_for
from app.totals.domain.totals import CellSum, Convert, Plan, TotalsQuery

# A pledge, and all that it adds to the totals.
Booked = tuple[Pledge, Book]


@dataclass(frozen=True, slots=True)
class Part:
    """What one pledge adds to one cell.

    Attributes:
        pledge_id: of the pledge.
        cell: its effect alone, in its own currency.
    """

    pledge_id: UUID
    cell: CellSum


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part, converted.

    Attributes:
        amount: in minor units of the total's currency; ``None`` where it has no day to be converted at.
        moment: the day whose rate converted it; ``None`` where it needed none.
        pledges, unvalued: how many count, which is none where the date is too coarse to tell.
        is_dated: whether it is no part of ``undated``.
        periods: those that hold it; none where its date is coarser than they are.
        reached_on: the day on which a running total has it; ``None`` where no day is certain.
    """

    part: Part
    amount: int | None
    moment: date | None
    pledges: int
    unvalued: int
    is_dated: bool
    periods: Mapping[Grain, Period]
    reached_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """All shares of a total, and the rates that they took.

    Attributes:
        base: the currency that the rates are of one unit of.
        index: of the prices that amounts are given in.
    """

    shares: tuple[Share, ...]
    base: str
    rates: tuple[Rate, ...]
    prices: Mapping[int, Decimal] = field(default_factory=dict)
    index: PriceIndex | None = None


def list_parts(booked: Iterable[Booked], query: TotalsQuery) -> list[Part]:
    """What pledges add to the cells of the measure's stage that the filters let through.

    Args:
        booked: pledges with their effects, in the order in which they are to take their parts of a cell.
        query: the filters on status, text and the like are the caller's to apply: they are about pledges.
    """
    return [
        Part(pledge.id, cell) for pledge, book in booked for cell in _cells(pledge, book, query)
    ]


def share_out(
    parts: Sequence[Part],
    query: TotalsQuery,
    convert: Convert,
    moment_of: Callable[[date], date],
) -> Iterator[Share]:
    """Each part converted, so that those of a cell add up to the cell.

    Args:
        parts: all of the total, as ``list_parts`` has them.
        query: what the total was asked for.
        convert: as for ``aggregate``.
        moment_of: the day whose rate an amount of a day takes.
    """
    plan = Plan(query)
    sums: defaultdict[tuple[object, ...], int] = defaultdict(int)
    reached: defaultdict[tuple[object, ...], int] = defaultdict(int)
    for part in parts:
        cell, key = part.cell, part.cell[:7]
        certain = query.filters.window.contains(cell.span)
        if not certain and not cell.amount:
            continue
        sums[key] += cell.amount
        amount = _worth(cell._replace(amount=sums[key]), plan, convert)
        gained = None if plan.sets_apart(cell) else amount - reached[key]
        reached[key] = amount
        takes_rate = plan.must_convert(cell) and cell.currency != query.currency
        is_dated = certain and cell.span.is_dated
        yield Share(
            part=part,
            amount=gained,
            moment=moment_of(cell.valued_on) if takes_rate and gained is not None else None,
            pledges=cell.pledges if certain else 0,
            unvalued=cell.unvalued if certain else 0,
            is_dated=is_dated,
            periods=_periods(cell.span) if is_dated else {},
            reached_on=cell.last if is_dated else None,
        )


def _cells(pledge: Pledge, book: Book, query: TotalsQuery) -> Iterator[CellSum]:
    effects: dict[Cell, Effect] = {}
    for (cell, _), effect in book.items():
        if cell.stage == query.measure.value and _is_asked_for(cell, query):
            effects[cell] = effects.get(cell, NOTHING).plus(effect)
    for cell, effect in effects.items():
        if effect != NOTHING:
            key = (*cell[:3], cell.currency, _valued_on(pledge, cell, query), cell.first, cell.last)
            yield CellSum(*key, *effect)


def _is_asked_for(cell: Cell, query: TotalsQuery) -> bool:
    window = query.filters.window
    overlaps = cell.first <= window.last and cell.last >= window.first
    return overlaps and is_asked_for(cell, query.filters)


def _valued_on(pledge: Pledge, cell: Cell, query: TotalsQuery) -> date:
    if query.policy.kind is PolicyKind.ANNOUNCEMENT and not query.is_native:
        return valuation_day(pledge.announced, pledge.recorded_on)
    return cell.valued_on


def _worth(cell: CellSum, plan: Plan, convert: Convert) -> int:
    if plan.sets_apart(cell):
        return 0
    return convert(cell) if plan.must_convert(cell) else cell.amount


def _periods(span: Span) -> dict[Grain, Period]:
    found = ((grain, find_period(grain, span)) for grain in Grain)
    return {grain: period for grain, period in found if period}
