"""Reads checkpoints, entries, proofs and tiles. All of them end where the newest checkpoint does."""

from app.db import ReadSession
from app.journal import service as journal
from app.kernel.errors import invalid
from app.transparency import store
from app.transparency.domain import tree
from app.transparency.domain.checkpoints import PublishedCheckpoint
from app.transparency.domain.proofs import ContinuationProof, EntryProof
from app.transparency.domain.tiles import Tile, entry_bundle
from app.transparency.errors import (
    EntryNotFoundError,
    LogDamagedError,
    NoCheckpointError,
    TileNotFoundError,
)
from app.transparency.service import hashes


def get_newest_checkpoint(session: ReadSession) -> PublishedCheckpoint:
    """The checkpoint of the largest size.

    Raises:
        NoCheckpointError: nothing has been signed yet.
    """
    newest = store.find_newest_checkpoint(session)
    if newest is None:
        raise NoCheckpointError
    return newest


def get_checkpoint(session: ReadSession, size: int | None, pointer: str) -> PublishedCheckpoint:
    """The checkpoint of this size, by default the newest.

    Raises:
        InvalidError: ``no-such-checkpoint`` at ``pointer``.
    """
    newest = store.find_newest_checkpoint(session)
    found = newest if size is None else store.find_checkpoint(session, size)
    if found is None:
        raise invalid(
            pointer,
            "no-such-checkpoint",
            "No checkpoint of this size is signed.",
            newest=newest.size if newest else 0,
        )
    return found


def get_entry(session: ReadSession, revision: int) -> tuple[bytes, bool]:
    """The exact bytes of an entry, and whether a checkpoint covers them.

    Raises:
        EntryNotFoundError: the journal has not reached it.
    """
    payloads = journal.list_payloads(session, after=revision - 1, until=revision)
    if not payloads:
        raise EntryNotFoundError
    return payloads[0], revision <= _signed_size(session)


def prove_entry(session: ReadSession, revision: int, size: int | None) -> EntryProof:
    """That an entry stands in the log as of the checkpoint of this size, by default the newest.

    Raises:
        InvalidError: ``no-such-checkpoint``; ``not-in-log``, the checkpoint does not cover the entry.
    """
    signed = get_checkpoint(session, size, "?size")
    if revision > signed.size:
        raise invalid(
            "?revision", "not-in-log", "The checkpoint does not cover this entry.", size=signed.size
        )
    ranges = tree.inclusion_ranges(revision - 1, signed.size)
    return EntryProof(revision - 1, tuple(hashes.list_proof(session, ranges)), signed.note)


def prove_continuation(session: ReadSession, old_size: int, size: int | None) -> ContinuationProof:
    """That the log as of a checkpoint, by default the newest, begins with its first ``old_size`` entries.

    Raises:
        InvalidError: ``no-such-checkpoint``; ``not-in-log``, the checkpoint is smaller.
    """
    signed = get_checkpoint(session, size, "?to")
    if old_size > signed.size:
        raise invalid("?from", "not-in-log", "The checkpoint is smaller.", size=signed.size)
    ranges = tree.consistency_ranges(old_size, signed.size)
    return ContinuationProof(old_size, tuple(hashes.list_proof(session, ranges)), signed.note)


def read_tile(session: ReadSession, tile: Tile) -> bytes:
    """The hashes of a tile, one after the other.

    Raises:
        TileNotFoundError: the newest checkpoint does not cover all of it.
    """
    _check_signed(session, tile)
    places = tile.places
    if tile.level == 0:
        row = journal.list_leaf_hashes(session, after=places.start, until=places.end)
    else:
        row = store.list_hashes(session, tile.node_level, places)
    if len(row) != tile.width:
        raise LogDamagedError
    return b"".join(row)


def read_bundle(session: ReadSession, tile: Tile) -> bytes:
    """The entries of a tile of level 0.

    Raises:
        TileNotFoundError: the newest checkpoint does not cover all of them.
    """
    _check_signed(session, tile)
    places = tile.places
    return entry_bundle(journal.list_payloads(session, after=places.start, until=places.end))


def _check_signed(session: ReadSession, tile: Tile) -> None:
    if not tile.is_within(_signed_size(session)):
        raise TileNotFoundError


def _signed_size(session: ReadSession) -> int:
    newest = store.find_newest_checkpoint(session)
    return newest.size if newest else 0
