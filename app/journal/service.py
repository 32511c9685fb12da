"""What one can do with the journal: lock it, append to it, read it as of a moment, answer a repeated call."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db import ReadSession, WriteSession
from app.journal import store
from app.journal.domain import Answer, AsOf, Draft, Entry, Snapshot, seal
from app.journal.errors import IdempotencyKeyReusedError
from app.kernel.clock import Clock
from app.kernel.errors import invalid
from app.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the journal, held by this transaction alone.

    Attributes:
        revision: of the last entry; 0 before the first.
        now: the instant that the next entries are recorded at.
    """

    revision: int
    now: datetime


def lock(session: WriteSession, clock: Clock) -> Head:
    """Take the journal's lock for the rest of the transaction.

    The instant is read *after* the lock is held and never goes back, so instants rise with revisions.
    """
    revision, recorded_at = store.lock_head(session)
    now = clock.now()
    return Head(revision, max(now, recorded_at) if recorded_at else now)


def append(
    session: WriteSession, head: Head, drafts: Sequence[Draft], *, actor: str
) -> list[Entry]:
    """Append drafts as the next revisions, in their order, and move the head.

    Raises:
        InvalidError: ``entry-too-large``.
        StreamMovedError: a version of a stream exists already.
    """
    entries = [
        seal(
            draft,
            entry_id=new_id(),
            revision=head.revision + place,
            recorded_at=head.now,
            actor=actor,
        )
        for place, draft in enumerate(drafts, start=1)
    ]
    if entries:
        store.insert_entries(session, entries)
        store.move_head(session, entries[-1].revision, head.now)
    return entries


def read_snapshot(session: ReadSession, as_of: AsOf | None, *, now: datetime) -> Snapshot:
    """Which revision ``as_of`` means; ``None`` means the last.

    Raises:
        InvalidError: ``as-of-in-future``: a revision or an instant that has not been reached, whose ledger could
            still change.
    """
    head, head_at = store.get_head(session)
    if as_of is None:
        return Snapshot(head, head_at, is_head=True)
    if isinstance(as_of, datetime):
        if as_of > now:
            raise invalid("?as_of", "as-of-in-future", "The ledger is known up to the present.")
        revision = store.last_revision_at(session, as_of)
    else:
        revision = as_of
    if revision > head:
        raise invalid(
            "?as_of", "as-of-in-future", "The ledger has not reached this revision.", revision=head
        )
    recorded_at = head_at if revision == head else store.find_recorded_at(session, revision)
    return Snapshot(revision, recorded_at, is_head=revision == head)


def list_entries(session: ReadSession, *, after: int, limit: int) -> list[Entry]:
    """Up to ``limit`` entries behind revision ``after``: a feed without gaps, in commit order."""
    return store.list_entries(session, after=after, limit=limit)


def list_stream(session: ReadSession, stream_id: UUID, *, until: int) -> list[Entry]:
    """The history of one stream up to revision ``until``, oldest first."""
    return store.list_stream(session, stream_id, until=until)


def head_revision(session: ReadSession) -> int:
    """The revision of the last entry; 0 before the first."""
    revision, _ = store.get_head(session)
    return revision


def list_leaf_hashes(session: ReadSession, *, after: int, until: int) -> list[bytes]:
    """The leaf hashes of the entries behind ``after`` up to ``until``, in order."""
    return store.list_leaf_hashes(session, after=after, until=until)


def find_leaf_hashes(session: ReadSession, revisions: Collection[int]) -> dict[int, bytes]:
    """The leaf hashes of single entries, by revision."""
    return store.find_leaf_hashes(session, revisions)


def list_payloads(session: ReadSession, *, after: int, until: int) -> list[bytes]:
    """The exact bytes of the entries behind ``after`` up to ``until``, in order."""
    return store.list_payloads(session, after=after, until=until)


def answer_once(
    session: WriteSession,
    *,
    actor: str,
    key: str | None,
    fingerprint: bytes,
    now: datetime,
    perform: Callable[[], Answer],
) -> tuple[Answer, bool]:
    """Perform a call, or repeat the answer that the same call got before.

    The claim, the effect and the answer are one transaction: a call that fails claims nothing.

    Returns:
        The answer, and whether it is a repetition.

    Raises:
        IdempotencyKeyReusedError: the key belongs to another call.
    """
    if key is None:
        return perform(), False
    if store.insert_claim(session, actor, key, fingerprint, now):
        answer = perform()
        store.keep_answer(session, actor, key, answer)
        return answer, False
    claimed, answer = store.find_claim(session, actor, key)
    if claimed != fingerprint:
        raise IdempotencyKeyReusedError
    return answer, True
