"""Checks a whole ledger: the journal, its streams, the roll-up; in one snapshot, and in bounded memory."""

import base64
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

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
from app.audit.domain.rows import side_by_side
from app.audit.domain.streams import check_stream
from app.audit.errors import UnreadableRowError
from app.db import ReadSession
from app.journal.domain import Entry
from app.kernel.canonical import Json
from verifier.checkpoint import Checkpoint
from verifier.tree import Tree, hash_leaf

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
        _check_journal(session, found, checkpoints, progress),
        _check_streams(session, found, progress),
        _check_rollup(session),
    )
    for faults in checks:
        try:
            for fault in faults:
                found.faults.add(fault)
        except UnreadableRowError as unreadable:
            found.faults.add(_unreadable(unreadable))
    return found


def _check_journal(
    session: ReadSession, found: Audit, checkpoints: Sequence[Checkpoint], progress: Progress
) -> Iterator[Fault]:
    head, recorded_at = store.get_head(session)
    last: Entry | None = None
    roots = _Roots({one.size for one in checkpoints})
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
            roots.see(entry)
            last = entry
        if not entries:
            yield from check_strays(revision, lines)
        if revision % _EVERY == 0:
            progress("Entries", revision, head)
    yield from check_head(last, head, recorded_at)
    found.revision, found.root = last.revision if last else 0, roots.tree.root()
    for checkpoint in checkpoints:
        yield from roots.check(checkpoint)


class _Roots:
    """The tree over the stored bytes, with its roots at the sizes asked for."""

    def __init__(self, sizes: Collection[int]) -> None:
        self.tree = Tree()
        self._sizes = sizes
        self._roots = {0: self.tree.root()}

    def see(self, entry: Entry) -> None:
        """Add the next entry."""
        self.tree.append(hash_leaf(entry.payload))
        if self.tree.size in self._sizes:
            self._roots[self.tree.size] = self.tree.root()

    def check(self, checkpoint: Checkpoint) -> Iterator[Fault]:
        """The first entries are those that the checkpoint was signed for."""
        size = checkpoint.size
        if size > self.tree.size:
            what = f"missing; a checkpoint of {size} entries was signed"
            yield Fault(self.tree.size + 1, f"entry {self.tree.size + 1}", what)
        elif self._roots[size] != checkpoint.root:
            what = f"one of them is not what a checkpoint of {size} entries was signed for"
            yield Fault(None, f"entries 1 to {size}", what)


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
        place = " ".join(["roll-up", *map(str, cell)])
        differing = [f"{name} by {value}" for name, value in surplus._asdict().items() if value]
        yield Fault(None, place, f"differs from the sum of its postings: {', '.join(differing)}")


def _unreadable(error: UnreadableRowError) -> Fault:
    behind = getattr(error.behind, "revision", None)
    where = f" behind revision {behind}" if behind else ""
    return Fault(
        behind + 1 if behind else None, f"table {error.table}", f"a row{where} cannot be read"
    )
