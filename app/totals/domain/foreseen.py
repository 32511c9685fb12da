"""The sums as they would be, were something recorded that is only being thought of."""

from collections.abc import Iterable

from app.pledges.domain import Effect, Instrument, Posting
from app.pledges.domain.postings import NOTHING
from app.totals.domain.totals import CellKey, CellSum, TotalsQuery


def add_postings(
    cells: Iterable[CellSum], postings: Iterable[Posting], query: TotalsQuery
) -> list[CellSum]:
    """The cells of a measure with the postings of that measure; a frame's are in no total, as ever."""
    sums: dict[CellKey, Effect] = {cell[:7]: Effect(*cell[7:]) for cell in cells}
    for cell, _, effect in postings:
        if cell.stage != query.measure.value or cell.instrument == Instrument.AUTHORITY.value:
            continue
        key = (
            cell.donor, cell.aid_type, cell.instrument, cell.currency, cell.valued_on, cell.first, cell.last,
        )  # fmt: skip
        sums[key] = sums.get(key, NOTHING).plus(effect)
    return [CellSum(*key, *effect) for key, effect in sums.items() if effect != NOTHING]
