"""What one can do with a book that was read: see how it differs from the ledger, or record it, all or nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from app.db import ReadSession, WriteSession
from app.imports import store
from app.imports.domain.comparing import (
    Comparison,
    compare_held,
    compare_new,
    refuse,
    translate,
)
from app.imports.domain.findings import has_errors
from app.imports.domain.layouts import LayoutRules
from app.imports.domain.proposals import Compared, Mapped, Outcome, Proposal
from app.imports.domain.releases import ReleaseLedger
from app.imports.domain.report import Report
from app.imports.domain.runs import ImportOrder
from app.journal import service as journal
from app.kernel.clock import Clock
from app.kernel.errors import InvalidError
from app.pledges import service as pledges
from app.pledges.domain import Command, StoredPledge, WithdrawPledge

# So many rows are compared and recorded at a time: memory stays as it is, however long the file.
CHUNK: Final = 1_000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is worked on.

    Attributes:
        import_id: of the import that it belongs to.
        started_at: when it began.
        sha256: of the file's bytes.
        order: what is to be done.
        rules: of the file's layout.
        mapped: what the file proposes.
        clock: tells today, and the instant of recording.
        progress: told how many rows are done.
    """

    import_id: UUID
    started_at: datetime
    sha256: str
    order: ImportOrder
    rules: LayoutRules
    mapped: Mapped
    clock: Clock
    progress: Progress = lambda _rows: None


@dataclass(slots=True)
class Outcomes:
    """What became of a task.

    Attributes:
        report: of all rows.
        first_revision: of what was recorded; ``None`` where nothing was.
        last_revision: as ``first_revision``.
        links: the pledges that rows became, by series and external id.
        release: how a file that follows another one differs from it; ``None`` where files do not follow each other.
    """

    report: Report = field(default_factory=Report)
    first_revision: int | None = None
    last_revision: int | None = None
    links: dict[tuple[str, str], UUID] = field(default_factory=dict)
    release: ReleaseLedger | None = None

    def saw(self, revisions: Sequence[int]) -> None:
        """Entries were recorded."""
        if revisions:
            self.first_revision = self.first_revision or revisions[0]
            self.last_revision = revisions[-1]

    def compared(self, proposals: Sequence[Proposal], comparisons: Sequence[Comparison]) -> None:
        """Rows were compared, and recorded if they were to be."""
        for proposal, comparison in zip(proposals, comparisons, strict=True):
            self.report.add(comparison.compared)
            if self.release is not None:
                self.release.saw(proposal, comparison)

    def missed(self, external_id: str, held: StoredPledge) -> None:
        """An earlier file of the series had this pledge."""
        self.report.add(_as_gone(external_id, held))
        if self.release is not None:
            self.release.missed(external_id, held)


def _begin(task: Task) -> Outcomes:
    """Nothing has come of the task yet."""
    return Outcomes(release=ReleaseLedger() if task.rules.series else None)


def propose(session: ReadSession, task: Task) -> Outcomes:
    """How a file differs from the ledger. Nothing is recorded."""
    outcomes, done, seen = _begin(task), 0, set[str]()
    if _note_findings(task, outcomes.report):
        return outcomes
    for chunk in _chunks(task.mapped):
        outcomes.compared(chunk, list(_compare(session, task, chunk, judged_later=False)))
        seen |= {proposal.external_id for proposal in chunk}
        done += len(chunk)
        task.progress(done)
    for gone in _find_gone(session, task, seen):
        outcomes.missed(*gone)
    return outcomes


def record(session: WriteSession, task: Task) -> Outcomes:
    """Record what is new or changed. A refused row refuses the file, unless bad rows are to be skipped.

    The caller rolls the transaction back where ``must_roll_back`` says so: rows before the refused one are recorded
    by then.
    """
    journal.lock_revision(session)
    outcomes, done, seen = _begin(task), 0, set[str]()
    if _note_findings(task, outcomes.report):
        return outcomes
    for chunk in _chunks(task.mapped):
        _record_chunk(session, task, chunk, outcomes)
        seen |= {proposal.external_id for proposal in chunk}
        done += len(chunk)
        task.progress(done)
    gone = list(_find_gone(session, task, seen))
    for external_id, held in gone:
        outcomes.missed(external_id, held)
    if task.order.withdraw_missing and not must_roll_back(task.order, outcomes):
        commands = [
            WithdrawPledge(pledge_id=held.pledge.id, reason=f"{task.order.why}: it is gone")
            for _, held in gone
        ]
        _record(session, task, commands, outcomes)
    return outcomes


def must_roll_back(order: ImportOrder, outcomes: Outcomes) -> bool:
    """Whether the file is refused."""
    report = outcomes.report
    return report.is_unreadable or (report.bad_rows > 0 and not order.skip_bad_rows)


def _note_findings(task: Task, report: Report) -> bool:
    """Report what is said of the file as a whole, and whether it refuses the file."""
    for finding in task.mapped.findings:
        report.note(finding)
    return has_errors(task.mapped.findings)


def _chunks(mapped: Mapped) -> Iterator[list[Proposal]]:
    proposals = iter(mapped.proposals)
    while chunk := list(islice(proposals, CHUNK)):
        yield chunk


def _record_chunk(
    session: WriteSession, task: Task, chunk: Sequence[Proposal], outcomes: Outcomes
) -> None:
    """Record some rows. Once the file is refused, the rest is looked at for the report alone."""
    hopeless = must_roll_back(task.order, outcomes)
    compared = list(_compare(session, task, chunk, judged_later=not hopeless))
    if not hopeless and _has_bad(compared) and not task.order.skip_bad_rows:
        # Whoever has to mend the file wants to know of all faults.
        compared = list(_compare(session, task, chunk, judged_later=False))
    elif not hopeless:
        rows = list(zip(chunk, compared, strict=True))
        compared = _record_compared(session, task, rows, outcomes)
    outcomes.compared(chunk, compared)


