"""``/v1/vehicles``: bills, budgets and committee decisions, and what happened to them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Contributor, Reader
from app.deps import ClockDep, ReadSessionDep, WriteSessionDep
from app.journal.deps import SnapshotDep, pinned_snapshot, snapshot_of
from app.journal.schemas import HistoryOut, history_json
from app.kernel.ids import parse_id
from app.kernel.page import Cursor, InvalidCursorError, filters_digest
from app.legislation import schemas, service
from app.legislation.api.answers import (
    CREATED,
    VEHICLES,
    one_vehicle,
    read_vehicle_id,
    vehicle_etag,
    write_vehicle,
)
from app.legislation.domain import VehicleName, WithdrawVehicleAction
from app.wire import (
    StrictRoute,
    find_if_match,
    is_fresh,
    json_answer,
    not_modified,
    read_if_match,
    to_json,
)

router: Final = APIRouter(prefix=VEHICLES, tags=["legislation"], route_class=StrictRoute)


@router.post(
    "", status_code=CREATED, response_model=schemas.OneVehicleOut, summary="Record a vehicle"
)
def record_vehicle(
    request: Request,
    body: schemas.VehicleIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """Record a bill, a budget or a committee decision, with what already happened to it."""
    return write_vehicle(request, session, caller.name, clock, body.to_command(), CREATED)


@router.get("", response_model=schemas.VehiclePageOut, summary="List vehicles")
def list_vehicles(
    request: Request,
    params: Annotated[schemas.VehicleListParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """A page of vehicles, by name. All pages of one walk show the same revision."""
    filters = params.to_filters()
    digest = filters_digest({**filters.to_json(), "as_of": params.as_of})
    # A walk that names its moment is the same for ever: its cursors neither age nor tell when they were made.
    now = None if params.as_of else clock.now()
    cursor = params.cursor and Cursor.decode(params.cursor, digest=digest, now=now)
    if cursor:
        snapshot = pinned_snapshot(request, session, cursor.revision)
    else:
        snapshot = snapshot_of(request, session, params.as_of)
    after = _read_key(cursor.after) if cursor else None

    def build() -> dict[str, Any]:
        page, end = service.list_vehicles(
            session, filters, snapshot, after=after, limit=params.limit
        )
        issued_at = int(now.timestamp()) if now else 0
        following = Cursor(snapshot.revision, tuple(end), digest, issued_at) if end else None
        return {
            "data": [schemas.vehicle_json(stored) for stored in page],
            "next_cursor": following.encode() if following else None,
            "meta": snapshot.meta(),
        }

    return json_answer(request, snapshot.revision, build)


@router.get("/{vehicle_id}", response_model=schemas.OneVehicleOut, summary="Read a vehicle")
def get_vehicle(
    request: Request,
    vehicle_id: str,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
) -> Response:
    """One vehicle, with its own state, whatever it carries."""
    stored = service.get_vehicle(session, read_vehicle_id(vehicle_id), snapshot)
    tag = vehicle_etag(stored)
    if is_fresh(request, tag):
        return not_modified(tag)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    return Response(to_json(one_vehicle(stored)), 200, headers, media_type="application/json")


@router.patch("/{vehicle_id}", response_model=schemas.OneVehicleOut, summary="Amend a vehicle")
def amend_vehicle(
    request: Request,
    vehicle_id: str,
    body: schemas.VehicleAmendmentIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """Change descriptive fields, with a reason. Its name stays."""
    command = body.to_command(read_vehicle_id(vehicle_id), read_if_match(request))
    return write_vehicle(request, session, caller.name, clock, command, 200)


@router.post(
    "/{vehicle_id}/actions",
    status_code=CREATED,
    response_model=schemas.OneVehicleOut,
    summary="Record actions of a vehicle",
)
def record_vehicle_actions(
    request: Request,
    vehicle_id: str,
    body: schemas.VehicleActionsIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """Say what happened to it, all or nothing. Every request that it carries follows."""
    command = body.to_command(read_vehicle_id(vehicle_id), find_if_match(request))
    return write_vehicle(request, session, caller.name, clock, command, CREATED)


@router.post(
    "/{vehicle_id}/actions/{action_id}/withdrawal",
    response_model=schemas.OneVehicleOut,
    summary="Withdraw an action of a vehicle recorded in error",
)
def withdraw_vehicle_action(
    request: Request,
    vehicle_id: str,
    action_id: str,
    body: schemas.WithdrawalIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """It counts no longer; its history stays."""
    command = WithdrawVehicleAction(
        vehicle_id=read_vehicle_id(vehicle_id),
        action_id=parse_id(action_id, "action"),
        reason=body.reason,
        expected_version=find_if_match(request),
    )
    return write_vehicle(request, session, caller.name, clock, command, 200)


@router.get("/{vehicle_id}/history", response_model=HistoryOut, summary="Read a vehicle's history")
def list_vehicle_history(
    request: Request,
    vehicle_id: str,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
) -> Response:
    """Every entry: who, when, why, and what changed field by field."""
    stream_id = read_vehicle_id(vehicle_id)
    service.get_vehicle(session, stream_id, snapshot)

    def build() -> dict[str, Any]:
        items = service.list_vehicle_history(session, stream_id, snapshot)
        return history_json(items, snapshot)

    return json_answer(request, snapshot.revision, build)


def _read_key(after: tuple[str | int, ...]) -> VehicleName:
    """The name that a cursor holds.

    Raises:
        InvalidCursorError: it is of another shape; somebody made it by hand.
    """
    parts = [part for part in after if isinstance(part, str)]
    if len(after) != len(VehicleName._fields) or len(parts) != len(after):
        raise InvalidCursorError("The cursor is malformed.", reason="malformed")
    return VehicleName(*parts)
