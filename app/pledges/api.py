"""``/v1/pledges``: record, list, read, amend, move, withdraw."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Contributor, Reader
from app.access.domain import Caller
from app.deps import ClockDep, ReadSessionDep, WriteSessionDep
from app.journal.deps import (
    SnapshotDep,
    answer_once,
    pinned_snapshot,
    read_call,
    snapshot_of,
    to_response,
)
from app.journal.domain import Answer, Snapshot
from app.journal.schemas import HistoryOut, history_json
from app.kernel.clock import format_instant
from app.kernel.errors import NotFoundError
from app.kernel.ids import new_id, parse_id
from app.kernel.page import Cursor, filters_digest
from app.pledges import schemas, service
from app.pledges.deps import Write, get_recorder
from app.pledges.domain import Command, StoredPledge, WithdrawMovement, WithdrawPledge
from app.pledges.domain.reading import is_reference
from app.pledges.service import Recorded
from app.wire import (
    StrictRoute,
    find_if_match,
    is_fresh,
    json_answer,
    not_modified,
    read_if_match,
    to_json,
)

router: Final = APIRouter(prefix="/v1/pledges", tags=["pledges"], route_class=StrictRoute)


@router.post("", status_code=201, response_model=schemas.OnePledgeOut, summary="Record a pledge")
async def record_pledge(request: Request, body: schemas.PledgeIn, caller: Contributor) -> Response:
    """Record one pledge; `status` posts the stages below it too."""
    return await _write(request, caller, body.to_command(new_id()), 201)


@router.post(
    "/batch", status_code=201, response_model=schemas.PledgePageOut, summary="Record many pledges"
)
def record_pledges(
    request: Request,
    body: schemas.PledgeBatchIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """Record up to 5,000 pledges, all or none; errors name their place as `/pledges/3/amount`."""

    def perform() -> Answer:
        commands = [pledge.to_command(new_id()) for pledge in body.pledges]
        recorded = service.record(
            session,
            commands,
            actor=caller.name,
            clock=clock,
            pointer=lambda index: f"/pledges/{index}",
        )
        last = recorded[-1].entry
        meta = {"revision": last.revision, "as_of": format_instant(last.recorded_at)}
        data = [schemas.pledge_json(one.stored) for one in recorded]
        return Answer(201, {}, to_json({"data": data, "next_cursor": None, "meta": meta}))

    return answer_once(request, session, clock, caller.name, perform)


@router.get("", response_model=schemas.PledgePageOut, summary="List pledges")
def list_pledges(
    request: Request,
    params: Annotated[schemas.PledgeListParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """A page of pledges. All pages of one walk show the same revision."""
    filters, order = params.to_filters(), params.to_order()
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
        page, end = service.list_pledges(
            session, filters, order, snapshot, after=after, limit=params.limit
        )
        issued_at = int(now.timestamp()) if now else 0
        following = Cursor(snapshot.revision, end, digest, issued_at).encode() if end else None
        data = [schemas.pledge_json(stored) for stored in page]
        return {
            "data": data,
            "next_cursor": following,
            "meta": {**snapshot.meta(), "sort": order.text},
        }

    return json_answer(request, snapshot.revision, build)


@router.get("/{pledge_id}", response_model=schemas.OnePledgeOut, summary="Read a pledge")
def get_pledge(
    request: Request,
    pledge_id: str,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
) -> Response:
    """One pledge, by id or by reference."""
    stored = service.get_pledge(session, _name(pledge_id), snapshot)
    tag = _etag(stored)
    if is_fresh(request, tag):
        return not_modified(tag)
    return Response(
        to_json(_one(stored)), 200, {"ETag": tag, "Cache-Control": "no-cache"}, "application/json"
    )


@router.patch("/{pledge_id}", response_model=schemas.OnePledgeOut, summary="Amend a pledge")
async def amend_pledge(
    request: Request,
    pledge_id: str,
    body: schemas.AmendmentIn,
    caller: Contributor,
) -> Response:
    """Change descriptive fields, reclassify, or restate the amount up or down, with a reason."""
    command = body.to_command(_id(pledge_id), read_if_match(request))
    return await _write(request, caller, command, 200)


@router.post(
    "/{pledge_id}/movements",
    status_code=201,
    response_model=schemas.OnePledgeOut,
    summary="Record a movement",
)
async def record_movement(
    request: Request,
    pledge_id: str,
    body: schemas.MovementIn,
    caller: Contributor,
) -> Response:
    """Commit, allocate, deliver or cancel (part of) a pledge. `If-Match` is honoured where it is sent."""
    command = body.to_command(_id(pledge_id), new_id(), find_if_match(request))
    return await _write(request, caller, command, 201)


@router.post(
    "/{pledge_id}/movements/{movement_id}/withdrawal",
    response_model=schemas.OnePledgeOut,
    summary="Withdraw a movement recorded in error",
)
async def withdraw_movement(
    request: Request,
    pledge_id: str,
    movement_id: str,
    body: schemas.WithdrawalIn,
    caller: Contributor,
) -> Response:
    """Its postings are reversed; its history stays. Needs `If-Match`."""
    command = WithdrawMovement(
        pledge_id=_id(pledge_id),
        movement_id=parse_id(movement_id, "movement"),
        reason=body.reason,
        expected_version=read_if_match(request),
    )
    return await _write(request, caller, command, 200)


@router.post(
    "/{pledge_id}/withdrawal",
    response_model=schemas.OnePledgeOut,
    summary="Withdraw a pledge recorded in error",
)
async def withdraw_pledge(
    request: Request,
    pledge_id: str,
    body: schemas.WithdrawalIn,
    caller: Contributor,
) -> Response:
    """Its postings are reversed; its history stays. Needs `If-Match`."""
    command = WithdrawPledge(
        pledge_id=_id(pledge_id), reason=body.reason, expected_version=read_if_match(request)
    )
    return await _write(request, caller, command, 200)


@router.get("/{pledge_id}/history", response_model=HistoryOut, summary="Read a pledge's history")
def list_pledge_history(
    request: Request,
    pledge_id: str,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
) -> Response:
    """Every entry: who, when, why, and what changed field by field."""
    stored = service.get_pledge(session, _name(pledge_id), snapshot)

    def build() -> dict[str, Any]:
        items = service.list_history(session, UUID(stored.document["id"]), snapshot)
        return history_json(items, snapshot)

    return json_answer(request, snapshot.revision, build)


async def _write(request: Request, caller: Caller, command: Command, status: int) -> Response:
    def present(recorded: Recorded) -> Answer:
        return _answer(recorded, status)

    call = read_call(request, caller.name)
    answer, repeated = await get_recorder(request).record(Write(call, command, present))
    return to_response(answer, repeated=repeated)


def _answer(recorded: Recorded, status: int) -> Answer:
    stored = recorded.stored
    headers = {"ETag": _etag(stored)}
    if status == HTTPStatus.CREATED:
        headers["Location"] = f"{router.prefix}/{recorded.pledge.id}"
    return Answer(status, headers, to_json(_one(stored)))


def _one(stored: StoredPledge) -> dict[str, Any]:
    """A pledge with ``meta``: the revision since which it has stood so, which makes the bytes depend on it alone."""
    meta = Snapshot(stored.revision, stored.recorded_at, is_head=False).meta()
    return schemas.pledge_json(stored) | {"meta": meta}


def _etag(stored: StoredPledge) -> str:
    return f'"{stored.document["version"]}"'


def _id(text: str) -> UUID:
    return parse_id(text, "pledge")


def _name(text: str) -> UUID | str:
    """An id or a reference. What can be neither names nothing, and is not looked up."""
    try:
        return parse_id(text, "pledge")
    except NotFoundError:
        if is_reference(text):
            return text
        raise
