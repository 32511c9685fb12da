"""Every SQL statement of the exports: jobs that come, change and go."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from app.db import ReadSession, WriteSession, table_of
from app.exports.domain import KEPT, JobState, ReportJob
from app.exports.tables import ReportJobRow

_JOB: Final = table_of(ReportJobRow)


def insert_job(session: WriteSession, job: ReportJob) -> None:
    """Keep a job that was taken on, and let go of those that have expired."""
    session.execute(delete(_JOB).where(_JOB.c.ordered_at <= job.ordered_at - KEPT))
    session.execute(insert(_JOB).values(_values(job)))


def update_job(session: WriteSession, job: ReportJob) -> None:
    """Keep how far a job has got."""
    session.execute(update(_JOB).where(_JOB.c.id == job.id).values(_values(job)))


def find_job(session: ReadSession, job_id: UUID, now: datetime) -> ReportJob | None:
    """A job that has not expired."""
    statement = select(_JOB).where(_JOB.c.id == job_id, _JOB.c.ordered_at > now - KEPT)
    row = session.execute(statement).one_or_none()
    return _job(row) if row else None


def find_alike(session: ReadSession, identity: str, now: datetime) -> ReportJob | None:
    """The newest job that makes, or has made, the same file."""
    statement = (
        select(_JOB)
        .where(
            _JOB.c.identity == identity,
            _JOB.c.ordered_at > now - KEPT,
            _JOB.c.state.not_in([JobState.FAILED.value, JobState.LOST.value]),
        )
        .order_by(_JOB.c.ordered_at.desc(), _JOB.c.id)
    )
    jobs = map(_job, session.execute(statement))
    return next((job for job in jobs if job.state_at(now) is not JobState.LOST), None)


def list_jobs(session: ReadSession, now: datetime) -> list[ReportJob]:
    """All jobs that have not expired, the newest first."""
    statement = (
        select(_JOB)
        .where(_JOB.c.ordered_at > now - KEPT)
        .order_by(_JOB.c.ordered_at.desc(), _JOB.c.id)
    )
    return [*map(_job, session.execute(statement))]


def delete_job(session: WriteSession, job_id: UUID) -> None:
    """Let a job go."""
    session.execute(delete(_JOB).where(_JOB.c.id == job_id))


def _values(job: ReportJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "ordered_at": job.ordered_at,
        "report": job.report,
        "question": json.dumps(job.question),
        "revision": job.revision,
        "identity": job.identity,
        "file_name": job.file_name,
        "state": job.state.value,
        "rows": job.rows,
        "rows_done": job.rows_done,
        "alive_until": job.alive_until,
        "size": job.size,
        "sha256": job.sha256,
        "problem": json.dumps(job.problem) if job.problem else None,
    }


def _job(row: Row[Any]) -> ReportJob:
    fields = dict(row._mapping)
    return ReportJob(
        **{
            **fields,
            "state": JobState(row.state),
            "question": json.loads(row.question),
            "problem": json.loads(row.problem) if row.problem else None,
        }
    )
