"""The checks in their order: signature, every entry, the roots, the totals, and a workbook where there is one."""

import base64
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from verifier.bundle import CHECKPOINT, RATES, TOTALS, Bundle, Leaf, Manifest
from verifier.checkpoint import Checkpoint, open_checkpoint
from verifier.claims import check_claims, read_claims
from verifier.cover import Cover
from verifier.entries import History
from verifier.errors import MalformedError, MismatchError
from verifier.note import MAX_NOTE, VerifierKey
from verifier.rates import Rates
from verifier.summary import Summary, check_summary, read_summary
from verifier.sums import Sums
from verifier.tree import EMPTY_ROOT, Tree, hash_leaf

Progress = Callable[[str, int, int], None]
_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was checked and found right.

    Attributes:
        checkpoint: of the bundle.
        figures: how many claimed totals were worked out and are equal.
        since: size of the older checkpoint that the log continues; ``None`` where none was given.
        workbook: revision of the workbook and how many of its figures were checked.
    """

    checkpoint: Checkpoint
    figures: int
    since: int | None = None
    workbook: tuple[int, int] | None = None

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        workbook = self.workbook and {"revision": self.workbook[0], "figures": self.workbook[1]}
        return {
            "ok": True,
            "origin": self.checkpoint.origin,
            "revision": self.checkpoint.size,
            "root": self.checkpoint.root_text,
            "figures": self.figures,
            "since": self.since,
            "workbook": workbook,
        }

    def __str__(self) -> str:
        lines = [
            f"{self.checkpoint.origin}: revision {self.checkpoint.size}, root {self.checkpoint.root_text}",
            f"The key signed it; all {self.checkpoint.size} entries are those that were signed.",
            f"{self.figures} totals were worked out from the entries and are as claimed.",
        ]
        if self.since is not None:
            lines.append(f"The log continues the older checkpoint of revision {self.since}.")
        if self.workbook is not None:
            revision, figures = self.workbook
            lines.append(
                f"Workbook of revision {revision}: {figures} figures are those of the entries."
            )
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class State:
    """The ledger after one of its entries: its sums, and when the entry was recorded."""

    sums: Sums = field(default_factory=Sums)
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """What was learnt from reading all entries once: roots and states at the sizes asked for."""

    roots: dict[int, bytes]
    states: dict[int, State]


def verify_bundle(
    path: Path,
    key: VerifierKey,
    *,
    since: Path | None = None,
    workbook: Path | None = None,
    progress: Progress = lambda _what, _done, _total: None,
) -> Report:
    """Check a bundle offline.

    Args:
        path: the bundle.
        key: the log's key, from anywhere but the bundle.
        since: an older checkpoint of the same log, which the bundle must continue.
        workbook: a summary workbook whose figures are worked out too.
        progress: told now and then what is being read, how far, of how many.

    Raises:
        MismatchError: what was found, with the revision where it is known.
        MalformedError: a file is not of its format.
    """
    summary = read_summary(workbook) if workbook else None
    older = read_checkpoint(since, key) if since else None
    with Bundle.open(path) as bundle:
        checkpoint = open_checkpoint(bundle.read(CHECKPOINT), key)
        _check_manifest(bundle.manifest, checkpoint)
        sizes = {checkpoint.size, *_sizes(older, summary, checkpoint)}
        walked = walk(
            bundle.leaves(), sizes, lambda done: progress("Entries", done, checkpoint.size)
        )
        if older:
            _check_root(walked, older, "the older checkpoint", 1)
        _check_root(walked, checkpoint, "the checkpoint", older.size + 1 if older else 1)
        rates = Rates.read(bundle.read(RATES), bundle.manifest.rates_until)
        state = walked.states[checkpoint.size]
        as_of = _format_instant(state.recorded_at)
        claims = read_claims(bundle.read(TOTALS))
        figures = check_claims(claims, state.sums, rates, checkpoint.size, as_of)
    return Report(
        checkpoint=checkpoint,
        figures=figures,
        since=older.size if older else None,
        workbook=_check_workbook(summary, walked, rates) if summary else None,
    )


def read_checkpoint(path: Path, key: VerifierKey) -> Checkpoint:
    """A checkpoint that somebody kept in a file.

    Raises:
        MismatchError: the key did not sign it.
        MalformedError: it is none.
    """
    if path.stat().st_size > MAX_NOTE:
        raise MalformedError("The older checkpoint is longer than a checkpoint may be.")
    return open_checkpoint(path.read_bytes(), key)


def walk(leaves: Iterable[Leaf], sizes: Collection[int], progress: Callable[[int], None]) -> Walk:
    """Read all entries once, in order, and remember the roots and states at the sizes asked for.

    Raises:
        MismatchError: an entry is not the one that the ledger hashed, not well formed, or not the next one.
    """
    tree, history, sums = Tree(), History(), Sums()
    roots, states = {0: EMPTY_ROOT}, {0: State()}
    for leaf in leaves:
        hashed = hash_leaf(leaf.payload)
        if hashed != leaf.claimed_hash:
            raise MismatchError(
                "The entry is not the one whose hash the ledger keeps.", leaf.revision
            )
        entry = history.read(leaf.payload)
        tree.append(hashed)
        sums.add(entry.postings)
        if tree.size in sizes:
            roots[tree.size] = tree.root()
            states[tree.size] = State(
                Sums(dict(sums.cells), dict(sums.decimals)), entry.recorded_at
            )
        if tree.size % _EVERY == 0:
            progress(tree.size)
    progress(tree.size)
    return Walk(roots, states)


def _check_manifest(manifest: Manifest, checkpoint: Checkpoint) -> None:
    if (manifest.origin, manifest.revision) != (checkpoint.origin, checkpoint.size):
        raise MalformedError("The manifest is not about the bundle's checkpoint.")


def _sizes(older: Checkpoint | None, summary: Summary | None, newest: Checkpoint) -> set[int]:
    """Where else the walk has to look; refuses what lies behind the end of the bundle."""
    sizes: set[int] = set()
    if older:
        if older.size > newest.size:
            what = f"The log ends at revision {newest.size}; the older checkpoint had {older.size} entries."
            raise MismatchError(what, newest.size + 1, older.size)
        sizes.add(older.size)
    if summary:
        sizes.add(summary.cover.revision)
        if summary.cover.checkpoint:
            sizes.add(summary.cover.checkpoint[0])
    if max(sizes, default=0) > newest.size:
        raise MalformedError("The workbook is newer than the bundle; take a newer bundle.")
    return sizes


def _check_root(walked: Walk, checkpoint: Checkpoint, name: str, first: int) -> None:
    if walked.roots[checkpoint.size] != checkpoint.root:
        what = f"The root over {checkpoint.size} entries is not that of {name}."
        raise MismatchError(what, min(first, checkpoint.size), checkpoint.size)


def _check_workbook(summary: Summary, walked: Walk, rates: Rates) -> tuple[int, int]:
    cover = summary.cover
    state = walked.states[cover.revision]
    recorded = f"{state.recorded_at:%Y-%m-%d %H:%M}" if state.recorded_at else None
    if cover.recorded != recorded:
        raise MismatchError(
            f"Cover: revision {cover.revision} was recorded at {recorded}, not at {cover.recorded}."
        )
    _check_cover_checkpoint(cover, walked)
    return cover.revision, check_summary(summary, state.sums, rates)


def _check_cover_checkpoint(cover: Cover, walked: Walk) -> None:
    if cover.checkpoint is None:
        return
    size, root = cover.checkpoint
    if root != base64.b64encode(walked.roots[size]).decode():
        raise MismatchError(f"Cover: the checkpoint of {size} entries is not one of this log.")


def _format_instant(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z") if instant else None
