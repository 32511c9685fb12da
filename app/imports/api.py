"""``/v1/imports``: send a file, ask what became of it, read its report."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from app import csv_text
from app.access.deps import Contributor, Reader
from app.deps import ClockDep, ReadSessionDep
from app.forms import receive_upload
from app.imports import kept, schemas, template
from app.imports.domain.runs import State
from app.imports.errors import RefusedRowsError
from app.imports.files.reading import annotate_workbook
from app.imports.jobs import ImportJobs, outcome
from app.imports.kept import Known
from app.imports.layouts import WIDEST
from app.imports.report_csv import report_csv
from app.imports.runs import Finished
from app.kernel.clock import format_instant
from app.kernel.errors import Finding
from app.kernel.ids import parse_id
from app.wire import StrictRoute, prefers_no_wait, to_json
from reports.kit.workbook import MEDIA_TYPE as XLSX

router: Final = APIRouter(prefix="/v1/imports", tags=["imports"], route_class=StrictRoute)
WAIT_SECONDS: Final = 10
RETRY_AFTER_SECONDS: Final = "2"
# Files that are not public yet: what they hold is for those who may record it.
_PRIVATE: Final = {"Cache-Control": "private, no-store"}
Page = Annotated[schemas.PageParams, Query()]


@router.post(
    "",
    status_code=201,
    response_model=schemas.ImportOut,
    summary="Import a file",
    responses={
        200: {
            "model": schemas.ImportOut,
            "description": "A dry run; or the ledger has all of it already.",
        },
        202: {
            "model": schemas.ImportOut,
            "description": "It takes longer; `Location` tells what becomes of it.",
        },
    },
    openapi_extra=schemas.FORM,
)
async def import_table(request: Request, caller: Contributor) -> Response:
    """Record what a table of pledges holds: all of it, or nothing where a row is refused; a second time nothing.

    `Prefer: respond-async` does not wait for the end.
    """
    jobs: ImportJobs = request.app.state.import_jobs
    with await run_in_threadpool(jobs.take_place) as place:
        upload = await receive_upload(request, max_bytes=WIDEST.file_bytes)
        place.hold(upload.file)
        order = schemas.read_order(upload.words, upload.file_name, caller.name)
        job, future = await run_in_threadpool(jobs.submit, place, upload.file, order)
    prefers_none = prefers_no_wait(request)
    finished = None if prefers_none else await outcome(future, WAIT_SECONDS)
    if finished is not None:
        return _answer(finished)
    headers = {**_PRIVATE, "Location": _address(job.id), "Retry-After": RETRY_AFTER_SECONDS}
    if prefers_none:
        headers["Preference-Applied"] = "respond-async"
    body = to_json(job.to_json(job.started_at))
    return Response(body, 202, headers, "application/json")


@router.get("", response_model=schemas.ImportPageOut, summary="List imports")
def list_imports(
    params: Page, session: ReadSessionDep, clock: ClockDep, _caller: Contributor
) -> Response:
    """All imports that recorded something, and those of the last day that did not; the newest first."""
    now = clock.now()
    after = schemas.read_cursor(params.cursor, now)
    page, end = kept.list_imports(session, after, params.limit, now)
    return _page([one.body for one in page], end and schemas.write_cursor(end, now), now)


@router.get(
    "/template.xlsx", response_class=Response, summary="The template, as a workbook to fill in"
)
def get_template_workbook(_caller: Reader) -> Response:
    """The columns with notes and lists to choose from, and an example that is not imported."""
    return Response(template.workbook(), 200, _attached("pledges.xlsx"), XLSX)


@router.get("/template.csv", response_class=Response, summary="The template, as CSV")
def get_template_csv(_caller: Reader) -> Response:
    """The columns, and an example that is not imported."""
    return Response(template.csv(), 200, _attached("pledges.csv"), csv_text.MEDIA_TYPE)


@router.get("/{import_id}", response_model=schemas.ImportOut, summary="Read an import")
def get_import(
    import_id: str, session: ReadSessionDep, clock: ClockDep, _caller: Contributor
) -> Response:
    """What became of a file, or that it is still being worked on."""
    known = kept.get_import(session, _id(import_id), clock.now())
    return Response(to_json(known.body), 200, _headers(known), "application/json")


@router.get(
    "/{import_id}/report", response_model=schemas.ReportPageOut, summary="Read an import's report"
)
def get_import_report(
    import_id: str, params: Page, session: ReadSessionDep, clock: ClockDep, _caller: Contributor
) -> Response:
    """Every row that is not as the ledger has it: what it became, what changes, what is wrong with which cell."""
    name, now = _id(import_id), clock.now()
    start = schemas.read_line_cursor(params.cursor, name, now)
    lines = islice(kept.get_report(session, name, now), start, start + params.limit + 1)
    page = [*lines]
    end = start + params.limit
    following = schemas.write_line_cursor(end, name, now) if len(page) > params.limit else None
    return _page(page[: params.limit], following, now)


@router.get(
    "/{import_id}/report.csv",
    response_class=StreamingResponse,
    summary="An import's report as CSV",
)
def get_import_report_csv(
    import_id: str, session: ReadSessionDep, clock: ClockDep, _caller: Contributor
) -> Response:
    """A line for every change and every finding."""
    name = _id(import_id)
    lines = report_csv(kept.get_report(session, name, clock.now()))
    return StreamingResponse(lines, 200, _file_headers(name, "csv"), csv_text.MEDIA_TYPE)


@router.get(
    "/{import_id}/report.xlsx",
    response_class=Response,
    summary="The file itself, with comments beside the cells",
)
def get_import_report_workbook(
    import_id: str, session: ReadSessionDep, clock: ClockDep, _caller: Contributor
) -> Response:
    """The workbook that was sent, with a comment and a colour at each cell that needs a look. It is kept for a day."""
    name, now = _id(import_id), clock.now()
    findings = [one for line in kept.get_report(session, name, now) for one in line["findings"]]
    content = kept.get_workbook(session, name, now)
    return Response(annotate_workbook(content, findings), 200, _file_headers(name, "xlsx"), XLSX)


def _answer(finished: Finished) -> Response:
    """What became of a file.

    Raises:
        RefusedRowsError: nothing, because of some of its rows.
    """
    run, state = finished.run, finished.run.result.state
    if state is State.REFUSED:
        raise RefusedRowsError([*_findings(finished)], _address(run.id))
    # What was recorded before comes without rows of its own.
    is_new = state is State.RECORDED and bool(finished.report.counts)
    headers = {**_PRIVATE, "Location": _address(run.id)}
    return Response(to_json(run.to_json()), 201 if is_new else 200, headers, "application/json")


def _findings(finished: Finished) -> Iterator[Finding]:
    """The errors by their cells; what stands there is in the report, and in no refusal."""
    for one in finished.report.errors:
        place = {"row": one.row, "cell": one.cell}
        yield Finding("/file", one.code, one.detail, place)


def _page(data: list[Any], following: str | None, now: datetime) -> Response:
    body = {"data": data, "next_cursor": following, "meta": {"as_of": format_instant(now)}}
    return Response(to_json(body), 200, _PRIVATE, "application/json")


def _headers(known: Known) -> dict[str, str]:
    return _PRIVATE | ({"Retry-After": RETRY_AFTER_SECONDS} if known.is_unfinished else {})


def _file_headers(name: UUID, suffix: str) -> dict[str, str]:
    return _PRIVATE | _attached(f"import-{name}.{suffix}")


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _address(name: UUID) -> str:
    return f"{router.prefix}/{name}"


def _id(text: str) -> UUID:
    return parse_id(text, "import")
