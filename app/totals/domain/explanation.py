"""How a total came about: every cell of it, the rates that were used, and what is left out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.fx.domain import Rate
from app.totals.domain.totals import CellSum, Convert, Plan, TotalsQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedCell:
    """What one cell adds to the grand total; each figure of the total is the sum of those of its cells.

    Attributes:
        cell: the cell, its amount in its own currency.
        moment: the day that its rate was asked for; ``None`` where it was not converted.
        amount: in the currency of the total.
        pledges, unvalued: how many count, which is none where the date is too coarse to tell.
        undated: the part of ``amount`` that is in no period.
    """

    cell: CellSum
    moment: date | None
    amount: int
    pledges: int
    unvalued: int
    undated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What stands behind a total.

    Attributes:
        base: the currency that the rates are of one unit of.
        rates: those that were used.
        prices: the index of each year that was used.
        frames: what authorities hold, in minor units by currency: other pledges may be part of it.
    """

    cells: tuple[ExplainedCell, ...]
    base: str
    rates: tuple[Rate, ...]
    prices: Mapping[int, Decimal]
    frames: Mapping[str, int]


def explain_cells(
    cells: Iterable[CellSum],
    query: TotalsQuery,
    convert: Convert,
    moment_of: Callable[[date], date],
) -> Iterator[ExplainedCell]:
    """What each cell adds, by the rules of ``aggregate``.

    Args:
        cells: as for ``aggregate``.
        query: what was asked for.
        convert: as for ``aggregate``.
        moment_of: the day whose rate an amount of a day takes.
    """
    plan = Plan(query)
    for cell in sorted(cells):
        certain, _, dated = plan.moment(cell)
        if not certain and not cell.amount:
            continue
        converted = plan.must_convert(cell)
        value = convert(cell) if converted else cell.amount
        takes_rate = converted and cell.currency != query.currency
        yield ExplainedCell(
            cell=cell,
            moment=moment_of(cell.valued_on) if takes_rate else None,
            amount=value,
            pledges=cell.pledges if certain else 0,
            unvalued=cell.unvalued if certain else 0,
            undated=0 if dated else value,
        )
