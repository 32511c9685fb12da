"""Checks a whole ledger: the journal, its log, its streams, all sums; in one snapshot, and in bounded memory."""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge

from app.audit import store
from app.audit.domain.faults import Fault, Faults
from app.audit.domain.journal import (
    check_entry,
    check_gap,
    check_head,
    check_postings,
    check_strays,
)
from app.audit.domain.kinds import KINDS
from app.audit.domain.log import LogCheck, Signed, check_published
from app.audit.domain.rows import side_by_side
from app.audit.domain.streams import check_stream
from app.audit.errors import UnreadableRowError
from app.db import ReadSession
from app.journal.domain import Entry
from app.kernel.canonical import Json
from app.pledges.domain import Cell, Effect
from verifier.checkpoint import Checkpoint

Progress = Callable[[str, int, int], None]
_EVERY = 1_000


@dataclass(slots=True)
class Audit:
    """What an audit found.

    Attributes:
        revision: of the last entry.
        root: of the tree over all entries, by their stored bytes.
        faults: what is wrong; nothing is, where there are none.
    """

    revision: int = 0
    root: bytes = b""
    faults: Faults = field(default_factory=Faults)

    @property
    def is_clean(self) -> bool:
        """Whether all is as it should be."""
        return not self.faults.count

    def to_json(self) -> dict[str, Json]:
        """For programs."""
        return {
            "ok": self.is_clean,
            "revision": self.revision,
            "root": base64.b64encode(self.root).decode(),
            "faults": self.faults.count,
            "first": [fault.to_json() for fault in self.faults.first],
        }


def audit(
    session: ReadSession,
    *,
    checkpoints: Sequence[Checkpoint] = (),
    progress: Progress = lambda _what, _done, _total: None,
) -> Audit:
    """Check everything that the tables say against what the entries say.

    Args:
        session: one snapshot of the ledger.
        checkpoints: signed ones that somebody kept: the journal must continue each of them.
        progress: told what is being checked, how far, of how many entries.
    """
    found = Audit()
    checks = (
        _check_journal(session, found, progress),
        _check_log(session, found, checkpoints, progress),
        _check_published(session),
        _check_streams(session, found, progress),
        _check_rollup(session),
        _check_snapshots(session, found),
    )
    for faults in checks:
        try:
            for fault in faults:
                found.faults.add(fault)
        except UnreadableRowError as unreadable:
            found.faults.add(_unreadable(unreadable))
    return found


def _check_journal(session: ReadSession, found: Audit, progress: Progress) -> Iterator[Fault]:
    head, recorded_at = store.get_head(session)
    last: Entry | None = None
    rows = side_by_side(
        store.iter_entries(session),
        store.iter_postings(session),
        lambda entry: entry.revision,
        lambda line: line.revision,
    )
    for revision, entries, lines in rows:
        for entry in entries:
            yield from check_gap(last, entry)
            yield from check_entry(entry)
            yield from check_postings(entry, lines)
            if entry.stream_kind not in KINDS:
                yield Fault(revision, f"entry {revision}", "of a kind that is not known")
            last = entry
            found.revision = entry.revision
        if not entries:
            yield from check_strays(revision, lines)
        if revision % _EVERY == 0:
            progress("Entries", revision, head)
    yield from check_head(last, head, recorded_at)


def _check_log(
    session: ReadSession, found: Audit, checkpoints: Sequence[Checkpoint], progress: Progress
) -> Iterator[Fault]:
    kept = sorted((Signed(one.size, one.root) for one in checkpoints), key=lambda one: one.size)
    published = (Signed(line.size, line.root) for line in store.iter_checkpoints(session))
    check = LogCheck(
        store.iter_nodes(session),
        store.get_tree_size(session),
        merge(kept, published, key=lambda one: one.size),
    )
    yield from check.begin()
    for revision, payload in store.iter_payloads(session):
        yield from check.see(revision, payload)
        if revision % _EVERY == 0:
            progress("Log", revision, found.revision)
    found.root = check.tree.root()
    yield from check.end()


def _check_published(session: ReadSession) -> Iterator[Fault]:
    for line in store.iter_checkpoints(session):
        yield from check_published(line)


def _check_streams(session: ReadSession, found: Audit, progress: Progress) -> Iterator[Fault]:
    done = 0
    for kind, rules in KINDS.items():
        streams = side_by_side(
            store.iter_entries_by_stream(session, kind),
            store.iter_versions(session, kind),
            lambda entry: entry.stream_id,
            lambda row: row.stream_id,
        )
        for stream_id, entries, rows in streams:
            yield from check_stream(rules, stream_id, entries, rows)
            before, done = done, done + len(entries)
            if done // _EVERY > before // _EVERY:
                progress("Replay", done, found.revision)


def _check_rollup(session: ReadSession) -> Iterator[Fault]:
    for cell, surplus in store.iter_rollup_differences(session):
        yield _wrong_sum("roll-up", cell, surplus)


def _check_snapshots(session: ReadSession, found: Audit) -> Iterator[Fault]:
    base = 0
    for held in store.list_snapshots(session):
        name = f"snapshot {held.revision}"
        if held.revision > found.revision:
            yield Fault(None, name, f"of a revision behind the last entry, {found.revision}")
        if held.said != held.cells:
            yield Fault(None, name, f"it has {held.cells} cells, and not {held.said}")
        for cell, surplus in store.iter_snapshot_differences(session, base, held.revision):
            yield _wrong_sum(name, cell, surplus)
        base = held.revision


def _wrong_sum(name: str, cell: Cell, surplus: Effect) -> Fault:
    differing = [f"{sum_} by {value}" for sum_, value in surplus._asdict().items() if value]
    place = " ".join([name, *map(str, cell)])
    return Fault(None, place, f"differs from the sum of its postings: {', '.join(differing)}")


def _unreadable(error: UnreadableRowError) -> Fault:
    behind = getattr(error.behind, "revision", None)
    where = f" behind revision {behind}" if behind else ""
    return Fault(
        behind + 1 if behind else None, f"table {error.table}", f"a row{where} cannot be read"
    )
