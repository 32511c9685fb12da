"""``/v1/reports/pledges.xlsx`` and ``journal.xlsx``: sent while they are made, with checksums beside them."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from app.access.deps import Reader
from app.db import ReadSession
from app.deps import ReadSessionDep, get_database
from app.exports import streaming
from app.exports.api.answers import ledger_headers
from app.exports.schemas import JournalReportParams, PledgesReportParams
from app.exports.shelf import ExportShelf
from app.exports.streaming import StreamedReport
from app.journal.deps import snapshot_of
from app.wire import StrictRoute, etag, is_fresh, not_modified
from reports.kit.stream import FORMAT
from reports.kit.workbook import MEDIA_TYPE as XLSX

router: Final = APIRouter(prefix="/v1/reports", tags=["exports"], route_class=StrictRoute)
Pledges = Annotated[PledgesReportParams, Query()]
Journal = Annotated[JournalReportParams, Query()]


@router.get("/pledges.xlsx", response_class=StreamingResponse, summary="Every pledge as a workbook")
def get_pledges_report(
    request: Request, params: Pledges, session: ReadSessionDep, _caller: Reader
) -> Response:
    """Every pledge with all that is known of it, its stages converted; sent while it is made."""
    found = _pledges(request, params, session)
    return found if isinstance(found, Response) else _send(request, *found)


@router.get(
    "/pledges.xlsx.sha256",
    response_class=PlainTextResponse,
    summary="The checksum of the workbook of pledges",
)
def get_pledges_checksum(
    request: Request, params: Pledges, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The line that `sha256sum --check` reads. Name `as_of` in both calls, so that both are about one revision."""
    found = _pledges(request, params, session)
    return found if isinstance(found, Response) else _checksum(request, *found)


@router.get("/journal.xlsx", response_class=StreamingResponse, summary="The journal as a workbook")
def get_journal_report(
    request: Request, params: Journal, session: ReadSessionDep, _caller: Reader
) -> Response:
    """Every entry: when, who, what, why, and its hash; sent while it is made."""
    found = _journal(request, params, session)
    return found if isinstance(found, Response) else _send(request, *found)


@router.get(
    "/journal.xlsx.sha256",
    response_class=PlainTextResponse,
    summary="The checksum of the workbook of the journal",
)
def get_journal_checksum(
    request: Request, params: Journal, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The line that `sha256sum --check` reads. Name `as_of` in both calls, so that both are about one revision."""
    found = _journal(request, params, session)
    return found if isinstance(found, Response) else _checksum(request, *found)


Found = tuple[StreamedReport, str]


def _pledges(
    request: Request, params: PledgesReportParams, session: ReadSession
) -> Found | Response:
    query = params.to_query()
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(
        request, snapshot.revision, beside=streaming.describe_pledges(session, query, snapshot)
    )
    if is_fresh(request, tag):
        return not_modified(tag)
    return streaming.open_pledges(get_database(request), session, query, snapshot), tag


def _journal(
    request: Request, params: JournalReportParams, session: ReadSession
) -> Found | Response:
    snapshot = snapshot_of(request, session, params.as_of)
    tag = etag(request, snapshot.revision, beside=FORMAT)
    if is_fresh(request, tag):
        return not_modified(tag)
    return streaming.open_journal(get_database(request), snapshot), tag


def _send(request: Request, report: StreamedReport, tag: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{report.file_name}"'}
    headers = _headers(report, tag) | disposition
    return StreamingResponse(shelf_of(request).send(report), 200, headers, XLSX)


def _checksum(request: Request, report: StreamedReport, tag: str) -> Response:
    line = f"{shelf_of(request).checksum(report)}  {report.file_name}\n"
    return PlainTextResponse(line, 200, _headers(report, tag))


def shelf_of(request: Request) -> ExportShelf:
    """What this process keeps for its exports."""
    shelf: ExportShelf = request.app.state.exports
    return shelf


def _headers(report: StreamedReport, tag: str) -> dict[str, str]:
    """How many rows there will be is known before the first: whoever counts fewer has less than all."""
    return {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Aid-Ledger-Rows": str(report.count),
        **ledger_headers(report.snapshot),
    }
