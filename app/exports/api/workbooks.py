"""``/v1/pledges.xlsx``: the table of pledges to edit and import."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Reader
from app.deps import ReadSessionDep
from app.exports.api.answers import table_headers
from app.exports.twins import few_pledges_twin
from app.journal.deps import snapshot_of
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
