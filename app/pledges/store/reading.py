"""Reads pledges: one, a page, all of them, those that may be like one."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, literal, or_, select

from app.db import ReadSession, table_of
from app.journal.domain import Snapshot
from app.pledges.domain import Pledge, StoredPledge
from app.pledges.domain.likeness import Nearness, title_words
from app.pledges.domain.query import Filters, Order, SortKey
from app.pledges.store.versions import (
    IS_CURRENT,
    PLEDGE,
    filter_conditions,
    in_chunks,
    matching_ids,
    version_conditions,
)
from app.pledges.tables import FOREVER, PostingRow

_POSTING = table_of(PostingRow)
# What a stored pledge is made of.
_STORED: Final = (
    PLEDGE.c.document,
    PLEDGE.c.stages,
    PLEDGE.c.status,
    PLEDGE.c.since_revision,
    PLEDGE.c.recorded_at,
)
# Of the pledges that may be like one, so many are looked at.
MAX_LIKE: Final = 200
_MAX_WORDS: Final = 8
_SORT_COLUMN: Final[Mapping[SortKey, Any]] = {
    SortKey.ANNOUNCED_ON: PLEDGE.c.announced_first,
    SortKey.REFERENCE: PLEDGE.c.reference,
    SortKey.DONOR: PLEDGE.c.donor,
    SortKey.REVISION: PLEDGE.c.since_revision,
}


def find_current(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, StoredPledge]:
    """The current versions of these pledges; those that do not exist are left out."""
    found: dict[UUID, StoredPledge] = {}
    for chunk in in_chunks(list(ids)):
        statement = select(PLEDGE).where(PLEDGE.c.id.in_(chunk), PLEDGE.c.until_revision == FOREVER)
        found.update({row.id: _stored(row) for row in session.execute(statement)})
    return found


def list_references(
    session: ReadSession, ids: Collection[UUID], snapshot: Snapshot
) -> dict[UUID, str]:
    """The references of these pledges at the snapshot; those that did not exist are left out."""
    found: dict[UUID, str] = {}
    for chunk in in_chunks(list(ids)):
        statement = select(PLEDGE.c.id, PLEDGE.c.reference).where(
            PLEDGE.c.id.in_(chunk), *version_conditions(snapshot)
        )
        found.update({row.id: row.reference for row in session.execute(statement)})
    return found


def list_naming(session: ReadSession, pledge: Pledge, snapshot: Snapshot) -> list[StoredPledge]:
    """The pledges that name this one among those that may hold the same money, by reference."""
    columns = PLEDGE.c
    statement = select(*_STORED).where(
        # No column of its own: few pledges name others, and any that quotes the reference is looked at below.
        columns.document.contains(f'"{pledge.reference}"', autoescape=True),
        columns.id != pledge.id,
        columns.status != "withdrawn",
        *version_conditions(snapshot),
    )
    found = [_stored(row) for row in session.execute(statement.order_by(columns.reference))]
    return [one for one in found if pledge.reference in one.pledge.overlaps]


def find_pledge(session: ReadSession, pledge_id: UUID, snapshot: Snapshot) -> StoredPledge | None:
    """The version that was current at the snapshot."""
    return _find(session, PLEDGE.c.id == pledge_id, snapshot)


def find_pledge_by_reference(
    session: ReadSession, reference: str, snapshot: Snapshot
) -> StoredPledge | None:
    """As ``find_pledge``, by reference."""
    return _find(session, PLEDGE.c.reference == reference, snapshot)


def list_pledges(
    session: ReadSession,
    filters: Filters,
    order: Order,
    snapshot: Snapshot,
    *,
    after: tuple[str | int, ...],
    limit: int,
) -> list[StoredPledge]:
    """One page of pledges, behind the sort key ``after`` where it is not empty."""
    statement = _select_versions(filters, snapshot)
    if after:
        statement = statement.where(_is_after(order, after))
    statement = statement.order_by(*_in_order(order)).limit(limit)
    return [_stored(row) for row in session.execute(statement)]


def list_like(session: ReadSession, pledge: Pledge, nearness: Nearness) -> list[StoredPledge]:
    """Current pledges of the donor that may be like one: near in date and amount, or with words of its title.

    Those with most of the words come first; there are at most ``MAX_LIKE``.
    """
    columns = PLEDGE.c
    # Some of the words are enough to find it; the longest tell most.
    every = sorted(title_words(pledge.title), key=lambda word: (-len(word), word))
    words = every[:_MAX_WORDS]
    missing = len(every) * (100 - nearness.shared_percent) // 100
    # Not a plain 0, which an ORDER BY would take for the place of a column.
    shared: ColumnElement[int] = cast(literal(0), Integer)
    for word in words:
        shared = shared + case((columns.search.contains(word, autoescape=True), 1), else_=0)
    near = [shared >= max(len(words) - missing, 1)]
    if pledge.announced.is_dated:
        near.append(and_(_is_near_amount(pledge, nearness), _is_near_date(pledge, nearness)))
    statement = (
        select(*_STORED)
        .where(IS_CURRENT, columns.donor == pledge.donor, columns.status != "withdrawn", or_(*near))
        .order_by(shared.desc(), columns.announced_first.desc(), columns.reference)
        .limit(MAX_LIKE)
    )
    return [_stored(row) for row in session.execute(statement)]


def _is_near_date(pledge: Pledge, nearness: Nearness) -> ColumnElement[bool]:
    reach = nearness.reach(pledge.announced)
    return and_(
        PLEDGE.c.announced_first != date.min,
        PLEDGE.c.announced_first <= reach.last,
        PLEDGE.c.announced_last >= reach.first,
    )


def _is_near_amount(pledge: Pledge, nearness: Nearness) -> ColumnElement[bool]:
    if pledge.amount is None:
        return PLEDGE.c.amount_minor.is_(None)
    least, most = nearness.bounds(pledge.amount)
    return and_(PLEDGE.c.currency == pledge.currency, PLEDGE.c.amount_minor.between(least, most))


def iter_pledges(
    session: ReadSession, filters: Filters, order: Order, snapshot: Snapshot
) -> Iterator[StoredPledge]:
    """All pledges that match, streamed from the database."""
    statement = _select_versions(filters, snapshot).order_by(*_in_order(order))
    for row in session.execute(statement.execution_options(yield_per=1_000)):
        yield _stored(row)


def count_pledges(session: ReadSession, filters: Filters, snapshot: Snapshot) -> int:
    """How many pledges match."""
    statement = select(func.count()).select_from(matching_ids(filters, snapshot).subquery())
    return session.execute(statement).scalar_one()


def list_valuations(
    session: ReadSession, filters: Filters, snapshot: Snapshot
) -> list[tuple[str, date]]:
    """Currencies and the days that they are valued on, of all that was ever posted for the pledges that match.

    What a later version took back is among them.
    """
    columns = _POSTING.c
    statement = (
        select(columns.currency, columns.valued_on)
        .distinct()
        .where(
            columns.revision <= snapshot.revision,
            columns.amount != 0,
            columns.pledge_id.in_(matching_ids(filters, snapshot)),
        )
        .order_by(columns.currency, columns.valued_on)
    )
    return [(row.currency, row.valued_on) for row in session.execute(statement)]


def sort_key(stored: StoredPledge, order: Order) -> tuple[str | int, ...]:
    """The place of a pledge in this order, as a cursor keeps it."""
    document = stored.document
    value: str | int
    match order.key:
        case SortKey.ANNOUNCED_ON:
            value = stored.pledge.announced.first.isoformat()
        case SortKey.REVISION:
            value = stored.revision
        case SortKey.REFERENCE | SortKey.DONOR:
            value = document[order.key.value]
    return value, document["reference"]


def _select_versions(filters: Filters, snapshot: Snapshot) -> Select[Any]:
    return select(*_STORED).where(*version_conditions(snapshot), *filter_conditions(filters))


def _in_order(order: Order) -> Iterator[ColumnElement[Any]]:
    for column in (_SORT_COLUMN[order.key], PLEDGE.c.reference):
        yield column.desc() if order.descending else column


def _is_after(order: Order, after: tuple[str | int, ...]) -> ColumnElement[bool]:
    column, reference = _SORT_COLUMN[order.key], PLEDGE.c.reference
    value: Any = after[0]
    if order.key is SortKey.ANNOUNCED_ON:
        value = date.fromisoformat(str(value))
    beyond = column < value if order.descending else column > value
    later = reference < after[1] if order.descending else reference > after[1]
    return or_(beyond, and_(column == value, later))


def _find(
    session: ReadSession, condition: ColumnElement[bool], snapshot: Snapshot
) -> StoredPledge | None:
    statement = select(*_STORED).where(condition, *version_conditions(snapshot))
    row = session.execute(statement).first()
    return None if row is None else _stored(row)


def _stored(row: Any) -> StoredPledge:
    return StoredPledge(
        document=json.loads(row.document),
        stages=json.loads(row.stages),
        status=row.status,
        revision=row.since_revision,
        recorded_at=row.recorded_at,
    )
