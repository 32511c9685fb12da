"""``/v1/pledges.iati.xml``: pledges as activities of IATI 2.03."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.access.deps import Reader
from app.deps import ReadSessionDep, get_database
from app.exports.iati.activities import ReportingOrg
from app.exports.iati.writing import MEDIA_TYPE, list_appropriations, write_activities
from app.journal.deps import snapshot_of
from app.pledges import service as pledges
from app.pledges.schemas import PledgeListParams
from app.settings import Settings
from app.wire import StrictRoute, etag, is_fresh, not_modified

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)


@router.get("/pledges.iati.xml", response_class=StreamingResponse, summary="Pledges for IATI")
def get_pledges_for_iati(
    request: Request,
    params: Annotated[PledgeListParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """All pledges that match as IATI 2.03 activities, streamed."""
    filters, order = params.to_filters(), params.to_order()
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(request, snapshot.revision)
    if is_fresh(request, tag):
        return not_modified(tag)
    appropriations = list_appropriations(session, snapshot)
    database = get_database(request)
    # Of the past, so that what is written meanwhile does not show.
    pinned = replace(snapshot, is_head=False)

    def pieces() -> Iterator[bytes]:
        with database.reading() as streaming:
            stored = pledges.iter_pledges(streaming, filters, order, pinned)
            yield from write_activities(stored, _org(request), appropriations, snapshot)

    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="pledges-r{snapshot.revision}.iati.xml"',
        "Aid-Ledger-Revision": str(snapshot.revision),
    }
    return StreamingResponse(pieces(), 200, headers, MEDIA_TYPE)


def _org(request: Request) -> ReportingOrg:
    settings: Settings = request.app.state.settings
    return ReportingOrg(
        ref=settings.iati_org, kind=settings.iati_org_type, name=settings.iati_org_name
    )
