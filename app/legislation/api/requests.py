"""``/v1/legislative-requests``: record, list, read, amend, and what happened to them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Contributor, Reader
from app.deps import ClockDep, ReadSessionDep, WriteSessionDep
from app.journal.deps import SnapshotDep, pinned_snapshot, snapshot_of
from app.journal.schemas import HistoryOut, history_json
from app.kernel.ids import parse_id
from app.kernel.page import Cursor, filters_digest
from app.legislation import schemas, service
from app.legislation.api.answers import (
    CREATED,
    PREFIX,
    etag,
    iso,
    one,
    read_request_id,
    read_request_name,
    write,
)
from app.legislation.domain import WithdrawAction, WithdrawLegislativeRequest
from app.legislation.errors import LegislativeRequestNotFoundError
from app.wire import (
    StrictRoute,
    find_if_match,
    is_fresh,
    json_answer,
    not_modified,
    read_if_match,
    to_json,
)

router: Final = APIRouter(prefix=PREFIX, tags=["legislation"], route_class=StrictRoute)


@router.post(
    "",
    status_code=CREATED,
    response_model=schemas.OneLegislativeRequestOut,
    summary="Record a legislative request",
)
def record_legislative_request(
    request: Request,
    body: schemas.LegislativeRequestIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """Record what a government asks of its parliament, with what already happened to it."""
    return write(request, session, caller.name, clock, body.to_command(), CREATED)


@router.get(
    "", response_model=schemas.LegislativeRequestPageOut, summary="List legislative requests"
)
def list_legislative_requests(
    request: Request,
    params: Annotated[schemas.ListParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """A page of requests. All pages of one walk show the same revision."""
    filters, order = params.to_filters(clock.today()), params.to_order()
    digest = filters_digest({**filters.to_json(), "sort": order.text, "as_of": params.as_of})
    # A walk that names its moment is the same for ever: its cursors neither age nor tell when they were made.
    now = None if params.as_of else clock.now()
    cursor = params.cursor and Cursor.decode(params.cursor, digest=digest, now=now)
    if cursor:
        snapshot = pinned_snapshot(request, session, cursor.revision)
    else:
        snapshot = snapshot_of(request, session, params.as_of)
    after = order.read_key(cursor.after) if cursor else ()

    def build() -> dict[str, Any]:
        page, end = service.list_requests(
            session, filters, order, snapshot, after=after, limit=params.limit
        )
        issued_at = int(now.timestamp()) if now else 0
        following = Cursor(snapshot.revision, end, digest, issued_at).encode() if end else None
        data = [schemas.request_json(stored, filters.on, filters.known_on) for stored in page]
        days = {"on": iso(filters.on), "known_on": iso(filters.known_on)}
        meta = {**snapshot.meta(), **days, "sort": order.text}
        return {"data": data, "next_cursor": following, "meta": meta}

    return json_answer(request, snapshot.revision, build)


@router.get(
    "/{request_id}",
    response_model=schemas.OneLegislativeRequestOut,
    summary="Read a legislative request",
)
def get_legislative_request(
    request: Request,
    request_id: str,
    params: Annotated[schemas.OneParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """One request, by id or by reference; with `on`, its state at the end of that day."""
    on, known_on = params.read_days(clock.today())
    snapshot = snapshot_of(request, session, params.as_of)
    stored = service.get_request(session, read_request_name(request_id), snapshot)
    if not stored.dossier.is_public(known_on):
        raise LegislativeRequestNotFoundError
    tag = etag(stored)
    if is_fresh(request, tag):
        return not_modified(tag)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    return Response(to_json(one(stored, on, known_on)), 200, headers, media_type="application/json")


@router.patch(
    "/{request_id}",
    response_model=schemas.OneLegislativeRequestOut,
    summary="Amend a legislative request",
)
def amend_legislative_request(
    request: Request,
    request_id: str,
    body: schemas.AmendmentIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """Change descriptive fields, or replace all lines or vehicles, with a reason."""
    command = body.to_command(read_request_id(request_id), read_if_match(request))
    return write(request, session, caller.name, clock, command, 200)


@router.post(
    "/{request_id}/actions",
    status_code=CREATED,
    response_model=schemas.OneLegislativeRequestOut,
    summary="Record an action",
)
def record_legislative_action(
    request: Request,
    request_id: str,
    body: schemas.ActionIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """Say what happened, and what the request became by it. `If-Match` is honoured where sent."""
    command = body.to_command(read_request_id(request_id), find_if_match(request))
    return write(request, session, caller.name, clock, command, CREATED)


@router.post(
    "/{request_id}/actions/{action_id}/withdrawal",
    response_model=schemas.OneLegislativeRequestOut,
    summary="Withdraw an action recorded in error",
)
def withdraw_legislative_action(
    request: Request,
    request_id: str,
    action_id: str,
    body: schemas.WithdrawalIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """It counts no longer; its history stays. The only way out of a final state."""
    command = WithdrawAction(
        request_id=read_request_id(request_id),
        action_id=parse_id(action_id, "action"),
        reason=body.reason,
        expected_version=find_if_match(request),
    )
    return write(request, session, caller.name, clock, command, 200)


@router.post(
    "/{request_id}/withdrawal",
    response_model=schemas.OneLegislativeRequestOut,
    summary="Withdraw a legislative request recorded in error",
)
def withdraw_legislative_request(
    request: Request,
    request_id: str,
    body: schemas.WithdrawalIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """For mistakes of record. A requester that takes its request back is an action."""
    command = WithdrawLegislativeRequest(
        request_id=read_request_id(request_id),
        reason=body.reason,
        expected_version=find_if_match(request),
    )
    return write(request, session, caller.name, clock, command, 200)


@router.get(
    "/{request_id}/timeline",
    response_model=schemas.TimelineOut,
    summary="Read a legislative request's timeline",
)
def get_legislative_timeline(
    request: Request,
    request_id: str,
    params: Annotated[schemas.OneParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """What happened to the request and to its vehicles, what it was after each step, and what is ahead."""
    asked, known_on = params.read_days(clock.today())
    snapshot = snapshot_of(request, session, params.as_of)
    on = asked or (snapshot.day if params.as_of else None) or clock.today()
    stored = service.get_request(session, read_request_name(request_id), snapshot)
    if not stored.dossier.is_public(known_on):
        raise LegislativeRequestNotFoundError

    def build() -> dict[str, Any]:
        days = {"on": iso(on), "known_on": iso(known_on)}
        told = schemas.timeline_json(stored.dossier, on, known_on)
        return told | {"meta": {**snapshot.meta(), **days}}

    return json_answer(request, snapshot.revision, build, beside=str(on))


@router.get(
    "/{request_id}/history",
    response_model=HistoryOut,
    summary="Read a legislative request's history",
)
def list_legislative_history(
    request: Request,
    request_id: str,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
) -> Response:
    """Every entry: who, when, why, and what changed field by field."""
    stored = service.get_request(session, read_request_name(request_id), snapshot)

    def build() -> dict[str, Any]:
        items = service.list_history(session, stored.request.id, snapshot)
        return history_json(items, snapshot)

    return json_answer(request, snapshot.revision, build)
