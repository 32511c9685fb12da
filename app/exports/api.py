"""The twins of the lists, as CSV and as data packages, the workbooks, and the bundle that checks them all."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app import csv_text
from app.access.deps import Reader
from app.db import ReadSession
from app.deps import ClockDep, ReadSessionDep, get_database
from app.exports import package, schemas, twins
from app.exports.bundle import write_bundle
from app.exports.changes import build_changes
from app.exports.donor import build_donor
from app.exports.legislation import build_legislation
from app.exports.summary import build_summary
from app.exports.timeline import build_timeline
from app.exports.twins import Twin
from app.fx import service as fx
from app.fx.schemas import RatesParams
from app.journal.deps import snapshot_of, snapshots_of
from app.journal.domain import Snapshot
from app.kernel.canonical import Json
from app.kernel.clock import Clock
from app.legislation.schemas import PendingFilterParams, PendingParams
from app.pledges.schemas import PledgeListParams
from app.totals.schemas import ChangesParams, TotalsParams
from app.transparency import service as transparency
from app.wire import StrictRoute, etag, immutable, is_fresh, not_modified
from reports import pledge_table
from reports.kit.workbook import MEDIA_TYPE as XLSX
from reports.kit.workbook import to_bytes

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)
_IN_MEMORY: Final = 4 * 2**20
_PIECE: Final = 64 * 2**10


class Zip(StreamingResponse):
    """A zip file."""

    media_type = package.MEDIA_TYPE


Totals = Annotated[TotalsParams, Query()]
Changes = Annotated[ChangesParams, Query()]
Pledges = Annotated[PledgeListParams, Query()]
Pending = Annotated[PendingParams, Query()]
Rates = Annotated[RatesParams, Query()]


@router.get("/totals.csv", response_class=Response, summary="Totals as CSV")
def get_totals_csv(
    request: Request, params: Totals, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The rows of `/v1/totals`, with measure and currency beside each figure."""
    return _totals(request, params, session, _as_csv)


