"""The twins of the lists, as CSV and as data packages."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app import csv_text
from app.access.deps import Reader
from app.db import ReadSession
from app.deps import ClockDep, ReadSessionDep, get_database
from app.exports import package, twins
from app.exports.api.answers import send_zip, table_headers
from app.exports.twins import Twin
from app.fx import service as fx
from app.fx.schemas import RatesParams
from app.journal.deps import snapshot_of, snapshots_of
from app.kernel.canonical import Json
from app.kernel.clock import Clock
from app.legislation.schemas import PendingParams
from app.pledges.schemas import PledgeListParams
from app.totals.schemas import ChangesParams, TotalsParams
from app.wire import StrictRoute, etag, is_fresh, not_modified

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)


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


Answer = Callable[[Request, str, Twin], Response]


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
    request: Request, params: PledgeListParams, session: ReadSession, answer: Answer
) -> Response:
    params.to_filters()
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(request, snapshot.revision)
    if is_fresh(request, tag):
        return not_modified(tag)
    return answer(request, tag, twins.pledges_twin(get_database(request), params, snapshot))


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
    return StreamingResponse(
        twin.lines(), 200, table_headers(tag, twin, ".csv"), csv_text.MEDIA_TYPE
    )


def _as_package(request: Request, tag: str, twin: Twin) -> Response:
    question: Json = {"path": request.url.path, **dict(request.query_params)}
    headers = table_headers(tag, twin, ".zip")
    return send_zip(lambda file: package.write_package(twin, file, question), headers)
