"""Which versions of pledges a question is about: those that were current at a snapshot, and match the filters."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, literal_column, or_, select

from app.db import table_of
from app.donors.domain import Group, list_donors
from app.journal.domain import Snapshot
from app.pledges.domain.query import Filters
from app.pledges.tables import FOREVER, PledgeRow

T = TypeVar("T")
PLEDGE = table_of(PledgeRow)
# Both engines limit how many values one statement may bind.
_CHUNK: Final = 500
# Written out, not bound: PostgreSQL takes a partial index only where it knows the value while it plans.
IS_CURRENT: Final = PLEDGE.c.until_revision == literal_column(str(FOREVER))


def matching_ids(filters: Filters, snapshot: Snapshot) -> Select[tuple[UUID]]:
    """A sub-select of the ids of the pledges that match, for totals over a choice of pledges."""
    return select(PLEDGE.c.id).where(*version_conditions(snapshot), *filter_conditions(filters))


def version_conditions(snapshot: Snapshot) -> tuple[ColumnElement[bool], ...]:
    """Which versions were the current ones at the snapshot."""
    if snapshot.is_head:
        return (IS_CURRENT,)
    return (
        PLEDGE.c.since_revision <= snapshot.revision,
        PLEDGE.c.until_revision > snapshot.revision,
    )


def filter_conditions(filters: Filters) -> tuple[ColumnElement[bool], ...]:
    """The filters as conditions on the versions."""
    return tuple(_conditions(filters))


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    columns = PLEDGE.c
    for column, chosen in (
        (columns.donor, filters.donors),
        (columns.aid_type, filters.aid_types),
        (columns.instrument, filters.instruments),
        (columns.status, filters.statuses),
    ):
        if chosen:
            yield column.in_([str(one) for one in chosen])
    if not filters.statuses:
        # What was recorded in error is shown only to those who ask for it by name.
        yield columns.status != "withdrawn"
    if filters.groups:
        yield member_condition(filters.groups, columns.donor, columns.announced_last)
    if filters.text is not None:
        yield columns.search.contains(filters.text, autoescape=True)
    if filters.unvalued is not None:
        amount = columns.amount_minor
        yield amount.is_(None) if filters.unvalued else amount.is_not(None)
    yield from _date_conditions(filters)


def _date_conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    first, last = PLEDGE.c.announced_first, PLEDGE.c.announced_last
    if filters.is_windowed:
        yield first >= filters.window.first
        yield last <= filters.window.last
    if filters.undated is not None:
        yield first == date.min if filters.undated else first != date.min


def member_condition(
    groups: Sequence[Group], donor: ColumnElement[str], day: ColumnElement[date]
) -> ColumnElement[bool]:
    """Whether the donor belonged to one of the groups on the day."""
    terms = [
        and_(donor == one.code, day >= time.since, *([day < time.until] if time.until else []))
        for one in list_donors()
        for time in one.memberships
        if time.group in groups
    ]
    return or_(false(), *terms)


def in_chunks(items: list[T]) -> Iterator[list[T]]:
    """As many at a time as one statement may bind."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