@router.get("/totals.zip", response_class=Response, summary="Totals as a data package")
def get_totals_package(
    request: Request, params: Totals, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The CSV in a Frictionless Data Package, which says of which revision it is."""
    return _totals(request, params, session, _as_package)


@router.get("/changes.csv", response_class=Response, summary="What made a total change, as CSV")
def get_changes_csv(
    request: Request, params: Changes, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The rows of `/v1/changes`, with measure and currency beside each figure."""
    return _changes(request, params, session, _as_csv)


@router.get("/changes.zip", response_class=Response, summary="The same as a data package")
def get_changes_package(
    request: Request, params: Changes, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The CSV in a Frictionless Data Package, which says of which revisions it is."""
    return _changes(request, params, session, _as_package)


@router.get("/pledges.csv", response_class=StreamingResponse, summary="Pledges as CSV")
def get_pledges_csv(
    request: Request, params: Pledges, session: ReadSessionDep, _caller: Reader
) -> Response:
    """All pledges that match, whatever `limit` says, streamed."""
    return _pledges(request, params, session, _as_csv)


@router.get(
    "/pledges.xlsx", response_class=Response, summary="Pledges as a workbook to edit and import"
)
def get_pledges_workbook(
    request: Request, params: Pledges, session: ReadSessionDep, _caller: Reader
) -> Response:
    """All pledges that match, at most 9,999, as a table that `POST /v1/imports` reads again."""
    return _pledges(request, params, session, _as_workbook, most=pledge_table.MAX_PLEDGES)


@router.get("/pledges.zip", response_class=StreamingResponse, summary="Pledges as a data package")
def get_pledges_package(
    request: Request, params: Pledges, session: ReadSessionDep, _caller: Reader
) -> Response:
    """All pledges that match in a Frictionless Data Package, which says of which revision they are."""
    return _pledges(request, params, session, _as_package)


@router.get(
    "/legislative-requests/pending.csv", response_class=Response, summary="Pending amounts as CSV"
)
def get_pending_csv(
    request: Request, params: Pending, session: ReadSessionDep, clock: ClockDep, _caller: Reader
) -> Response:
    """The rows of `/v1/legislative-requests/pending`."""
    return _pending(request, params, session, clock, _as_csv)


@router.get(
    "/legislative-requests/pending.zip",
    response_class=Response,
    summary="Pending amounts as a data package",
)
def get_pending_package(
    request: Request, params: Pending, session: ReadSessionDep, clock: ClockDep, _caller: Reader
) -> Response:
    """The CSV in a Frictionless Data Package, which says of which revision it is."""
    return _pending(request, params, session, clock, _as_package)


@router.get("/fx/rates.csv", response_class=StreamingResponse, summary="Exchange rates as CSV")
def get_rates_csv(
    request: Request, params: Rates, session: ReadSessionDep, _caller: Reader
) -> Response:
    """All rates that match, whatever `limit` says, streamed."""
    return _rates(request, params, session, _as_csv)


@router.get(
    "/fx/rates.zip", response_class=StreamingResponse, summary="Exchange rates as a data package"
)
def get_rates_package(
    request: Request, params: Rates, session: ReadSessionDep, _caller: Reader
) -> Response:
    """All rates that match in a Frictionless Data Package."""
    return _rates(request, params, session, _as_package)


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
    return _workbook("summary", snapshot, build_summary(session, query, snapshot, clock))


@router.get(
    "/reports/timeline.xlsx", response_class=Response, summary="The workbook of aid over time"
)
def get_timeline(
    request: Request,
    params: Annotated[schemas.TimelineParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """One stage by month, quarter and year, in each period and running, for Excel."""
    snapshot = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), snapshot.day)
    return _workbook("timeline", snapshot, build_timeline(session, query, snapshot, clock))


@router.get("/reports/donor.xlsx", response_class=Response, summary="The workbook on one donor")
def get_donor(
    request: Request,
    params: Annotated[schemas.DonorParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """A donor's totals, its commitments over time, every pledge, its requests and the latest changes, for Excel."""
    snapshot = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), snapshot.day)
    name = f"donor-{query.filters.donors[0]}"
    return _workbook(name, snapshot, build_donor(session, query, snapshot, clock))


@router.get(
    "/reports/changes.xlsx", response_class=Response, summary="The workbook on what changed"
)
def get_changes_report(
    request: Request,
    params: Annotated[schemas.ChangesReportParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """A total at two revisions side by side, by donor, and what led from one to the other, for Excel."""
    query = params.to_query()
    earlier, later = snapshots_of(request, session, params.from_, params.to)
    content = build_changes(session, query, earlier, later, clock)
    return _workbook(f"changes-r{earlier.revision}", later, content)


@router.get(
    "/reports/legislation.xlsx", response_class=Response, summary="The legislation workbook"
)
def get_legislation(
    request: Request,
    params: Annotated[PendingFilterParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """What is pending, every request with its age, its timeline, what became of it, and its lines, for Excel."""
    snapshot = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), snapshot.day)
    return _workbook("legislation", snapshot, build_legislation(session, query, snapshot, clock))


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
    headers = {
        "ETag": tag,
        # A checkpoint has one bundle for ever.
        "Cache-Control": "no-cache" if size is None else immutable(request),
        "Content-Disposition": f'attachment; filename="aid-ledger-r{signed.size}.zip"',
    }
    return _send_zip(lambda file: write_bundle(session, file, signed), headers)


Answer = Callable[[Request, str, Twin], Response]


def _workbook(name: str, snapshot: Snapshot, content: bytes) -> Response:
    file_name = f"aid-ledger-{name}-r{snapshot.revision}.xlsx"
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name}"',
        "Cache-Control": "no-cache",
    }
    return Response(content, 200, headers, XLSX)


def _totals(
    request: Request, params: TotalsParams, session: ReadSession, answer: Answer
) -> Response:
    params.to_query()
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(request, snapshot.revision, beside=fx.describe_state(session, snapshot))
    if is_fresh(request, tag):
        return not_modified(tag)
    return answer(request, tag, twins.totals_twin(session, params, snapshot))


