"""Signs the log, and never anything that does not continue what was signed before."""

from collections.abc import Sequence

from app.db import ReadSession, WriteSession
from app.journal import service as journal
from app.kernel.clock import Clock
from app.transparency import store
from app.transparency.domain import tree
from app.transparency.domain.checkpoints import Checkpoint, PublishedCheckpoint, SignedCheckpoint
from app.transparency.domain.keys import SigningKey
from app.transparency.domain.verify import check_consistency
from app.transparency.errors import LogForkError, UnverifiedError
from app.transparency.service import hashes
from app.transparency.service.growing import integrate


def sign(
    session: WriteSession, key: SigningKey, last_signed: SignedCheckpoint | None, clock: Clock
) -> SignedCheckpoint | None:
    """Sign the log as it stands, once it is proved to continue what was signed before.

    Args:
        session: the transaction. The caller keeps the answer outside the database *before* committing, so
            that nothing is published that the signer might forget.
        key: the log's.
        last_signed: the last checkpoint, from outside the database.
        clock: tells when it is signed.

    Returns:
        The checkpoint; the last one where nothing is new; ``None`` where there is nothing to sign.

    Raises:
        LogForkError: the log is shorter than, or does not continue, what was signed.
    """
    size = integrate(session)
    newest = store.find_newest_checkpoint(session)
    known = [one.checkpoint for one in (last_signed, newest) if one is not None]
    _check_memory(key, last_signed, newest)
    for checkpoint in known:
        contradiction = find_contradiction(session, checkpoint)
        if contradiction:
            raise LogForkError(contradiction, size=checkpoint.size)
    if size == 0 or any(one.size == size and one.origin != key.name for one in known):
        return None
    signed = last_signed
    if signed is None or signed.checkpoint.size != size:
        signed = SignedCheckpoint.sign(size, _proved_root(session, size, known), key)
    if newest is None or newest.size < size:
        store.insert_checkpoint(session, _published(signed, key, clock))
    return signed


def find_contradiction(session: ReadSession, checkpoint: Checkpoint) -> str | None:
    """What in the ledger contradicts a checkpoint that was signed for it, in a sentence; or ``None``."""
    head = journal.head_revision(session)
    if head < checkpoint.size:
        return f"The ledger has {head} entries, but {checkpoint.size} were signed for."
    try:
        root = hashes.root_from_entries(session, checkpoint.size)
    except LogForkError as gap:
        return gap.detail
    if root != checkpoint.root:
        return f"The first {checkpoint.size} entries are not those that were signed for."
    return None


def _check_memory(
    key: SigningKey, last_signed: SignedCheckpoint | None, newest: PublishedCheckpoint | None
) -> None:
    """What the signer remembers must be of this log, and may not be missing once something is published."""
    if last_signed is not None and last_signed.checkpoint.origin != key.name:
        raise LogForkError("The last signed checkpoint is of another log than the key.")
    if last_signed is None and newest is not None and newest.checkpoint.origin == key.name:
        raise LogForkError(
            "Checkpoints of this log are published, but the last signed one is not at hand. Put the newest"
            " that anybody holds where the signer keeps it.",
            size=newest.size,
        )


def _proved_root(session: ReadSession, size: int, known: Sequence[Checkpoint]) -> bytes:
    """The root to be signed, with a proof for each earlier checkpoint that the tree continues it."""
    root = tree.root(size, hashes.edge(session, size).__getitem__)
    for old in known:
        ranges = tree.consistency_ranges(old.size, size)
        try:
            check_consistency(old.size, size, old.root, root, hashes.list_proof(session, ranges))
        except UnverifiedError as failed:
            raise LogForkError(str(failed), size=old.size) from None
    return root


def _published(signed: SignedCheckpoint, key: SigningKey, clock: Clock) -> PublishedCheckpoint:
    checkpoint = signed.checkpoint
    return PublishedCheckpoint(
        checkpoint.size, checkpoint.root, signed.note, key.verifier.text, clock.now()
    )
