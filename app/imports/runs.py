"""Carries an import through: the file is read, compared and recorded, and what became of it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import IO, Final

from app.db import Database, WriteSession
from app.imports import service, store
from app.imports.domain.findings import Finding, Severity
from app.imports.domain.report import Report
from app.imports.domain.runs import ImportOrder, ImportResult, ImportRun, State
from app.imports.errors import RefusedFileError
from app.imports.files.reading import reading_book
from app.imports.layouts import WIDEST, choose_layout
from app.imports.service import Outcomes, Progress, Task
from app.kernel.clock import Clock
from app.kernel.errors import InvalidError, invalid
from app.kernel.ids import new_id

# For so long the sender may fetch a workbook back with comments in it.
KEPT_FOR: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finished:
    """An import that came to an end, and what it has to say."""

    run: ImportRun
    report: Report

    @property
    def state(self) -> State:
        """What became of it."""
        return State.RUNNING if self.run.result is None else self.run.result.state


def _no_progress(_rows: int) -> None:
    """Nobody watches."""


def new_run(order: ImportOrder, sha256: str, size: int, clock: Clock) -> ImportRun:
    """An import that begins now."""
    return ImportRun(id=new_id(), started_at=clock.now(), order=order, sha256=sha256, size=size)


@contextmanager
def preparing(
    file: IO[bytes],
    order: ImportOrder,
    clock: Clock,
    *,
    accepted: ImportRun | None = None,
    progress: Progress = _no_progress,
) -> Iterator[tuple[ImportRun, Task]]:
    """Read a file; its rows can be worked on for as long as the block lasts. Nothing is locked meanwhile.

    Args:
        file: on the disk, open for reading.
        order: what is to be done.
        clock: tells when.
        accepted: the import that was promised to the sender; by default a new one.
        progress: told how many rows are done.

    Raises:
        RefusedFileError: the file is not read.
        InvalidError: ``unknown-value`` for the layout, ``no-series`` where nothing can be missing.
    """
    size = file.seek(0, 2)
    with reading_book(file, order.file_name, WIDEST) as book:
        rules = choose_layout(book, order.layout, size)
        if order.withdraw_missing and rules.series is None:
            raise invalid(
                "/withdraw_missing", "no-series", "Files of this layout do not follow each other."
            )
        mapped = rules.map(book)
        run = accepted or new_run(order, book.sha256, size, clock)
        if order.coverage is None and mapped.coverage is not None and accepted is None:
            run = replace(run, order=replace(order, coverage=mapped.coverage))
        yield run, Task(
            import_id=run.id, sha256=book.sha256, order=run.order, rules=rules, mapped=mapped,
            clock=clock, progress=progress,
        )  # fmt: skip


def propose(database: Database, run: ImportRun, task: Task) -> Finished:
    """See what the file would change; nothing is written, not even that somebody asked."""
    with database.reading() as session:
        return _finish(run, task, service.propose(session, task), State.PROPOSED)


def record(session: WriteSession, run: ImportRun, task: Task, *, is_new: bool) -> Finished:
    """Record what the file holds. Where it is refused, the caller rolls back.

    A file that was recorded whole before is recognised by its bytes: its first import is given, and nothing happens.
    """
    earlier = store.find_recorded(session, run.sha256, task.rules.name)
    if earlier is not None and is_new:
        return Finished(earlier, Report())
    if is_new:
        # Links name their import, so it stands before them.
        store.insert_run(session, run)
    outcomes = service.record(session, task)
    if service.must_roll_back(task.order, outcomes):
        return _finish(run, task, outcomes, State.REFUSED)
    state = State.UNCHANGED if outcomes.first_revision is None else State.RECORDED
    finished = _finish(run, task, outcomes, state)
    _keep_result(session, finished)
    return finished


def keep_proposed(session: WriteSession, finished: Finished, *, is_new: bool) -> None:
    """Keep what a dry run found."""
    if is_new:
        store.insert_run(session, finished.run)
    _keep_result(session, finished)


def keep_file(session: WriteSession, run: ImportRun, file: IO[bytes], clock: Clock) -> None:
    """Keep the bytes for a while; what was kept for long enough goes."""
    store.drop_files(session, before=clock.now() - KEPT_FOR)
    file.seek(0)
    store.keep_file(session, run.id, file.read(), clock.now())


def run_import(
    database: Database,
    clock: Clock,
    file: IO[bytes],
    order: ImportOrder,
    *,
    accepted: ImportRun | None = None,
    progress: Progress = _no_progress,
) -> Finished:
    """Carry an import through, from its file to its result.

    Raises:
        RefusedFileError, InvalidError: as ``preparing``; not for an accepted one, whose result says so.
    """
    is_new = accepted is None
    try:
        with preparing(file, order, clock, accepted=accepted, progress=progress) as (run, task):
            if order.dry_run:
                finished = propose(database, run, task)
                with database.transaction() as session:
                    keep_proposed(session, finished, is_new=is_new)
                return finished
            with database.transaction() as session:
                finished = record(session, run, task, is_new=is_new)
                if finished.state is State.REFUSED:
                    session.rollback()
    except (RefusedFileError, InvalidError) as refused:
        if accepted is None:
            raise
        finished = _refuse(accepted, refused, clock)
    if finished.state is State.REFUSED and accepted is not None:
        with database.transaction() as session:
            _keep_result(session, finished)
    return finished


def fail(database: Database, run: ImportRun, clock: Clock) -> None:
    """Say of an accepted import that it came to nothing, and that the fault is ours."""
    report = Report()
    result = _result(report, clock, State.FAILED, None, Outcomes())
    with database.transaction() as session:
        _keep_result(session, Finished(replace(run, result=result), report))


def _finish(run: ImportRun, task: Task, outcomes: Outcomes, state: State) -> Finished:
    result = _result(outcomes.report, task.clock, state, task.rules.name, outcomes)
    return Finished(replace(run, result=result), outcomes.report)


def _refuse(run: ImportRun, refused: RefusedFileError | InvalidError, clock: Clock) -> Finished:
    report = Report()
    report.note(Finding(severity=Severity.ERROR, code=refused.code, detail=refused.detail))
    result = _result(report, clock, State.REFUSED, None, Outcomes())
    return Finished(replace(run, result=result), report)


def _result(
    report: Report, clock: Clock, state: State, layout: str | None, outcomes: Outcomes
) -> ImportResult:
    recorded = state is State.RECORDED
    return ImportResult(
        finished_at=clock.now(),
        state=state,
        layout=layout,
        first_revision=outcomes.first_revision if recorded else None,
        last_revision=outcomes.last_revision if recorded else None,
        counts=report.counts_json(),
    )


def _keep_result(session: WriteSession, finished: Finished) -> None:
    run, result = finished.run, finished.run.result
    assert result is not None  # noqa: S101 -- it is finished
    store.insert_result(session, run.id, result, finished.report.pack())