def _changes(
    request: Request, params: ChangesParams, session: ReadSession, answer: Answer
) -> Response:
    params.to_query()
    earlier, later = snapshots_of(request, session, params.from_, params.to)
    tag = etag(request, later.revision, beside=fx.describe_state(session, later))
    if is_fresh(request, tag):
        return not_modified(tag)
    return answer(request, tag, twins.changes_twin(session, params, earlier, later))


def _pledges(
    request: Request,
    params: PledgeListParams,
    session: ReadSession,
    answer: Answer,
    *,
    most: int | None = None,
) -> Response:
    """All pledges as they are read; or, where there may be so many at most, all at once."""
    params.to_filters()
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(request, snapshot.revision)
    if is_fresh(request, tag):
        return not_modified(tag)
    if most is None:
        twin = twins.pledges_twin(get_database(request), params, snapshot)
    else:
        twin = twins.few_pledges_twin(session, params, snapshot, most)
    return answer(request, tag, twin)


def _pending(
    request: Request, params: PendingParams, session: ReadSession, clock: Clock, answer: Answer
) -> Response:
    snapshot = snapshot_of(request, session, params.as_of)
    on = params.to_query(clock.today(), snapshot.day).on
    beside = f"{on} {fx.describe_state(session, snapshot)}"
    tag = etag(request, snapshot.revision, beside=beside)
    if is_fresh(request, tag):
        return not_modified(tag)
    return answer(request, tag, twins.pending_twin(session, params, snapshot, clock.today()))


def _rates(request: Request, params: RatesParams, session: ReadSession, answer: Answer) -> Response:
    params.to_filters()
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(request, snapshot.revision, beside=fx.describe_state(session, snapshot))
    if is_fresh(request, tag):
        return not_modified(tag)
    twin = twins.rates_twin(get_database(request), session, params, snapshot)
    return answer(request, tag, twin)


def _as_csv(_request: Request, tag: str, twin: Twin) -> Response:
    return StreamingResponse(twin.lines(), 200, _headers(tag, twin, ".csv"), csv_text.MEDIA_TYPE)


def _as_workbook(_request: Request, tag: str, twin: Twin) -> Response:
    content = to_bytes(pledge_table.build_table(twin.rows(), twin.snapshot.revision))
    return Response(content, 200, _headers(tag, twin, ".xlsx"), XLSX)


def _as_package(request: Request, tag: str, twin: Twin) -> Response:
    question: Json = {"path": request.url.path, **dict(request.query_params)}
    headers = _headers(tag, twin, ".zip")
    return _send_zip(lambda file: package.write_package(twin, file, question), headers)


def _send_zip(write: Callable[[IO[bytes]], None], headers: dict[str, str]) -> Response:
    """Write a zip file, on the disk where it is large, and send it."""
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- closed once it is sent
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    return Zip(_pieces(file), 200, headers | {"Content-Length": str(file.tell())})


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _headers(tag: str, twin: Twin, suffix: str) -> dict[str, str]:
    """A table cannot say which ledger it shows, so the headers do."""
    snapshot = twin.snapshot
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{twin.file_name}{suffix}"',
        "Aid-Ledger-Revision": str(snapshot.revision),
    }
    if twin.conversion:
        headers["Aid-Ledger-Conversion"] = _describe_conversion(twin.conversion)
    if snapshot.root is not None:
        root = b64encode(snapshot.root).decode()
        headers["Aid-Ledger-Checkpoint"] = f"{snapshot.revision} {root}"
    return headers


def _describe_conversion(conversion: Mapping[str, Any]) -> str:
    """``EUR; fx=effective; prices=2022; left_apart=USD 100.00``."""
    parts = [conversion["currency"], f"fx={conversion['fx']}"]
    if "prices" in conversion:
        parts.append(f"prices={conversion['prices']['year']}")
    parts += [
        f"left_apart={one['currency']} {one['amount']}" for one in conversion.get("left_apart", ())
    ]
    return "; ".join(parts)
