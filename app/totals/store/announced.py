"""Reads cells by the days on which their pledges were announced, which only the pledges themselves know."""

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import Select, func, or_

from app.db import ReadSession, table_of
from app.journal.domain import Snapshot
from app.kernel.dates import Span
from app.pledges.domain import valuation_day
from app.pledges.store import version_conditions
from app.pledges.tables import PledgeRow, PostingRow
from app.totals.domain import CellSum

_PLEDGE: Final = table_of(PledgeRow)
# The day of recording stands with the first version.
_OPENING: Final = _PLEDGE.alias("opening")
_POSTING: Final = table_of(PostingRow)
_PLACE: Final = ("donor", "aid_type", "instrument", "currency")
_DAYS: Final = ("first", "last")
_SUMS: Final = ("amount", "pledges", "unvalued")


def read_announced_cells(
    session: ReadSession, postings: Select[Any], snapshot: Snapshot
) -> list[CellSum]:
    """The sums of postings, each valued on the day of its pledge's announcement as known at the snapshot.

    That is the last day of the announcement, or the day of recording where that came first; ``NO_DAY`` where the
    announcement has no date. Unlike the sums of ``cells``, it costs what the pledges cost.

    Args:
        session: where they are.
        postings: selects postings; which columns it names does not matter.
        snapshot: decides which version of a pledge is the current one.
    """
    cells: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in session.execute(_by_pledge(postings, snapshot)):
        span = Span(row.announced_first, row.announced_last)
        day = valuation_day(span, row.recorded_at.date())
        sums = cells[(*row[:4], day, *row[4:6])]
        for place, value in enumerate(row[6:9]):
            sums[place] += int(value)
    return [CellSum(*key, *sums) for key, sums in cells.items() if any(sums)]


def _by_pledge(postings: Select[Any], snapshot: Snapshot) -> Select[Any]:
    """Postings added up by their cells and by what is known of their pledges."""
    keys = [
        *(_POSTING.c[name] for name in (*_PLACE, *_DAYS)),
        _PLEDGE.c.announced_first,
        _PLEDGE.c.announced_last,
        _OPENING.c.recorded_at,
    ]
    sums = [func.sum(_POSTING.c[name]).label(name) for name in _SUMS]
    return (
        postings.with_only_columns(*keys[:6], *sums, *keys[6:])
        .join(_PLEDGE, _PLEDGE.c.id == _POSTING.c.pledge_id)
        .join(_OPENING, _OPENING.c.id == _POSTING.c.pledge_id)
        .where(_OPENING.c.version == 1, *version_conditions(snapshot))
        .group_by(*keys)
        .having(or_(*(one != 0 for one in sums)))
    )
