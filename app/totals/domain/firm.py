"""Firm totals: without the pledges that wait for a parliament, and with what they come to beside them.

A firm total is an account of its own, converted and rounded cell by cell like any other (decision 6). What it
leaves out is the difference to the whole total, in each cell. So however the rounding falls, the two add up.
"""

from collections.abc import Iterable, Mapping

from app.pledges.domain import Effect
from app.pledges.domain.postings import NOTHING
from app.totals.domain.totals import (
    CellSum,
    Convert,
    Row,
    Sum,
    Totals,
    TotalsQuery,
    aggregate,
)


def without(cells: Iterable[CellSum], conditional: Iterable[CellSum]) -> list[CellSum]:
    """The cells less what conditional pledges have in them; what comes to nothing is left out."""
    left_out = {cell[:7]: Effect(*cell[7:]) for cell in conditional}
    kept: list[CellSum] = []
    for cell in cells:
        effect = left_out.pop(cell[:7], None) if left_out else None
        # Most cells are of firm pledges alone, and stay as they are.
        rest = cell if effect is None else _less(cell, effect)
        if rest[7:] != NOTHING:
            kept.append(rest)
    # Where others make up for a conditional pledge, the whole is nothing and its cell is missing.
    return kept + [CellSum(*key, *NOTHING.minus(effect)) for key, effect in left_out.items()]


def aggregate_firm(
    cells: Iterable[CellSum], conditional: Iterable[CellSum], query: TotalsQuery, convert: Convert
) -> Totals:
    """Add the cells up without what conditional pledges have in them, and say what that is.

    Args:
        cells: the sums of all pledges, as for ``aggregate``.
        conditional: those of the conditional ones.
        query: what is asked for.
        convert: as for ``aggregate``; called for sums of both, and for what is left of them.
    """
    whole, left_out = list(cells), list(conditional)
    keys = {cell[:7] for cell in left_out}
    sums = {cell[:7]: cell.amount for cell in whole if cell[:7] in keys} if keys else {}

    def lose(cell: CellSum) -> int:
        """What the cell's whole sum loses without these pledges, each sum converted by itself."""
        total = sums.get(cell[:7], 0)
        return _worth(cell, total, convert) - _worth(cell, total - cell.amount, convert)

    firm = aggregate(without(whole, left_out), query, convert, beside=whole)
    lost = aggregate(left_out, query, lose, beside=whole)
    return Totals(
        query=query,
        rows=_side_by_side(firm.rows, lost.rows),
        by_currency=_with_all(firm.by_currency, lost.by_currency),
        conditional=_with_all(lost.by_currency, firm.by_currency),
    )


def _less(cell: CellSum, effect: Effect) -> CellSum:
    return CellSum(*cell[:7], *Effect(*cell[7:]).minus(effect))


def _worth(cell: CellSum, minor: int, convert: Convert) -> int:
    return convert(cell._replace(amount=minor)) if minor else 0


def _side_by_side(firm: Iterable[Row], lost: Iterable[Row]) -> tuple[Row, ...]:
    """One row for each key of either, in order."""
    ours = {(row.key, row.currency): row.figures for row in firm}
    theirs = {(row.key, row.currency): row.figures for row in lost}
    keys = sorted({**ours, **theirs}, key=_order)
    return tuple(Row(*key, ours.get(key, Sum()), theirs.get(key, Sum())) for key in keys)


def _with_all(sums: Mapping[str, Sum], others: Mapping[str, Sum]) -> dict[str, Sum]:
    return {currency: sums.get(currency, Sum()) for currency in {**sums, **others}}


def _order(key: tuple[tuple[str | None, ...], str]) -> tuple[tuple[str, ...], str]:
    parts, currency = key
    return tuple(part or "" for part in parts), currency
