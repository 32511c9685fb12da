"""The twins of the lists as CSV, the workbooks, and the bundle that checks them all."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.access.deps import Reader
from app.db import Database
from app.deps import ClockDep, ReadSessionDep, get_database
from app.exports import schemas, service
from app.exports.bundle import write_bundle
from app.exports.csv_text import MEDIA_TYPE, write_csv
from app.fx import service as fx
from app.journal.deps import snapshot_of
from app.journal.domain import Snapshot
from app.legislation import service as legislation
from app.legislation.schemas import PendingParams, figures_json
from app.pledges import service as pledges
from app.pledges.domain.query import Filters, Order
from app.pledges.schemas import PledgeListParams
from app.totals import service as totals
from app.totals.schemas import TotalsParams, totals_json
from app.transparency import service as transparency
from app.wire import StrictRoute, etag, immutable, is_fresh, not_modified

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# So much of a bundle is kept in memory; the rest waits on disk until it is sent.
_SPOOLED: Final = 2**20
_PIECE: Final = 2**16


class Zip(StreamingResponse):
    """A zip file."""

    media_type = "application/zip"


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
    return Response(body, 200, _headers(tag, f"totals-r{snapshot.revision}.csv"), MEDIA_TYPE)


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
    return StreamingResponse(
        lines, 200, _headers(tag, f"pledges-r{snapshot.revision}.csv"), MEDIA_TYPE
    )


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
    return Response(body, 200, _headers(tag, f"pending-r{snapshot.revision}.csv"), MEDIA_TYPE)


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


@router.get("/log/bundle", response_class=Zip, summary="The ledger, to be checked offline")
def get_ledger_bundle(
    request: Request,
    session: ReadSessionDep,
    _caller: Reader,
    size: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
) -> Response:
    """All entries up to the newest checkpoint, or to that of `size`, with the exchange rates they need and totals."""
    if size is None:
        signed = transparency.get_newest_checkpoint(session)
    else:
        signed = transparency.get_checkpoint(session, size, "?size")
    tag = etag(request, signed.size)
    if is_fresh(request, tag):
        return not_modified(tag)
    file = SpooledTemporaryFile(_SPOOLED)  # noqa: SIM115 -- closed once it is sent
    try:
        write_bundle(session, file, signed)
    except BaseException:
        file.close()
        raise
    headers = _headers(tag, f"aid-ledger-r{signed.size}.zip") | {"Content-Length": str(file.tell())}
    if size is not None:
        # A checkpoint has one bundle for ever.
        headers["Cache-Control"] = immutable(request)
    return Zip(_pieces(file), 200, headers)


def _pieces(file: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


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


def _headers(tag: str, name: str) -> dict[str, str]:
    return {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
