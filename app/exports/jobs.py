"""Makes reports that were ordered: two at a time, a few more in a queue; whoever comes then is told to wait.

How far each has got is kept in the database, so that any process can tell; the file is kept in the folder of the
process, or in one that all share, for a day.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore, Event
from typing import Final
from uuid import UUID

from sqlalchemy.exc import OperationalError

from app.db import Database, ReadSession
from app.exports import store
from app.exports.asked import AskedReport
from app.exports.domain import LEASE, WAITING_LEASE, JobState, ReportJob
from app.exports.errors import ReportNotReadyError
from app.exports.shelf import ExportShelf
from app.kernel.canonical import Json
from app.kernel.clock import Clock
from app.kernel.errors import AppError, NotFoundError, UnavailableError
from app.kernel.ids import new_id
from app.problems import refusal_json

PLACES: Final = 2
QUEUE: Final = 4
# All files of one folder together; the oldest go first.
MAX_KEPT_BYTES: Final = 8 * 2**30
_SUFFIX: Final = ".xlsx"
_EVERY_NS: Final = 2 * 10**9
_logger = logging.getLogger("aidledger.exports")


class StoppedError(UnavailableError):
    """The process is stopping."""


class ReportJobs:
    """The reports that one process makes."""

    def __init__(self, database: Database, clock: Clock, shelf: ExportShelf) -> None:
        self._database, self._clock, self._shelf = database, clock, shelf
        self._executor = ThreadPoolExecutor(PLACES, thread_name_prefix="report")
        self._places = BoundedSemaphore(PLACES + QUEUE)
        self._stopping = Event()

    def order(
        self, report: AskedReport, question: Mapping[str, Json]
    ) -> "tuple[ReportJob, Future[None] | None]":
        """Have a report made.

        Args:
            report: what is to be made.
            question: the parameters of the call.

        Returns:
            The job, which may be one that was ordered before, and its end, where it is made here and now.

        Raises:
            UnavailableError: too many wait already.
        """
        now, identity = self._clock.now(), sha256(report.identity.encode()).hexdigest()
        with self._database.reading() as session:
            alike = store.find_alike(session, identity, now)
        if alike is not None and self._has_what_it_says(alike):
            return alike, None
        if not self._places.acquire(blocking=False):
            raise UnavailableError("Too many reports are being made; try again.")
        job = ReportJob(
            id=new_id(), ordered_at=now, report=report.name, question=question,
            revision=report.snapshot.revision, identity=identity, file_name=report.file_name,
            state=JobState.WAITING, rows=0, alive_until=now + WAITING_LEASE,
        )  # fmt: skip
        try:
            with self._database.transaction() as session:
                store.insert_job(session, job)
            future = self._executor.submit(self._run, job, report)
        except BaseException:
            self._places.release()
            raise
        future.add_done_callback(lambda ended: self._end(job, is_lost=ended.cancelled()))
        return job, future

    def get(self, session: ReadSession, job_id: UUID) -> ReportJob:
        """One job.

        Raises:
            NotFoundError: there is none, or it has expired.
        """
        job = store.find_job(session, job_id, self._clock.now())
        if job is None:
            raise NotFoundError("There is no report with this id, or no longer.")
        return job

    def get_file(self, session: ReadSession, job_id: UUID) -> tuple[ReportJob, Path]:
        """The file of a job.

        Raises:
            NotFoundError: there is no such job, or its file is in the folder of another process.
            ReportNotReadyError: it is not finished, or nothing became of it.
        """
        job = self.get(session, job_id)
        state = job.state_at(self._clock.now())
        if state is not JobState.DONE:
            raise ReportNotReadyError(state.value)
        path = self._path(job)
        if not path.is_file():
            raise NotFoundError("The file of this report is not here any more; order it again.")
        return job, path

    def close(self) -> None:
        """Stop; what is not finished is lost, and says so."""
        self._stopping.set()
        self._executor.shutdown(cancel_futures=True)

    def _run(self, job: ReportJob, report: AskedReport) -> None:
        making = _Making(replace(job, state=JobState.RUNNING), self._clock, self._keep)
        try:
            self._clean()
            making.tell(0)
            ended = self._make(making, report)
        except StoppedError:
            ended = replace(making.job, state=JobState.LOST)
        except Exception as error:  # noqa: BLE001 -- whatever it is, whoever asks about the job must learn of it
            ended = replace(making.job, state=JobState.FAILED, problem=self._problem(error))
        self._keep(ended)

    def _make(self, making: "_Making", report: AskedReport) -> ReportJob:
        def go_on() -> None:
            if self._stopping.is_set():
                raise StoppedError("The service is stopping.")
            making.progress(0)

        book = report.make(go_on)
        making.job = replace(making.job, rows=book.count)
        making.tell(0)
        path, digest, size = self._path(making.job), sha256(), 0
        part = path.with_suffix(f"{_SUFFIX}.part")
        try:
            with part.open("wb") as file:
                for piece in self._shelf.send(report, book, making.progress):
                    if self._stopping.is_set():
                        raise StoppedError("The service is stopping.")
                    digest.update(piece)
                    size += file.write(piece)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return replace(
            making.job, state=JobState.DONE, rows_done=book.count, size=size, sha256=digest.hexdigest()
        )  # fmt: skip

    def _end(self, job: ReportJob, *, is_lost: bool) -> None:
        self._places.release()
        if is_lost:
            self._keep(replace(job, state=JobState.LOST))

    def _problem(self, error: Exception) -> dict[str, Json]:
        if not isinstance(error, AppError):
            _logger.warning("report-job-failed", exc_info=error)
            error = UnavailableError("It could not be made; order it again.")
        return refusal_json(error)

    def _keep(self, job: ReportJob) -> None:
        """Write how far it has got. Where that fails, the next time says more, or the lease ends."""
        with suppress(OperationalError), self._database.transaction() as session:
            store.update_job(session, job)

    def _has_what_it_says(self, job: ReportJob) -> bool:
        return job.state is not JobState.DONE or self._path(job).is_file()

    def _path(self, job: ReportJob) -> Path:
        return self._shelf.folder / f"{job.id}{_SUFFIX}"

    def _clean(self) -> None:
        """Remove files that no job has any more, and the oldest where all are too large together."""
        now = self._clock.now()
        # First the files: whose job is not there then has none, also where other processes share the folder.
        files = [*self._shelf.folder.glob(f"*{_SUFFIX}*")]
        with self._database.reading() as session:
            jobs = {str(job.id): job for job in store.list_jobs(session, now)}
        total = 0
        for job in jobs.values():
            total += job.size or 0
            if total > MAX_KEPT_BYTES:
                self._path(job).unlink(missing_ok=True)
        for path in files:
            if path.name.partition(".")[0] not in jobs:
                path.unlink(missing_ok=True)


@dataclass(slots=True)
class _Making:
    """A job that is being made: tells now and then how far it has got, and so that it is alive."""

    job: ReportJob
    clock: Clock
    keep: Callable[[ReportJob], None]
    told: int = field(default_factory=time.monotonic_ns)

    def progress(self, rows_done: int) -> None:
        """So many rows are made."""
        if time.monotonic_ns() - self.told >= _EVERY_NS:
            self.tell(rows_done)

    def tell(self, rows_done: int) -> None:
        """Write it down."""
        self.told = time.monotonic_ns()
        alive_until = self.clock.now() + LEASE
        self.job = replace(self.job, rows_done=rows_done, alive_until=alive_until)
        self.keep(self.job)


async def wait_for(future: "Future[None]", seconds: int) -> None:
    """Wait for the end of a job, but no longer than so long. The job goes on, whoever waits or leaves."""
    await asyncio.wait([asyncio.wrap_future(future)], timeout=seconds)
