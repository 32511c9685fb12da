"""Reads the sums of cells, for now and as of a revision, and what the ledger holds of each donor."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, or_, select, union_all

from app.db import ReadSession, table_of
from app.fx.domain import PolicyKind
from app.journal.domain import Snapshot
from app.pledges.domain import Instrument
from app.pledges.domain.query import Filters
from app.pledges.store import matching_ids, member_condition, version_conditions
from app.pledges.tables import PledgeRow, PostingRow, RollupRow
from app.totals.domain import CellSum, TotalsQuery
from app.totals.store.announced import read_announced_cells
from app.totals.store.snapshots import find_snapshot
from app.totals.tables import PostingSnapshotRow

_POSTING: Final = table_of(PostingRow)
_ROLLUP: Final = table_of(RollupRow)
_PLEDGE: Final = table_of(PledgeRow)
_SNAPSHOT: Final = table_of(PostingSnapshotRow)
_KEYS: Final = ("donor", "aid_type", "instrument", "currency", "valued_on", "first", "last")
_SUMS: Final = ("amount", "pledges", "unvalued")


@dataclass(frozen=True, slots=True)
class DonorActivity:
    """What the ledger holds of one donor: pledges, and the first and last day that they were announced on."""

    donor: str
    pledges: int
    first_on: date | None
    last_on: date | None


def read_cells(session: ReadSession, query: TotalsQuery, snapshot: Snapshot) -> list[CellSum]:
    """The sums of the measure's stage: from the roll-up for now, for the past from a snapshot and what follows it.

    A filter that is about pledges rather than about postings (status, text, unvalued, undated) needs the postings,
    and costs what its pledges cost.

    By announcement, every amount is valued on the day of its pledge's, which the pledges alone know.
    """
    chosen = _pledge_filters(query.filters)
    pledges = None if chosen is None else matching_ids(chosen, snapshot)
    if not query.is_native and query.policy.kind is PolicyKind.ANNOUNCEMENT:
        return read_announced_cells(session, _postings(query, 0, snapshot, pledges), snapshot)
    return _read_sums(session, query, snapshot, pledges)


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


def _read_sums(
    session: ReadSession, query: TotalsQuery, snapshot: Snapshot, pledges: Select[Any] | None
) -> list[CellSum]:
    if pledges is not None:
        statement = _summed(_postings(query, 0, snapshot, pledges))
    elif snapshot.is_head:
        statement = _from_rollup(query)
    else:
        statement = _summed(_as_of(query, find_snapshot(session, snapshot.revision), snapshot))
    # PostgreSQL's sums are decimals without decimals.
    return [CellSum(*row[:7], *map(int, row[7:])) for row in session.execute(statement).all()]


def _from_rollup(query: TotalsQuery) -> Select[Any]:
    columns = _ROLLUP.c
    standing = or_(*(columns[name] != 0 for name in _SUMS))
    return select(*(columns[name] for name in (*_KEYS, *_SUMS))).where(
        columns.stage == query.measure.value, standing, *conditions(columns, query.filters)
    )


def _as_of(query: TotalsQuery, base: int, snapshot: Snapshot) -> Any:
    """The rows of the snapshot at ``base``, and the postings behind it."""
    tail = _postings(query, base, snapshot)
    if not base:
        return tail
    columns = _SNAPSHOT.c
    sums = select(*(columns[name] for name in (*_KEYS, *_SUMS))).where(
        columns.revision == base,
        columns.stage == query.measure.value,
        *conditions(columns, query.filters),
    )
    return union_all(sums, tail)


def _postings(
    query: TotalsQuery, after: int, snapshot: Snapshot, pledges: Select[Any] | None = None
) -> Select[Any]:
    """The postings behind revision ``after`` up to the snapshot; those of some pledges, where these are given."""
    columns = _POSTING.c
    statement = select(*(columns[name] for name in (*_KEYS, *_SUMS))).where(
        columns.stage == query.measure.value,
        columns.revision > after,
        columns.revision <= snapshot.revision,
        *conditions(columns, query.filters),
    )
    if pledges is None:
        return statement
    # Of its own, also where the postings are joined with pledges.
    return statement.where(columns.pledge_id.in_(pledges.correlate(None)))


def _summed(rows: Any) -> Select[Any]:
    """Rows added up by their cells; what adds up to nothing is left out."""
    columns = rows.subquery("line").c
    keys = [columns[name] for name in _KEYS]
    sums = [func.sum(columns[name]) for name in _SUMS]
    return select(*keys, *sums).group_by(*keys).having(or_(*(one != 0 for one in sums)))


def _pledge_filters(filters: Filters) -> Filters | None:
    """The part of the filters that only the pledges themselves can answer."""
    chosen = replace(Filters(), statuses=filters.statuses, text=filters.text,
                     unvalued=filters.unvalued, undated=filters.undated)  # fmt: skip
    return None if chosen == Filters() else chosen


def conditions(columns: Any, filters: Filters) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of a cell: of postings, their roll-up or their snapshots alike."""
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