def _has_bad(compared: Sequence[Comparison]) -> bool:
    return any(one.compared.outcome in {Outcome.REFUSED, Outcome.STALE} for one in compared)


def _record_compared(
    session: WriteSession,
    task: Task,
    rows: Sequence[tuple[Proposal, Comparison]],
    outcomes: Outcomes,
) -> list[Comparison]:
    """Record what was compared; rows that the ledger refuses are left out, or keep all of them out."""
    owners = [index for index, (_, one) in enumerate(rows) for _ in one.commands]
    commands = [command for _, one in rows for command in one.commands]
    try:
        references = _record(session, task, commands, outcomes)
    except InvalidError as refused:
        judged = _judge(rows, owners, refused)
        if not task.order.skip_bad_rows:
            return [one for _, one in judged]
        return _record_compared(session, task, judged, outcomes)
    named = [_named(one, references) for _, one in rows]
    _link(task, rows, outcomes)
    return named


def _record(
    session: WriteSession, task: Task, commands: Sequence[Command], outcomes: Outcomes
) -> dict[UUID, str]:
    """Record commands; gives the references of their pledges."""
    if not commands:
        return {}
    recorded = pledges.record(
        session, commands, actor=task.order.actor, clock=task.clock,
        pointer=lambda index: f"/{index}",
    )  # fmt: skip
    outcomes.saw([one.entry.revision for one in recorded])
    return {one.pledge.id: one.pledge.reference for one in recorded}


def _judge(
    rows: Sequence[tuple[Proposal, Comparison]], owners: Sequence[int], refused: InvalidError
) -> list[tuple[Proposal, Comparison]]:
    """The rows, those refused among them marked; findings point at commands, as ``/3/amount``."""
    judged = list(rows)
    for finding in refused.findings:
        place, _, rest = finding.pointer.lstrip("/").partition("/")
        index = owners[int(place)]
        proposal, before = judged[index]
        found = (*before.compared.findings, *translate(proposal, [replace(finding, pointer=rest)]))
        told = found[len(proposal.findings) :]
        judged[index] = proposal, Comparison(refuse(proposal, told))
    return judged


def _named(comparison: Comparison, references: Mapping[UUID, str]) -> Comparison:
    """The row with the reference that the ledger gave to its pledge."""
    if not comparison.commands:
        return comparison
    reference = references[comparison.commands[0].pledge_id]
    compared = replace(comparison.compared, reference=reference)
    return Comparison(compared, comparison.commands, comparison.held)


def _link(task: Task, rows: Sequence[tuple[Proposal, Comparison]], outcomes: Outcomes) -> None:
    """Remember which pledges the rows became, where the ledger's own reference does not say it."""
    for proposal, one in rows:
        series, name = _key(task, proposal)
        if one.compared.outcome is Outcome.NEW and series is not None:
            outcomes.links[series, name] = one.commands[0].pledge_id


def _key(task: Task, proposal: Proposal) -> tuple[str | None, str]:
    """What names the pledge of a row: a series and an external id, or ``None`` and the ledger's own reference.

    A row that names nothing is known by the bytes of its file and its place there: the same file again is no news.
    """
    if not proposal.external_id:
        # Who renames a CSV file renames its only sheet; a layout of many sheets has ids of its own.
        return task.sha256, str(proposal.row)
    return task.rules.series, proposal.external_id


def _compare(
    session: ReadSession, task: Task, chunk: Sequence[Proposal], *, judged_later: bool
) -> Iterator[Comparison]:
    held, today = _find_held(session, task, chunk), task.clock.today()
    for proposal in chunk:
        pledge = held.get(_key(task, proposal))
        if pledge is None:
            yield compare_new(proposal, today, judged_later=judged_later)
        else:
            yield compare_held(
                proposal, pledge, today,
                reason=task.order.why, needs_version=task.rules.series is None,
            )  # fmt: skip


def _find_held(
    session: ReadSession, task: Task, chunk: Sequence[Proposal]
) -> dict[tuple[str | None, str], StoredPledge]:
    """The pledges that the rows are about, by what names them."""
    names: defaultdict[str | None, list[str]] = defaultdict(list)
    for series, name in {_key(task, proposal) for proposal in chunk}:
        names[series].append(name)
    ids = {
        (series, name): pledge_id
        for series, given in names.items()
        for name, pledge_id in _find_ids(session, series, sorted(given)).items()
    }
    held = pledges.find_current(session, list(ids.values()))
    return {key: held[pledge_id] for key, pledge_id in ids.items()}


def _find_ids(session: ReadSession, series: str | None, names: Sequence[str]) -> dict[str, UUID]:
    if series is None:
        return pledges.find_references(session, names)
    return store.find_links(session, series, names)


def _find_gone(
    session: ReadSession, task: Task, seen: set[str]
) -> Iterator[tuple[str, StoredPledge]]:
    """The pledges that earlier files of the series had, that still stand, and that this file has not."""
    if task.rules.series is None:
        return
    links = store.iter_links(session, task.rules.series)
    missing = {name: pledge_id for name, pledge_id in links if name not in seen}
    held = pledges.find_current(session, list(missing.values()))
    for name, pledge_id in missing.items():
        if not held[pledge_id].pledge.withdrawn:
            yield name, held[pledge_id]


def _as_gone(external_id: str, held: StoredPledge) -> Compared:
    return Compared(
        external_id=external_id, outcome=Outcome.GONE, reference=held.document["reference"]
    )
