"""Works on files that were sent by HTTP: a few at a time, a few more in a queue; whoever comes then is told to wait.

What became of each is kept in the database for a day, so that any process can tell, and so that a job whose process
died is known to be lost.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from hashlib import file_digest
from threading import BoundedSemaphore
from typing import IO, Final, Self

from sqlalchemy.exc import OperationalError

from app.db import Database
from app.imports import job_store
from app.imports.domain.jobs import LEASE, ImportJob, JobState
from app.imports.domain.runs import ImportOrder, State
from app.imports.errors import RefusedFileError
from app.imports.files.reading import PLACES
from app.imports.runs import Finished, run_import
from app.kernel.clock import Clock
from app.kernel.errors import AppError, InvalidError, UnavailableError
from app.kernel.ids import new_id
from app.problems import refusal_json

QUEUE: Final = 4
# On SQLite a large import keeps all other writers out; what became of a job is worth asking again.
ATTEMPTS: Final = 6
_KEPT: Final = frozenset({State.RECORDED, State.UNCHANGED})
_logger = logging.getLogger("aidledger.imports")


class ImportJobs:
    """The files that one process works on."""

    def __init__(self, database: Database, clock: Clock, check_write: Callable[[], None]) -> None:
        """Work for a ledger.

        Args:
            database: the ledger.
            clock: tells when.
            check_write: asked before every job; raises where the ledger takes no writes.
        """
        self._database, self._clock, self._check_write = database, clock, check_write
        self._executor = ThreadPoolExecutor(PLACES, thread_name_prefix="import")
        self._places = BoundedSemaphore(PLACES + QUEUE)

    def take_place(self) -> "Place":
        """A place for one more file; taken before the file is received, so that the disk is bounded too.

        Raises:
            UnavailableError: there is none, or the ledger takes no writes.
        """
        self._check_write()
        if not self._places.acquire(blocking=False):
            raise UnavailableError("Too many files are waiting to be read; try again.")
        return Place(self._places.release)

    def submit(
        self, place: "Place", file: IO[bytes], order: ImportOrder
    ) -> tuple[ImportJob, "Future[Finished]"]:
        """Take a file on.

        Args:
            place: it and the file are let go when the job ends.
            file: on the disk, open for reading.
            order: what is to be done with it.

        Returns:
            The job as it is known to the database, and its outcome, which may also be that the file is refused.
        """
        now, size = self._clock.now(), file.seek(0, 2)
        file.seek(0)
        digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any buffer that reads
        job = ImportJob(
            id=new_id(), started_at=now, order=order, sha256=digest, size=size,
            state=JobState.WAITING.value, alive_until=now + LEASE,
        )  # fmt: skip
        with self._database.transaction() as session:
            job_store.insert_job(session, job)
        future = self._executor.submit(self._run, job, file)
        place.keep_until(future)
        future.add_done_callback(lambda ended: self._lose(job) if ended.cancelled() else None)
        return job, future

    def close(self) -> None:
        """Finish what is under way; what has not begun is lost, and says so."""
        self._executor.shutdown(cancel_futures=True)

    def _run(self, job: ImportJob, file: IO[bytes]) -> Finished:
        self._begin(job)
        try:
            self._check_write()
            finished = run_import(self._database, self._clock, file, job.order, import_id=job.id)
        except Exception as error:
            self._fail(job, error)
            raise
        self._finish(job, finished, file)
        return finished

    def _begin(self, job: ImportJob) -> None:
        try:
            with self._database.transaction() as session:
                job_store.begin_job(session, job.id, self._clock.now() + LEASE)
        except OperationalError:
            _logger.info("import-job-begins-unseen", extra={"import": str(job.id)})

    def _finish(self, job: ImportJob, finished: Finished, file: IO[bytes]) -> None:
        run = finished.run
        is_kept = run.result.state in _KEPT
        ended = replace(
            job,
            state=run.result.state.value,
            result=None if is_kept else run.result,
            run_id=run.id if is_kept else None,
        )
        report = None if is_kept else finished.report.pack()
        # Of a file that was recorded before there is nothing to comment on, and nothing to record after a dry run.
        is_news = run.id == job.id
        sent = _read_back(file) if is_news else None
        self._write(lambda: self._keep(ended, report, sent))

    def _fail(self, job: ImportJob, error: Exception) -> None:
        """Keep why nothing became of it."""
        is_refused = isinstance(error, RefusedFileError | InvalidError)
        state = JobState.REFUSED if is_refused else JobState.FAILED
        if not isinstance(error, AppError):
            _logger.warning("import-job-failed", exc_info=error)
            error = UnavailableError("It could not be finished; send it again.")
        failed = replace(job, state=state.value, problem=refusal_json(error))
        self._write(lambda: self._keep(failed, None, None))

    def _keep(self, job: ImportJob, report: bytes | None, workbook: bytes | None) -> None:
        with self._database.transaction() as session:
            job_store.finish_job(session, job, report=report, workbook=workbook)

    def _lose(self, job: ImportJob) -> None:
        """Its turn never came."""
        lost = replace(job, state=JobState.LOST.value)
        self._write(lambda: self._keep(lost, None, None))

    def _write(self, write: Callable[[], None]) -> None:
        """Write what is of use and not vital: the import itself is recorded, or is not, whatever happens here."""
        for _ in range(ATTEMPTS):
            try:
                write()
            except OperationalError:
                continue
            return
        _logger.warning("import-job-unknown")


class Place:
    """One file's place among those that a process works on, and the file, once it is there."""

    def __init__(self, release: Callable[[], None]) -> None:
        self._release = release
        self._file: IO[bytes] | None = None
        self._is_kept = False

    def hold(self, file: IO[bytes]) -> None:
        """Close the file with the place."""
        self._file = file

    def keep_until(self, future: "Future[Finished]") -> None:
        """Give the place back when the job ends, and not before."""
        self._is_kept = True
        future.add_done_callback(lambda _: self._leave())

    def _leave(self) -> None:
        if self._file is not None:
            self._file.close()
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_kept:
            self._leave()


async def outcome(future: "Future[Finished]", seconds: int) -> Finished | None:
    """What became of a job; ``None`` where that takes longer. The job goes on, whoever waits or leaves.

    Raises:
        Exception: what the job met.
    """
    waiting = asyncio.wrap_future(future)
    try:
        return await asyncio.wait_for(asyncio.shield(waiting), seconds)
    except TimeoutError:
        # Somebody must have looked at what it may meet later, or it is logged as forgotten.
        waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
        return None


def _read_back(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
