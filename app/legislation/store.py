"""Every SQL statement of the legislation room."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from app.db import ReadSession, WriteSession, insert_rows
from app.journal.domain import Entry, Snapshot
from app.kernel.canonical import canonical_bytes
from app.kernel.text import fold
from app.legislation.domain import (
    Change,
    Course,
    LegislativeRequest,
    State,
    read_record,
    request_record,
)
from app.legislation.domain.query import Filters, Order, SortKey
from app.legislation.tables import FOREVER, LegislativeRequestRow

T = TypeVar("T")
_REQUEST = cast("Table", LegislativeRequestRow.__table__)
# Both engines limit how many values one statement may bind.
_CHUNK: Final = 500
_SORT_COLUMN: Final[Mapping[SortKey, Any]] = {
    SortKey.REQUESTED_ON: _REQUEST.c.requested_first,
    SortKey.REFERENCE: _REQUEST.c.reference,
    SortKey.DONOR: _REQUEST.c.donor,
    SortKey.REVISION: _REQUEST.c.since_revision,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRequest:
    """One version of a legislative request as read from the current or a past projection.

    Attributes:
        revision: of the entry that made the version.
        recorded_at: of that entry.
    """

    request: LegislativeRequest
    revision: int
    recorded_at: datetime


def load_states(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, LegislativeRequest]:
    """The current versions of these requests; those that do not exist are left out."""
    states: dict[UUID, LegislativeRequest] = {}
    for chunk in _chunks(list(ids)):
        statement = select(_REQUEST.c.id, _REQUEST.c.document).where(
            _REQUEST.c.id.in_(chunk), _REQUEST.c.until_revision == FOREVER
        )
        for row in session.execute(statement):
            states[row.id] = read_record(json.loads(row.document))
    return states


def find_references(session: ReadSession, references: Collection[str]) -> dict[str, UUID]:
    """Which of these references are taken, and by which requests."""
    taken: dict[str, UUID] = {}
    for chunk in _chunks(list(references)):
        statement = select(_REQUEST.c.reference, _REQUEST.c.id).where(
            _REQUEST.c.reference.in_(chunk), _REQUEST.c.until_revision == FOREVER
        )
        taken.update({row.reference: row.id for row in session.execute(statement)})
    return taken


def count_requests(session: ReadSession) -> int:
    """How many requests were ever recorded."""
    statement = select(func.count()).where(_REQUEST.c.version == 1)
    return session.execute(statement).scalar_one()


def project(session: WriteSession, changes: Sequence[Change], entries: Sequence[Entry]) -> None:
    """Close the versions that were current, and add the new ones.

    A batch may make several versions of one request; each is current from its own revision to the
    next one's.
    """
    rows: dict[tuple[UUID, int], dict[str, Any]] = {}
    closing = []
    for change, entry in zip(changes, entries, strict=True):
        request = change.request
        before = (request.id, request.version - 1)
        if before in rows:
            rows[before]["until_revision"] = entry.revision
        elif request.version > 1:
            closing.append({"of_id": request.id, "of_version": before[1], "until": entry.revision})
        rows[request.id, request.version] = _version_row(request, entry)
    if closing:
        session.connection().execute(_close_versions(), closing)
    if rows:
        insert_rows(session, _REQUEST, list(rows.values()))


def find_request(
    session: ReadSession, name: UUID | str, snapshot: Snapshot
) -> StoredRequest | None:
    """The version of the request with this id or reference that was current at the snapshot."""
    column = _REQUEST.c.id if isinstance(name, UUID) else _REQUEST.c.reference
    statement = _select_versions(snapshot).where(column == name)
    row = session.execute(statement).one_or_none()
    return None if row is None else _stored(row)


def iter_requests(
    session: ReadSession,
    filters: Filters,
    order: Order,
    snapshot: Snapshot,
    *,
    after: tuple[str | int, ...] = (),
    limit: int | None = None,
) -> Iterator[StoredRequest]:
    """The requests that match, in order, behind the sort key ``after`` where it is not empty."""
    by = (_SORT_COLUMN[order.key], _REQUEST.c.reference)
    statement = _select_versions(snapshot).where(*_conditions(filters))
    if after:
        statement = statement.where(_is_after(order, after))
    statement = statement.order_by(*(one.desc() if order.descending else one for one in by))
    # The state on a day depends on the actions, which only the document holds.
    if not filters.looks_at_states_on_a_day:
        statement = statement.limit(limit)
    found = (_stored(row) for row in session.execute(statement))
    return islice((one for one in found if filters.admits_state(one.request)), limit)


def iter_unfinished(
    session: ReadSession, snapshot: Snapshot, donors: Sequence[str]
) -> Iterator[LegislativeRequest]:
    """Every request that can be pending on some day: formally made, and not recorded in error."""
    columns = _REQUEST.c
    statement = _select_versions(snapshot).where(
        columns.withdrawn.is_(False), columns.state != State.ANNOUNCED.value
    )
    if donors:
        statement = statement.where(columns.donor.in_(donors))
    for row in session.execute(statement.order_by(columns.reference)):
        yield _stored(row).request


def sort_key(stored: StoredRequest, order: Order) -> tuple[str | int, ...]:
    """The place of a request in this order, as a cursor keeps it."""
    request = stored.request
    value: str | int
    match order.key:
        case SortKey.REQUESTED_ON:
            value = request.requested.first.isoformat()
        case SortKey.REVISION:
            value = stored.revision
        case SortKey.REFERENCE:
            value = request.reference
        case SortKey.DONOR:
            value = request.donor
    return value, request.reference


def _select_versions(snapshot: Snapshot) -> Select[Any]:
    """The versions that were the current ones at the snapshot."""
    columns = _REQUEST.c
    statement = select(columns.document, columns.since_revision, columns.recorded_at)
    if snapshot.is_head:
        return statement.where(columns.until_revision == FOREVER)
    return statement.where(
        columns.since_revision <= snapshot.revision, columns.until_revision > snapshot.revision
    )


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    columns = _REQUEST.c
    yield columns.withdrawn.is_(filters.withdrawn)
    if filters.donors:
        yield columns.donor.in_(filters.donors)
    if filters.kinds:
        yield columns.kind.in_([one.value for one in filters.kinds])
    if filters.states and filters.on is None:
        yield columns.state.in_([one.value for one in filters.states])
    if filters.is_windowed:
        yield columns.requested_first >= filters.window.first
        yield columns.requested_last <= filters.window.last
    if filters.text is not None:
        yield columns.search.contains(filters.text, autoescape=True)


def _is_after(order: Order, after: tuple[str | int, ...]) -> ColumnElement[bool]:
    column = _SORT_COLUMN[order.key]
    value, reference = after
    key = date.fromisoformat(str(value)) if order.key is SortKey.REQUESTED_ON else value
    if order.descending:
        return or_(column < key, and_(column == key, _REQUEST.c.reference < reference))
    return or_(column > key, and_(column == key, _REQUEST.c.reference > reference))


def _stored(row: Any) -> StoredRequest:
    return StoredRequest(
        request=read_record(json.loads(row.document)),
        revision=row.since_revision,
        recorded_at=row.recorded_at,
    )


def _close_versions() -> Any:
    return (
        update(_REQUEST)
        .where(_REQUEST.c.id == bindparam("of_id"), _REQUEST.c.version == bindparam("of_version"))
        .values(until_revision=bindparam("until"))
    )


def _version_row(request: LegislativeRequest, entry: Entry) -> dict[str, Any]:
    words = (
        request.title,
        request.reference,
        request.requesting_office,
        request.addressed_to,
        request.notes,
        *(vehicle.identifier for vehicle in request.vehicles),
    )
    state = Course(request).state
    return {
        "id": request.id,
        "version": request.version,
        "since_revision": entry.revision,
        "until_revision": FOREVER,
        "recorded_at": entry.recorded_at,
        "reference": request.reference,
        "donor": request.donor,
        "kind": request.kind.value,
        "state": state.value if state else None,
        "requested_first": request.requested.first,
        "requested_last": request.requested.last,
        "withdrawn": request.withdrawn,
        "search": fold(" ".join(filter(None, words))),
        "document": canonical_bytes(request_record(request)).decode(),
    }


def _chunks(items: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
