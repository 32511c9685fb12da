"""The twins of the lists as CSV, and the workbooks."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.access.deps import Reader
from app.db import Database
from app.deps import ClockDep, ReadSessionDep, get_database
from app.exports import schemas, service
from app.exports.csv_text import MEDIA_TYPE, write_csv
from app.fx import service as fx
from app.journal.deps import snapshot_of, snapshots_of
from app.journal.domain import Snapshot
from app.legislation import service as legislation
from app.legislation.schemas import PendingParams, figures_json
from app.pledges import service as pledges
from app.pledges.domain.query import Filters, Order
from app.pledges.schemas import PledgeListParams
from app.totals import service as totals
from app.totals.schemas import ChangesParams, TotalsParams, changes_json, totals_json
from app.wire import StrictRoute, etag, is_fresh, not_modified

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/totals.csv", response_class=Response, summary="Totals as CSV")
def get_totals_csv(
    request: Request,
    params: Annotated[TotalsParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """The rows of `/v1/totals`, with measure and currency beside each figure."""
    query = params.to_query()
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(request, snapshot.revision, beside=str(fx.find_last_day(session, snapshot)))
    if is_fresh(request, tag):
        return not_modified(tag)
    answer = totals_json(totals.read_totals(session, query, snapshot), snapshot)
    columns, rows = schemas.totals_rows(answer)
    body = b"".join(write_csv(columns, rows, numbers=schemas.FIGURES))
    return Response(body, 200, _headers(tag, snapshot, "totals"), MEDIA_TYPE)


@router.get("/changes.csv", response_class=Response, summary="What made a total change, as CSV")
def get_changes_csv(
    request: Request,
    params: Annotated[ChangesParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """The rows of `/v1/changes`, with measure and currency beside each figure."""
    query = params.to_query()
    earlier, later = snapshots_of(request, session, params.from_, params.to)
    tag = etag(request, later.revision, beside=str(fx.find_last_day(session, later)))
    if is_fresh(request, tag):
        return not_modified(tag)
    changes = totals.read_changes(session, query, earlier, later)
    columns, rows = schemas.changes_rows(changes_json(changes, earlier, later))
    body = b"".join(write_csv(columns, rows, numbers=schemas.CHANGES_FIGURES))
    return Response(body, 200, _headers(tag, later, f"changes-r{earlier.revision}"), MEDIA_TYPE)


@router.get("/pledges.csv", response_class=StreamingResponse, summary="Pledges as CSV")
def get_pledges_csv(
    request: Request,
    params: Annotated[PledgeListParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """All pledges that match, whatever `limit` says, streamed."""
    filters, order = params.to_filters(), params.to_order()
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(request, snapshot.revision)
    if is_fresh(request, tag):
        return not_modified(tag)
    lines = _pledge_lines(get_database(request), filters, order, snapshot)
    return StreamingResponse(lines, 200, _headers(tag, snapshot, "pledges"), MEDIA_TYPE)


@router.get(
    "/legislative-requests/pending.csv", response_class=Response, summary="Pending amounts as CSV"
)
def get_pending_csv(
    request: Request,
    params: Annotated[PendingParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """The rows of `/v1/legislative-requests/pending`."""
    snapshot = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), snapshot.day)
    tag = etag(
        request, snapshot.revision, beside=f"{query.on} {fx.find_last_day(session, snapshot)}"
    )
    if is_fresh(request, tag):
        return not_modified(tag)
    answer = figures_json(legislation.read_pending(session, query, snapshot))
    columns, rows = schemas.pending_rows(answer)
    body = b"".join(write_csv(columns, rows, numbers=schemas.PENDING_FIGURES))
    return Response(body, 200, _headers(tag, snapshot, "pending"), MEDIA_TYPE)


@router.get("/reports/summary.xlsx", response_class=Response, summary="The summary workbook")
def get_summary(
    request: Request,
    params: Annotated[schemas.SummaryParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """Totals by donor and stage, commitments over time, every pledge, and pending requests, for Excel."""
    snapshot = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), snapshot.day)
    content = service.build_summary(session, query, snapshot, clock)
    headers = {
        "Content-Disposition": f'attachment; filename="aid-ledger-summary-r{snapshot.revision}.xlsx"',
        "Cache-Control": "no-cache",
    }
    return Response(content, 200, headers, XLSX)


def _pledge_lines(
    database: Database, filters: Filters, order: Order, snapshot: Snapshot
) -> Iterator[bytes]:
    """The lines, on a session of their own: the route's is closed before the last line is sent.

    The snapshot's revision is read as one of the past, so what is written meanwhile does not show.
    """
    pinned = Snapshot(snapshot.revision, snapshot.recorded_at, is_head=False)
    with database.reading() as session:
        rows = (
            schemas.pledge_row(one) for one in pledges.iter_pledges(session, filters, order, pinned)
        )
        yield from write_csv(schemas.PLEDGE_COLUMNS, rows, numbers=schemas.PLEDGE_NUMBERS)


def _headers(tag: str, snapshot: Snapshot, name: str) -> dict[str, str]:
    """A table cannot say which ledger it shows, so the headers do."""
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{name}-r{snapshot.revision}.csv"',
        "Aid-Ledger-Revision": str(snapshot.revision),
    }
    if snapshot.root is not None:
        root = b64encode(snapshot.root).decode()
        headers["Aid-Ledger-Checkpoint"] = f"{snapshot.revision} {root}"
    return headers
