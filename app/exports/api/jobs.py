"""``/v1/report-jobs``: reports that take long, made while nobody waits."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse

from app.access.deps import Reader
from app.deps import ClockDep, ReadSessionDep, get_clock, get_database
from app.exports.asked import AskedReport
from app.exports.domain import ReportJob
from app.exports.jobs import ReportJobs, wait_for
from app.exports.schemas import ReportJobOut
from app.kernel.canonical import Json
from app.kernel.ids import parse_id
from app.wire import StrictRoute, prefers_no_wait, to_json
from reports.kit.workbook import MEDIA_TYPE as XLSX

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)
WAIT_SECONDS: Final = 10
RETRY_AFTER_SECONDS: Final = "2"
_FRESH: Final = {"Cache-Control": "no-store"}
LATER: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": ReportJobOut, "description": "It takes longer; `Location` tells how far it is."}
}


@router.get(
    "/report-jobs/{job_id}.xlsx", response_class=FileResponse, summary="The file of an order"
)
def get_report_file(
    request: Request, job_id: str, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The workbook, once it is done, for a day."""
    job, path = _jobs(request).get_file(session, parse_id(job_id, "report"))
    headers = {"Aid-Ledger-Rows": str(job.rows), "Aid-Ledger-Revision": str(job.revision)}
    return FileResponse(path, 200, _FRESH | headers, XLSX, filename=job.file_name)


@router.get("/report-jobs/{job_id}", response_model=ReportJobOut, summary="How far an order is")
def get_report_job(
    request: Request, job_id: str, session: ReadSessionDep, clock: ClockDep, _caller: Reader
) -> Response:
    """State and progress; once it is done, where the file is, and its checksum. Any process can tell."""
    job = _jobs(request).get(session, parse_id(job_id, "report"))
    is_unfinished = job.state_at(clock.now()).is_unfinished
    return _answer(request, job, 200, {"Retry-After": RETRY_AFTER_SECONDS} if is_unfinished else {})


async def take_order(request: Request, report: AskedReport) -> Response:
    """Have a report made, and wait a little for it, unless the caller would rather not."""
    jobs = _jobs(request)
    question: dict[str, Json] = dict(request.query_params)
    job, future = await run_in_threadpool(jobs.order, report, question)
    is_hasty = prefers_no_wait(request)
    if future is not None and not is_hasty:
        await wait_for(future, WAIT_SECONDS)

        def read() -> ReportJob:
            with get_database(request).reading() as session:
                return jobs.get(session, job.id)

        job = await run_in_threadpool(read)
    headers = {"Location": _address(job)}
    if is_hasty:
        headers["Preference-Applied"] = "respond-async"
    if job.state_at(get_clock(request).now()).is_unfinished:
        return _answer(request, job, 202, {**headers, "Retry-After": RETRY_AFTER_SECONDS})
    return _answer(request, job, 200, headers)


def _answer(request: Request, job: ReportJob, status: int, headers: dict[str, str]) -> Response:
    body = to_json(job.to_json(get_clock(request).now(), f"{_address(job)}.xlsx"))
    return Response(body, status, _FRESH | headers, "application/json")


def _address(job: ReportJob) -> str:
    return f"/v1/report-jobs/{job.id}"


def _jobs(request: Request) -> ReportJobs:
    jobs: ReportJobs = request.app.state.report_jobs
    return jobs
