"""What is known of imports: those that are kept for ever, and the jobs of the last day, as one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from app.db import ReadSession
from app.imports import job_store, store
from app.imports.domain.jobs import ImportJob
from app.imports.domain.report import iter_lines
from app.imports.domain.runs import ImportOrder, ImportRun
from app.imports.errors import NoWorkbookError
from app.imports.files.gate import is_workbook
from app.imports.store import After
from app.kernel.canonical import Json
from app.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Known:
    """An import as it is shown.

    Attributes:
        started_at: when its file came in.
        id: of the import; of a file that was recorded before, of the first one.
        body: as it is answered.
        is_unfinished: there is more to come.
    """

    started_at: datetime
    id: UUID
    body: dict[str, Json]
    is_unfinished: bool = False

    @property
    def key(self) -> After:
        """Its place in the list, the newest first."""
        return self.started_at, self.id


def get_import(session: ReadSession, import_id: UUID, now: datetime) -> Known:
    """One import, or one job.

    Raises:
        NotFoundError: there is none, or it has expired.
    """
    run = store.find_run(session, import_id)
    if run is not None:
        return _of_run(run)
    job = _get_job(session, import_id, now)
    if job.run_id is not None and (run := store.find_run(session, job.run_id)):
        return _of_run(run)
    return _of_job(job, now)


def list_imports(
    session: ReadSession, after: After | None, limit: int, now: datetime
) -> tuple[list[Known], After | None]:
    """A page of imports and jobs, the newest first.

    Returns:
        The page, and the place of its last row if more follow.
    """
    runs = map(_of_run, store.list_runs(session, after, limit + 1))
    jobs = (_of_job(job, now) for job in job_store.list_jobs(session, after, limit + 1, now))
    found = sorted([*runs, *jobs], key=lambda one: one.key, reverse=True)
    page = found[:limit]
    return page, page[-1].key if len(found) > limit else None


def get_report(session: ReadSession, import_id: UUID, now: datetime) -> Iterator[dict[str, Any]]:
    """The rows of an import that are not unchanged.

    Raises:
        NotFoundError: there is no such import, or no report of it.
    """
    packed = store.find_report(session, import_id)
    if packed is None:
        job = _get_job(session, import_id, now)
        if job.run_id is not None:
            packed = store.find_report(session, job.run_id)
        else:
            packed = job_store.find_job_report(session, import_id)
    if packed is None:
        raise NotFoundError(
            "The import has no report: it is not finished, or its file was refused unread."
        )
    return iter_lines(packed)


def get_workbook(session: ReadSession, import_id: UUID, now: datetime) -> bytes:
    """The file of an import, while it is kept.

    Raises:
        NoWorkbookError: it is none, or it is kept no more.
    """
    content = find_file(session, import_id, now)
    if content is None or not is_workbook(BytesIO(content)):
        raise NoWorkbookError(
            "Comments are written into workbooks that were sent by HTTP, for a day and while there is room."
        )
    return content


def find_file(session: ReadSession, import_id: UUID, now: datetime) -> bytes | None:
    """The file of a job as it was sent; ``None`` where it is kept no more."""
    return job_store.find_workbook(session, import_id, now)


def get_order(session: ReadSession, import_id: UUID, now: datetime) -> ImportOrder:
    """What was to be done with the file of a job.

    Raises:
        NotFoundError: there is no such job, or it has expired.
    """
    return _get_job(session, import_id, now).order


def _get_job(session: ReadSession, job_id: UUID, now: datetime) -> ImportJob:
    job = job_store.find_job(session, job_id, now)
    if job is None:
        raise NotFoundError("There is no import with this id.")
    return job


def _of_run(run: ImportRun) -> Known:
    return Known(run.started_at, run.id, run.to_json())


def _of_job(job: ImportJob, now: datetime) -> Known:
    return Known(job.started_at, job.id, job.to_json(now), is_unfinished=job.is_unfinished_at(now))
