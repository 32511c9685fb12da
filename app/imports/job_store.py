"""The SQL of import jobs: rows that come, change and go, beside the imports that stay."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, tuple_, update

from app.db import ReadSession, WriteSession, table_of
from app.imports.domain.jobs import KEPT, MAX_KEPT_BYTES, ImportJob, JobState
from app.imports.domain.runs import ImportOrder, ImportResult, State
from app.imports.store import After
from app.imports.tables import ImportJobRow

_JOB: Final = table_of(ImportJobRow)
_ORDER_COLUMNS: Final = (
    "file_name", "actor", "layout", "label", "coverage", "retrieved_on", "dry_run", "skip_bad_rows",
    "withdraw_missing",
)  # fmt: skip
# All but what may be large.
_SHOWN: Final = (
    *(column for column in _JOB.c if column.name not in {"report", "workbook"}),
    _JOB.c.workbook.is_not(None).label("has_workbook"),
)


def insert_job(session: WriteSession, job: ImportJob) -> None:
    """Keep a job that was taken on, and let go of those that have expired."""
    session.execute(delete(_JOB).where(_JOB.c.expires_at <= job.started_at))
    order = {name: getattr(job.order, name) for name in _ORDER_COLUMNS}
    session.execute(
        insert(_JOB).values(
            {
                **order,
                "id": job.id,
                "started_at": job.started_at,
                "sha256": job.sha256,
                "size": job.size,
                "state": job.state,
                "alive_until": job.alive_until,
                "expires_at": job.started_at + KEPT,
            }
        )
    )


def begin_job(session: WriteSession, job_id: UUID, alive_until: datetime) -> None:
    """The job's turn has come."""
    values = {"state": JobState.RUNNING.value, "alive_until": alive_until}
    session.execute(update(_JOB).where(_JOB.c.id == job_id).values(values))


def finish_job(
    session: WriteSession, job: ImportJob, *, report: bytes | None, workbook: bytes | None
) -> None:
    """Keep what became of a job.

    Args:
        session: the transaction.
        job: as it ended.
        report: packed; ``None`` where it is kept with the import.
        workbook: the file, for comments and to be recorded after a dry run.
    """
    values: dict[str, Any] = {
        "state": job.state,
        "run_id": job.run_id,
        "problem": json.dumps(job.problem) if job.problem else None,
        "report": report,
        "workbook": workbook,
    }
    if job.result is not None:
        values |= {
            "layout": job.result.layout,
            "finished_at": job.result.finished_at,
            "counts": json.dumps(dict(job.result.counts)),
        }
    session.execute(update(_JOB).where(_JOB.c.id == job.id).values(values))
    _drop_workbooks(session)


def find_job(session: ReadSession, job_id: UUID, now: datetime) -> ImportJob | None:
    """A job that has not expired."""
    statement = select(*_SHOWN).where(_JOB.c.id == job_id, _JOB.c.expires_at > now)
    row = session.execute(statement).one_or_none()
    return _job(row) if row else None


def find_job_report(session: ReadSession, job_id: UUID) -> bytes | None:
    """The packed report of a job that recorded nothing."""
    statement = select(_JOB.c.report).where(_JOB.c.id == job_id)
    return session.execute(statement).scalar_one_or_none()


def find_workbook(session: ReadSession, job_id: UUID, now: datetime) -> bytes | None:
    """The workbook of a job, while it is kept."""
    statement = select(_JOB.c.workbook).where(_JOB.c.id == job_id, _JOB.c.expires_at > now)
    return session.execute(statement).scalar_one_or_none()


def list_jobs(
    session: ReadSession, after: After | None, limit: int, now: datetime
) -> list[ImportJob]:
    """Jobs that are not imports, the newest first, from behind a place."""
    statement = (
        select(*_SHOWN)
        .where(_JOB.c.run_id.is_(None), _JOB.c.expires_at > now)
        .order_by(_JOB.c.started_at.desc(), _JOB.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(_JOB.c.started_at, _JOB.c.id) < after)
    return [*map(_job, session.execute(statement))]


def _drop_workbooks(session: WriteSession) -> None:
    """Let the oldest workbooks go until the others are no more than may be kept."""
    statement = (
        select(_JOB.c.id, func.length(_JOB.c.workbook).label("size"))
        .where(_JOB.c.workbook.is_not(None))
        .order_by(_JOB.c.started_at.desc(), _JOB.c.id)
    )
    kept, gone = 0, []
    for row in session.execute(statement):
        kept += row.size
        if kept > MAX_KEPT_BYTES:
            gone.append(row.id)
    if gone:
        session.execute(update(_JOB).where(_JOB.c.id.in_(gone)).values(workbook=None))


def _job(row: Row[Any]) -> ImportJob:
    result = None
    if row.counts is not None:
        result = ImportResult(
            finished_at=row.finished_at,
            state=State(row.state),
            layout=row.layout,
            first_revision=None,
            last_revision=None,
            counts=json.loads(row.counts),
        )
    return ImportJob(
        id=row.id,
        started_at=row.started_at,
        order=ImportOrder(**{name: getattr(row, name) for name in _ORDER_COLUMNS}),
        sha256=row.sha256,
        size=row.size,
        state=row.state,
        alive_until=row.alive_until,
        result=result,
        problem=json.loads(row.problem) if row.problem else None,
        run_id=row.run_id,
        has_workbook=row.has_workbook,
    )
