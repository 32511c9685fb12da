"""``/v1/legislative-requests``: record, list, read, amend, what happened, what is pending."""

import re
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Contributor, Reader
from app.deps import ClockDep, ReadSessionDep, WriteSessionDep
from app.fx import service as fx
from app.journal.deps import SnapshotDep, answer_once, pinned_snapshot, snapshot_of
from app.journal.domain import Answer, Snapshot
from app.journal.schemas import HistoryOut, history_json
from app.kernel.ids import parse_id
from app.kernel.page import Cursor, filters_digest
from app.legislation import schemas, service
from app.legislation.domain import (
    Command,
    WithdrawAction,
    WithdrawLegislativeRequest,
    is_reference,
)
from app.legislation.errors import LegislativeRequestNotFoundError
from app.legislation.service import Recorded
from app.legislation.store import StoredRequest
from app.wire import (
    StrictRoute,
    find_if_match,
    is_fresh,
    json_answer,
    not_modified,
    read_if_match,
    to_json,
)

router: Final = APIRouter(
    prefix="/v1/legislative-requests", tags=["legislation"], route_class=StrictRoute
)
_CANONICAL_ID: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CREATED: Final = 201


@router.post(
    "",
    status_code=_CREATED,
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
    return _write(request, session, caller.name, clock, body.to_command(), _CREATED)


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
        data = [schemas.request_json(stored, filters.on) for stored in page]
        meta = {**snapshot.meta(), "on": _iso(filters.on), "sort": order.text}
        return {"data": data, "next_cursor": following, "meta": meta}

    return json_answer(request, snapshot.revision, build)


@router.get("/pending", response_model=schemas.PendingOut, summary="What is pending on a day")
def get_pending_amounts(
    request: Request,
    params: Annotated[schemas.PendingParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """Money and authority that parliaments have still to decide. Never part of a pledge total."""
    snapshot = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), snapshot.day)

    def build() -> dict[str, Any]:
        return schemas.figures_json(service.read_pending(session, query, snapshot))

    # Today and the exchange rates move without a revision.
    beside = f"{query.on} {fx.describe_state(session, snapshot)}"
    return json_answer(request, snapshot.revision, build, beside=beside)


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
    on = params.read_on(clock.today())
    snapshot = snapshot_of(request, session, params.as_of)
    stored = service.get_request(session, _name(request_id), snapshot)
    tag = _etag(stored)
    if is_fresh(request, tag):
        return not_modified(tag)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    return Response(to_json(_one(stored, on)), 200, headers, media_type="application/json")


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
    command = body.to_command(_id(request_id), read_if_match(request))
    return _write(request, session, caller.name, clock, command, 200)


@router.post(
    "/{request_id}/actions",
    status_code=_CREATED,
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
    command = body.to_command(_id(request_id), find_if_match(request))
    return _write(request, session, caller.name, clock, command, _CREATED)


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
        request_id=_id(request_id),
        action_id=parse_id(action_id, "action"),
        reason=body.reason,
        expected_version=find_if_match(request),
    )
    return _write(request, session, caller.name, clock, command, 200)


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
        request_id=_id(request_id), reason=body.reason, expected_version=find_if_match(request)
    )
    return _write(request, session, caller.name, clock, command, 200)


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
    stored = service.get_request(session, _name(request_id), snapshot)

    def build() -> dict[str, Any]:
        items = service.list_history(session, stored.request.id, snapshot)
        return history_json(items, snapshot)

    return json_answer(request, snapshot.revision, build)


def _write(
    request: Request,
    session: WriteSessionDep,
    actor: str,
    clock: ClockDep,
    command: Command,
    status: int,
) -> Response:
    def perform() -> Answer:
        [recorded] = service.record(session, [command], actor=actor, clock=clock)
        return _answer(recorded, status)

    return answer_once(request, session, clock, actor, perform)


def _answer(recorded: Recorded, status: int) -> Answer:
    headers = {"ETag": _etag(recorded.stored)}
    if status == _CREATED:
        headers["Location"] = f"{router.prefix}/{recorded.request.id}"
    return Answer(status, headers, to_json(_one(recorded.stored, None)))


def _one(stored: StoredRequest, on: date | None) -> dict[str, Any]:
    """A request with ``meta``: since which revision it stands so. Equal tags mean equal bytes."""
    meta = Snapshot(stored.revision, stored.recorded_at, is_head=False).meta()
    return schemas.request_json(stored, on) | {"meta": {**meta, "on": _iso(on)}}


def _etag(stored: StoredRequest) -> str:
    return f'"{stored.request.version}"'


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _id(text: str) -> UUID:
    return parse_id(text, "legislative request")


def _name(text: str) -> UUID | str:
    """An id or a reference. What can be neither names nothing."""
    if _CANONICAL_ID.fullmatch(text):
        return UUID(text)
    if not is_reference(text):
        raise LegislativeRequestNotFoundError
    return text
