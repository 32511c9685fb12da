"""``/imports``: send a file, see what would become of each row, record it, and what became of the files before.

A file is always read without recording anything first; it is kept for a day, so that what is recorded is exactly what
was looked at.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import IO, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse

from app import csv_text
from app.access.service import SignedIn
from app.access.visitors import check_form, check_origin
from app.deps import get_clock, get_database
from app.desk.receiving import FORM_TOKEN
from app.forms import receive_fields, receive_upload
from app.imports import kept
from app.imports.domain.runs import ImportOrder
from app.imports.errors import NoWorkbookError
from app.imports.files.reading import annotate_workbook
from app.imports.jobs import ImportJobs, outcome
from app.imports.kept import Known
from app.imports.layouts import WIDEST
from app.imports.report_csv import report_csv
from app.imports.schemas import read_order
from app.kernel.errors import AppError, InvalidError, NotFoundError
from app.kernel.ids import parse_id
from app.web.answers import answer_form
from app.web.deps import OfficerDep, VisitDep
from app.web.headers import PRIVATE
from app.web.views import imports
from reports.kit.workbook import MEDIA_TYPE as XLSX

router: Final = APIRouter()
_HOME: Final = "/imports"
# A small file is done by then, and its sender sees the report at once.
_WAIT_SECONDS: Final = 5
_PAST: Final = 30


@router.get(_HOME)
def show_imports(request: Request, _officer: OfficerDep) -> Response:
    """The form for a file, and the imports so far."""
    return _home(request, {}, {})


@router.post(_HOME)
async def send_file(request: Request, officer: OfficerDep) -> Response:
    """Read a file, record nothing, and go on to what was found."""
    check_origin(request)
    jobs: ImportJobs = request.app.state.import_jobs
    with await run_in_threadpool(jobs.take_place) as place:
        upload = await receive_upload(request, max_bytes=WIDEST.file_bytes)
        place.hold(upload.file)
        words = dict(upload.words)
        check_form(request, officer, words.pop(FORM_TOKEN, None))
        if not upload.size:
            problems = {"file": "Choose a file that is not empty."}
            return await run_in_threadpool(_home, request, words, problems)
        try:
            order = read_order({**words, "dry_run": "true"}, upload.file_name, officer.caller.name)
        except InvalidError as refused:
            problems = {one.pointer.removeprefix("/"): one.detail for one in refused.findings}
            return await run_in_threadpool(_home, request, words, problems)
        job, future = await run_in_threadpool(jobs.submit, place, upload.file, order)
    return await _follow(job.id, future)


@router.get(f"{_HOME}/{{name}}")
def show_import(visit: VisitDep, _officer: OfficerDep, name: str) -> Response:
    """What became of a file, or would."""
    import_id, now = parse_id(name, "import"), visit.clock.now()
    known = kept.get_import(visit.session, import_id, now)
    is_kept = kept.find_file(visit.session, import_id, now) is not None
    model = {
        "page": imports.read_import(known, _report(visit, known, import_id)),
        "is_kept": is_kept,
        "has_workbook": is_kept and _has_workbook(visit, import_id),
        "import_id": import_id,
    }
    return answer_form(visit.request, "import.html", model)


@router.get(f"{_HOME}/{{name}}/state")
def get_state(visit: VisitDep, _officer: OfficerDep, name: str) -> Response:
    """Whether there is more to come; for the script, which asks now and then."""
    known = kept.get_import(visit.session, parse_id(name, "import"), visit.clock.now())
    return JSONResponse({"is_unfinished": known.is_unfinished}, headers=PRIVATE)


@router.get(f"{_HOME}/{{name}}/report.csv")
def get_report(visit: VisitDep, _officer: OfficerDep, name: str) -> Response:
    """A line for every change and every finding."""
    import_id = parse_id(name, "import")
    lines = report_csv(kept.get_report(visit.session, import_id, visit.clock.now()))
    return StreamingResponse(lines, 200, _attached(import_id, "csv"), csv_text.MEDIA_TYPE)


@router.get(f"{_HOME}/{{name}}/report.xlsx")
def get_workbook(visit: VisitDep, _officer: OfficerDep, name: str) -> Response:
    """The workbook that was sent, with a comment at each cell that needs a look."""
    import_id, now = parse_id(name, "import"), visit.clock.now()
    report = kept.get_report(visit.session, import_id, now)
    findings = [one for line in report for one in line["findings"]]
    content = annotate_workbook(kept.get_workbook(visit.session, import_id, now), findings)
    return Response(content, 200, _attached(import_id, "xlsx"), XLSX)


@router.post(f"{_HOME}/{{name}}/record")
async def record_file(request: Request, officer: OfficerDep, name: str) -> Response:
    """Record the file that was looked at. A second time there is nothing left to record."""
    fields = await receive_fields(request)
    check_form(request, officer, fields.get(FORM_TOKEN))
    import_id = parse_id(name, "import")
    jobs: ImportJobs = request.app.state.import_jobs
    with await run_in_threadpool(jobs.take_place) as place:
        file, order = await run_in_threadpool(_fetch, request, officer, import_id)
        place.hold(file)
        skips = "skip_bad_rows" in fields or order.skip_bad_rows
        order = replace(order, dry_run=False, skip_bad_rows=skips)
        job, future = await run_in_threadpool(jobs.submit, place, file, order)
    return await _follow(job.id, future)


async def _follow(job_id: UUID, future: Any) -> Response:
    """Go on to the page of a job, which says what became of it also where it was refused."""
    # Why nothing became of it, the job keeps.
    with suppress(AppError):
        await outcome(future, _WAIT_SECONDS)
    return RedirectResponse(f"{_HOME}/{job_id}", HTTPStatus.SEE_OTHER, PRIVATE)


def _fetch(request: Request, officer: SignedIn, import_id: UUID) -> tuple[IO[bytes], ImportOrder]:
    """The file of a dry run, and what is to be done with it.

    Raises:
        NotFoundError: it is kept no more.
    """
    now = get_clock(request).now()
    with get_database(request).reading() as session:
        order = kept.get_order(session, import_id, now)
        content = kept.find_file(session, import_id, now)
    if content is None:
        raise NotFoundError("The file is kept no more; send it again.")
    file: IO[bytes] = TemporaryFile(prefix="aidledger-upload-")  # noqa: SIM115 -- its job closes it
    file.write(content)
    file.seek(0)
    return file, replace(order, actor=officer.caller.name)


def _home(request: Request, words: Mapping[str, str], problems: Mapping[str, str]) -> Response:
    with get_database(request).reading() as session:
        past, _ = kept.list_imports(session, None, _PAST, get_clock(request).now())
    model = {
        "words": words,
        "problems": problems,
        "layouts": imports.layouts(),
        "past": [imports.import_line(one) for one in past],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return answer_form(request, "imports.html", model, status)


def _report(visit: VisitDep, known: Known, import_id: UUID) -> Iterable[Mapping[str, Any]]:
    if known.is_unfinished:
        return ()
    try:
        return kept.get_report(visit.session, import_id, visit.clock.now())
    except NotFoundError:
        return ()


def _has_workbook(visit: VisitDep, import_id: UUID) -> bool:
    try:
        kept.get_workbook(visit.session, import_id, visit.clock.now())
    except NoWorkbookError:
        return False
    return True


def _attached(name: UUID, suffix: str) -> dict[str, str]:
    return {**PRIVATE, "Content-Disposition": f'attachment; filename="import-{name}.{suffix}"'}
