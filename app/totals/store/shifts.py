"""Reads what was posted between two revisions, and the entries that have to be read to know why."""

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import and_, case, func, or_, select

from app.db import ReadSession, table_of
from app.journal.tables import EntryRow
from app.pledges.domain import (
    AMENDED,
    CAUSE_OF_KIND,
    MOVEMENT_RECORDED,
    Effect,
    does_both,
    read_record,
)
from app.pledges.tables import PledgeRow, PostingRow
from app.totals.domain import EntryFacts, Posted, TotalsQuery
from app.totals.store.cells import conditions

_ENTRY: Final = table_of(EntryRow)
_PLEDGE: Final = table_of(PledgeRow)
_POSTING: Final = table_of(PostingRow)
_KEYS: Final = ("donor", "aid_type", "instrument", "currency", "valued_on", "first", "last")
_SUMS: Final = ("amount", "pledges", "unvalued")
# Entries are large; this many are held at a time.
_BATCH: Final = 500


def list_posted(session: ReadSession, query: TotalsQuery, after: int, until: int) -> list[Posted]:
    """All postings behind revision ``after`` up to ``until`` to the measure's stage, added up.

    Where the kind of an entry says why, its kind and its cell are all that matters; others are kept apart.
    """
    is_settled = _ENTRY.c.kind.in_(sorted(CAUSE_OF_KIND))
    lines = (
        select(
            _ENTRY.c.kind,
            case((is_settled, 0), else_=_POSTING.c.revision).label("revision"),
            *(_POSTING.c[name] for name in (*_KEYS, *_SUMS)),
        )
        .join(_ENTRY, _ENTRY.c.revision == _POSTING.c.revision)
        .where(*_between(query, after, until))
        .subquery("line")
    ).c
    keys = [lines[name] for name in ("kind", "revision", *_KEYS)]
    sums = [func.sum(lines[name]) for name in _SUMS]
    statement = select(*keys, *sums).group_by(*keys).having(or_(*(one != 0 for one in sums)))
    return [
        Posted(row[0], row[1], tuple(row[2:9]), Effect(*map(int, row[9:])))
        for row in session.execute(statement)
    ]


def iter_facts(
    session: ReadSession, query: TotalsQuery, after: int, until: int
) -> Iterator[EntryFacts]:
    """The movements that ``list_posted`` names, and all amendments behind ``after`` up to ``until``.

    An amendment that moves and restates matters also where its postings come to nothing, see ``attribute``.
    """
    posting = select(_POSTING.c.revision).where(*_between(query, after, until))
    kind = _ENTRY.c.kind
    amended = and_(
        kind == AMENDED,
        _PLEDGE.c.id == _ENTRY.c.stream_id,
        _PLEDGE.c.version == _ENTRY.c.version - 1,
    )
    statement = (
        select(_ENTRY.c.revision, kind, _ENTRY.c.payload, _PLEDGE.c.document)
        .outerjoin(_PLEDGE, amended)
        .where(
            _ENTRY.c.revision > after,
            _ENTRY.c.revision <= until,
            or_(kind == AMENDED, and_(kind == MOVEMENT_RECORDED, _ENTRY.c.revision.in_(posting))),
        )
    )
    for row in session.execute(statement, execution_options={"yield_per": _BATCH}):
        data = json.loads(row.payload)["data"]
        before = read_record(json.loads(row.document)) if does_both(row.kind, data) else None
        yield EntryFacts(row.revision, row.kind, data, before)


def count_settled(
    session: ReadSession, query: TotalsQuery, after: int, until: int
) -> dict[str, int]:
    """How many entries whose kind says why posted something, by kind."""
    statement = (
        select(_ENTRY.c.kind, func.count(_POSTING.c.revision.distinct()))
        .join(_ENTRY, _ENTRY.c.revision == _POSTING.c.revision)
        .where(_ENTRY.c.kind.in_(sorted(CAUSE_OF_KIND)), *_between(query, after, until))
        .group_by(_ENTRY.c.kind)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _between(query: TotalsQuery, after: int, until: int) -> list[Any]:
    columns = _POSTING.c
    return [
        columns.stage == query.measure.value,
        columns.revision > after,
        columns.revision <= until,
        *conditions(columns, query.filters),
    ]
