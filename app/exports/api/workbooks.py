"""The workbooks: reports, and the table of pledges to edit and import."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Reader
from app.deps import ClockDep, ReadSessionDep
from app.exports import schemas
from app.exports.api.answers import table_headers
from app.exports.changes import build_changes
from app.exports.donor import build_donor
from app.exports.legislation import build_legislation
from app.exports.summary import build_summary
from app.exports.timeline import build_timeline
from app.exports.twins import few_pledges_twin
from app.journal.deps import snapshot_of, snapshots_of
from app.journal.domain import Snapshot
from app.legislation.schemas import PendingFilterParams
from app.pledges.schemas import PledgeListParams
from app.wire import StrictRoute, etag, is_fresh, not_modified
from reports import pledge_table
from reports.kit.workbook import MEDIA_TYPE as XLSX
from reports.kit.workbook import to_bytes

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)


@router.get(
    "/pledges.xlsx", response_class=Response, summary="Pledges as a workbook to edit and import"
)
def get_pledges_workbook(
    request: Request,
    params: Annotated[PledgeListParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """All pledges that match, at most 9,999, as a table that `POST /v1/imports` reads again."""
    params.to_filters()
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(request, snapshot.revision)
    if is_fresh(request, tag):
        return not_modified(tag)
    twin = few_pledges_twin(session, params, snapshot, pledge_table.MAX_PLEDGES)
    content = to_bytes(pledge_table.build_table(twin.table.rows(), twin.snapshot.revision))
    return Response(content, 200, table_headers(tag, twin, ".xlsx"), XLSX)


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


def _workbook(name: str, snapshot: Snapshot, content: bytes) -> Response:
    file_name = f"aid-ledger-{name}-r{snapshot.revision}.xlsx"
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name}"',
        "Cache-Control": "no-cache",
    }
    return Response(content, 200, headers, XLSX)
