"""Carries an import through: the file is read, compared and recorded, and what became of it is kept."""

from dataclasses import dataclass, replace
from typing import IO
from uuid import UUID

from app.db import Database, WriteSession
from app.fx import service as fx
from app.fx.domain.imports import Provenance
from app.imports import service, store
from app.imports.domain.cells import Book
from app.imports.domain.releases import ReleaseDifference
from app.imports.domain.report import Report
from app.imports.domain.runs import ImportOrder, ImportResult, ImportRun, State
from app.imports.files.reading import reading_book
from app.imports.layouts import WIDEST, choose_layout
from app.imports.service import Outcomes, Progress, Task
from app.kernel.clock import Clock
from app.kernel.errors import invalid
from app.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Finished:
    """An import that came to an end, and what it has to say.

    Attributes:
        difference: to the release before; ``None`` where files do not follow each other.
    """

    run: ImportRun
    report: Report
    difference: ReleaseDifference | None = None


def _no_progress(_rows: int) -> None:
    """Nobody watches."""


def run_import(
    database: Database,
    clock: Clock,
    file: IO[bytes],
    order: ImportOrder,
    *,
    import_id: UUID | None = None,
    progress: Progress = _no_progress,
) -> Finished:
    """Carry an import through. A dry run and a refused file leave the database as it was.

    Args:
        database: the ledger. Nothing is locked while the file is read; while its rows are recorded, other writers wait.
        clock: tells when.
        file: on the disk, open for reading.
        order: what is to be done.
        import_id: what the import is called; by default a name is made up.
        progress: told how many rows are done.

    Raises:
        RefusedFileError: the file is not read.
        InvalidError: ``unknown-value`` for the layout, ``no-series`` where nothing can be missing.
    """
    size = file.seek(0, 2)
    with reading_book(file, order.file_name, WIDEST) as book:
        task = _to_task(book, size, order, clock)
        task = replace(task, import_id=import_id or task.import_id, progress=progress)
        if order.dry_run:
            with database.reading() as session:
                outcomes = service.propose(session, task)
            return _finish(task, size, outcomes, State.PROPOSED)
        with database.large_transaction() as session:
            finished = _record(session, task, size)
            if finished.run.result.state is State.REFUSED:
                session.rollback()
        return finished


def _to_task(book: Book, size: int, order: ImportOrder, clock: Clock) -> Task:
    rules = choose_layout(book, order.layout, size)
    if order.withdraw_missing and rules.series is None:
        raise invalid(
            "/withdraw_missing", "no-series", "Files of this layout do not follow each other."
        )
    mapped = rules.map(book)
    covered = replace(order, coverage=order.coverage or mapped.coverage)
    return Task(
        import_id=new_id(), started_at=clock.now(), sha256=book.sha256, order=covered, rules=rules,
        mapped=mapped, clock=clock,
    )  # fmt: skip


def _record(session: WriteSession, task: Task, size: int) -> Finished:
    """Record what the file holds. Where it is refused, the caller rolls back.

    A file that was recorded whole before is recognised by its bytes: its first import is given, and nothing happens,
    unless now the pledges that it lacks are to be withdrawn.
    """
    earlier = store.find_recorded(session, task.sha256, task.rules.name)
    if earlier is not None and not task.order.withdraw_missing:
        return Finished(earlier, Report())
    outcomes = service.record(session, task)
    if service.must_roll_back(task.order, outcomes):
        return _finish(task, size, outcomes, State.REFUSED)
    _record_rates(session, task)
    state = State.UNCHANGED if outcomes.first_revision is None else State.RECORDED
    finished = _finish(task, size, outcomes, state)
    store.insert_run(session, finished.run, finished.report.pack())
    store.insert_links(session, task.import_id, outcomes.links)
    return finished


def _record_rates(session: WriteSession, task: Task) -> None:
    """Record the table that the file converts with, for totals by the policy ``release:LABEL``."""
    table = task.mapped.rates
    if table is not None:
        given = Provenance(
            source=table.source, label=table.label, sha256=task.sha256, actor=task.order.actor
        )
        fx.record_table(session, table, given, task.clock)


def _finish(task: Task, size: int, outcomes: Outcomes, state: State) -> Finished:
    recorded = state is State.RECORDED
    result = ImportResult(
        finished_at=task.clock.now(),
        state=state,
        layout=task.rules.name,
        first_revision=outcomes.first_revision if recorded else None,
        last_revision=outcomes.last_revision if recorded else None,
        counts=outcomes.report.counts_json(),
    )
    run = ImportRun(
        id=task.import_id, started_at=task.started_at, order=task.order, sha256=task.sha256,
        size=size, result=result,
    )  # fmt: skip
    difference = outcomes.release.difference() if outcomes.release else None
    return Finished(run, outcomes.report, difference)
