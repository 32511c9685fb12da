"""A total split by pledge: what each pledge adds to each cell, so that the parts of a cell add up to the cell.

A cell is converted and rounded as a whole (decision 6), so pledges that share one cannot each be rounded by themselves.
They are taken through the cell in their order: the part of a pledge is what the converted sum gained with it. It is
within a minor unit of the pledge's own conversion, and the parts add up to the total to the last cent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.fx.domain import Book as RateSource
from app.fx.domain import PolicyKind, Rate
from app.kernel.dates import Span
from app.kernel.periods import Grain, Period, find_period
from app.pledges.domain import Effect, Pledge, Stage, valuation_day
from app.pledges.domain.postings import NOTHING, Book, Cell
from app.totals.domain.changes import is_asked_for
from app.totals.domain.totals import CellSum, Convert, Plan, TotalsQuery


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


class Sharing:
    """Shares the total of one stage out among pledges, in the order in which they take their parts of a cell.

    It keeps what each cell has come to, so that it costs as much memory as there are cells, however many pledges.
    """

    def __init__(
        self, query: TotalsQuery, convert: Convert, moment_of: Callable[[date], date]
    ) -> None:
        """Begin.

        Args:
            query: what the total was asked for; which dimensions it has does not matter.
            convert: as for ``aggregate``.
            moment_of: the day whose rate an amount of a day takes.
        """
        self._query, self._plan = query, Plan(query)
        self._convert, self._moment_of = convert, moment_of
        self._sums: defaultdict[tuple[object, ...], int] = defaultdict(int)
        self._reached: defaultdict[tuple[object, ...], int] = defaultdict(int)
        self._periods: dict[Span, Mapping[Grain, Period]] = {}

    def shares(self, pledge: Pledge, book: Book) -> Iterator[Share]:
        """What the next pledge adds to the cells that the filters let through, converted.

        The filters on status, text and the like are the caller's to apply: they are about pledges.
        """
        for cell in _cells(pledge, book, self._query):
            certain = self._query.filters.window.contains(cell.span)
            if certain or cell.amount:
                yield self._share(Part(pledge.id, cell), certain=certain)

    def _share(self, part: Part, *, certain: bool) -> Share:
        cell, key, plan = part.cell, part.cell[:7], self._plan
        self._sums[key] += cell.amount
        amount = _worth(cell._replace(amount=self._sums[key]), plan, self._convert)
        gained = None if plan.sets_apart(cell) else amount - self._reached[key]
        self._reached[key] = amount
        takes_rate = plan.must_convert(cell) and cell.currency != self._query.currency
        is_dated = certain and cell.span.is_dated
        return Share(
            part=part,
            amount=gained,
            moment=self._moment_of(cell.valued_on) if takes_rate and gained is not None else None,
            pledges=cell.pledges if certain else 0,
            unvalued=cell.unvalued if certain else 0,
            is_dated=is_dated,
            periods=self._periods_of(cell.span) if is_dated else {},
            reached_on=cell.last if is_dated else None,
        )

    def _periods_of(self, span: Span) -> Mapping[Grain, Period]:
        if span not in self._periods:
            found = ((grain, find_period(grain, span)) for grain in Grain)
            self._periods[span] = {grain: period for grain, period in found if period}
        return self._periods[span]


@dataclass(frozen=True, slots=True)
class Split:
    """Totals of several stages that are being split by pledge."""

    sharings: Mapping[Stage, Sharing]
    book: RateSource

    def shares(self, pledge: Pledge, book: Book) -> Iterator[tuple[Stage, Share]]:
        """What the next pledge adds at each stage; ``book`` is all its effects."""
        for stage, sharing in self.sharings.items():
            for share in sharing.shares(pledge, book):
                yield stage, share

    @property
    def base(self) -> str:
        """The currency that the rates are of one unit of."""
        return self.book.base

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rates that the shares took so far."""
        return self.book.used


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
