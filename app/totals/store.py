"""The SQL of totals: the only store that queries across rooms."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from app.db import ReadSession, table_of
from app.journal.domain import Snapshot
from app.pledges.domain import Instrument
from app.pledges.domain.query import Filters
from app.pledges.store import matching_ids, member_condition, version_conditions
from app.pledges.tables import PledgeRow, PostingRow, RollupRow
from app.totals.domain import CellSum, TotalsQuery

_POSTING = table_of(PostingRow)
_ROLLUP = table_of(RollupRow)
_PLEDGE = table_of(PledgeRow)
_KEYS = ("donor", "aid_type", "instrument", "currency", "valued_on", "first", "last")
_SUMS = ("amount", "pledges", "unvalued")


@dataclass(frozen=True, slots=True)
class DonorActivity:
    """What the ledger holds of one donor: pledges, and the first and last day that they were announced on."""

    donor: str
    pledges: int
    first_on: date | None
    last_on: date | None


def read_cells(session: ReadSession, query: TotalsQuery, snapshot: Snapshot) -> list[CellSum]:
    """The sums of the measure's stage: from the roll-up for now, from the postings for the past.

    A filter that is about pledges rather than about postings (status, text, unvalued, undated) needs the postings too,
    and costs what its pledges cost.
    """
    chosen = _pledge_filters(query.filters)
    now = snapshot.is_head and chosen is None
    statement = _from_rollup(query) if now else _from_postings(query, snapshot, chosen)
    return [CellSum(*row[:7], *map(int, row[7:])) for row in session.execute(statement)]


def list_activity(session: ReadSession, snapshot: Snapshot) -> list[DonorActivity]:
    """Each donor that the ledger knows pledges of, by code."""
    dated = _PLEDGE.c.announced_first != date.min
    statement = (
        select(
            _PLEDGE.c.donor,
            func.count(),
            func.min(case((dated, _PLEDGE.c.announced_first))),
            func.max(case((dated, _PLEDGE.c.announced_last))),
        )
        .where(*version_conditions(snapshot), _PLEDGE.c.status != "withdrawn")
        .group_by(_PLEDGE.c.donor)
        .order_by(_PLEDGE.c.donor)
    )
    return [DonorActivity(*row) for row in session.execute(statement)]


def _from_rollup(query: TotalsQuery) -> Select[Any]:
    columns = _ROLLUP.c
    standing = or_(*(columns[name] != 0 for name in _SUMS))
    return select(*(columns[name] for name in (*_KEYS, *_SUMS))).where(
        columns.stage == query.measure.value, standing, *_conditions(columns, query.filters)
    )


def _from_postings(query: TotalsQuery, snapshot: Snapshot, chosen: Filters | None) -> Select[Any]:
    columns = _POSTING.c
    keys = [columns[name] for name in _KEYS]
    statement = select(*keys, *(func.sum(columns[name]) for name in _SUMS)).where(
        columns.stage == query.measure.value,
        columns.revision <= snapshot.revision,
        *_conditions(columns, query.filters),
    )
    if chosen is not None:
        statement = statement.where(columns.pledge_id.in_(matching_ids(chosen, snapshot)))
    standing = or_(*(func.sum(columns[name]) != 0 for name in _SUMS))
    return statement.group_by(*keys).having(standing)


def _pledge_filters(filters: Filters) -> Filters | None:
    """The part of the filters that only the pledges themselves can answer."""
    chosen = replace(Filters(), statuses=filters.statuses, text=filters.text,
                     unvalued=filters.unvalued, undated=filters.undated)  # fmt: skip
    return None if chosen == Filters() else chosen


def _conditions(columns: Any, filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.donors:
        yield columns.donor.in_(filters.donors)
    if filters.aid_types:
        yield columns.aid_type.in_([one.value for one in filters.aid_types])
    if filters.instruments:
        yield columns.instrument.in_([one.value for one in filters.instruments])
    else:
        # A frame contains other pledges; it is in no total unless somebody asks for it by name.
        yield columns.instrument != Instrument.AUTHORITY.value
    if filters.groups:
        yield member_condition(filters.groups, columns.donor, columns.last)
    if filters.is_windowed:
        yield columns.first <= filters.window.last
        yield columns.last >= filters.window.first
