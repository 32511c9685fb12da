"""SQL on legislative requests."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, cast
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
    Dossier,
    LegislativeRequest,
    read_record,
    request_record,
)
from app.legislation.domain.query import Filters, Order, SortKey
from app.legislation.store.vehicles import StoredVehicle, chunks, load_vehicles
from app.legislation.tables import FOREVER, LegislativeRequestRow

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
        dossier: the request with the vehicles that it links to, as of the same moment.
        revision: of the entry that made the version.
        recorded_at: of that entry.
        vehicles_revision: of the newest entry of its vehicles; 0 where it has none.
    """

    dossier: Dossier
    revision: int
    recorded_at: datetime
    vehicles_revision: int = 0

    @property
    def request(self) -> LegislativeRequest:
        """The request alone."""
        return self.dossier.request


def load_states(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, LegislativeRequest]:
    """The current versions of these requests; those that do not exist are left out."""
    states: dict[UUID, LegislativeRequest] = {}
    for chunk in chunks(list(ids)):
        statement = select(_REQUEST.c.id, _REQUEST.c.document).where(
            _REQUEST.c.id.in_(chunk), _REQUEST.c.until_revision == FOREVER
        )
        for row in session.execute(statement):
            states[row.id] = read_record(json.loads(row.document))
    return states


def find_references(session: ReadSession, references: Collection[str]) -> dict[str, UUID]:
    """Which of these references are taken, and by which requests."""
    taken: dict[str, UUID] = {}
    for chunk in chunks(list(references)):
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
    return None if row is None else _stored(session, [row], snapshot)[0]


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
    # The state depends on actions of requests and vehicles, which only their documents hold.
    if not filters.looks_into_dossiers:
        statement = statement.limit(limit)
    rows = session.execute(statement)
    found = (
        one
        for chunk in iter(lambda: rows.fetchmany(_CHUNK), [])
        for one in _stored(session, chunk, snapshot)
    )
    return islice((one for one in found if filters.admits(one.dossier)), limit)


def iter_standing(
    session: ReadSession, snapshot: Snapshot, donors: Sequence[str] = ()
) -> Iterator[StoredRequest]:
    """Every request that was not recorded in error, by reference."""
    filters = Filters(donors=tuple(donors))
    return iter_requests(session, filters, Order(SortKey.REFERENCE, descending=False), snapshot)


def list_awaited(session: ReadSession, snapshot: Snapshot) -> list[StoredRequest]:
    """The requests that pledges hang on, by reference; without what was recorded in error."""
    columns = _REQUEST.c
    statement = _select_versions(snapshot).where(columns.awaited, ~columns.withdrawn)
    rows = session.execute(statement.order_by(columns.reference)).all()
    return _stored(session, rows, snapshot)


def list_related(
    session: ReadSession, requests: Sequence[LegislativeRequest], snapshot: Snapshot
) -> list[StoredRequest]:
    """The requests that these are related to, and those that are related to these, by reference.

    Only a document says to whom a request is related, so all of them are looked through.
    """
    columns = _REQUEST.c
    named = {relation.other_id for one in requests for relation in one.standing_relations}
    for_sure = columns.id.in_(named)
    perhaps = (columns.document.contains(f'"other_id":"{one.id}"') for one in requests)
    statement = _select_versions(snapshot).where(~columns.withdrawn, or_(for_sure, *perhaps))
    rows = session.execute(statement.order_by(columns.reference)).all()
    return _stored(session, rows, snapshot)


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


def _stored(session: ReadSession, rows: Sequence[Any], snapshot: Snapshot) -> list[StoredRequest]:
    """The requests of some rows, with their vehicles as of the same moment."""
    requests = [read_record(json.loads(row.document)) for row in rows]
    vehicles = load_vehicles(session, requests, snapshot)
    return [
        stored_request(request, vehicles, row.since_revision, row.recorded_at)
        for request, row in zip(requests, rows, strict=True)
    ]


def stored_request(
    request: LegislativeRequest,
    vehicles: Mapping[UUID, StoredVehicle],
    revision: int,
    recorded_at: datetime,
) -> StoredRequest:
    """A version of a request put together with its vehicles."""
    ids = [link.vehicle_id for link in request.vehicles if link.vehicle_id is not None]
    linked = {one: vehicles[one] for one in ids if one in vehicles}
    return StoredRequest(
        dossier=Dossier(request, {key: one.vehicle for key, one in linked.items()}),
        revision=revision,
        recorded_at=recorded_at,
        vehicles_revision=max((one.revision for one in linked.values()), default=0),
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
        *(link.name.identifier for link in request.vehicles),
    )
    return {
        "id": request.id,
        "version": request.version,
        "since_revision": entry.revision,
        "until_revision": FOREVER,
        "recorded_at": entry.recorded_at,
        "reference": request.reference,
        "donor": request.donor,
        "kind": request.kind.value,
        "requested_first": request.requested.first,
        "requested_last": request.requested.last,
        "withdrawn": request.withdrawn,
        "awaited": bool(request.standing_dependencies),
        "search": fold(" ".join(filter(None, words))),
        "document": canonical_bytes(request_record(request)).decode(),
    }
