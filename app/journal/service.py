"""What one can do with the journal: lock it, append to it, read it as of a moment, answer a repeated call."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.db import ReadSession, WriteSession
from app.journal import store
from app.journal.domain import MAX_REVISION, Answer, AsOf, Call, Claim, Draft, Entry, Snapshot, seal
from app.journal.errors import IdempotencyKeyReusedError
from app.kernel.clock import Clock
from app.kernel.dates import EARLIEST
from app.kernel.errors import invalid
from app.kernel.ids import new_id

# Both engines keep microseconds.
TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the journal, held by this transaction alone.

    Attributes:
        revision: of the last entry; 0 before the first.
        now: the instant that the next entries are recorded at.
    """

    revision: int
    now: datetime

    def behind(self, last: Entry) -> "Head":
        """The end once this entry is the last one, in the same transaction."""
        return Head(last.revision, self.now)


def lock(session: WriteSession, clock: Clock) -> Head:
    """Take the journal's lock for the rest of the transaction.

    The instant is read *after* the lock is held and never goes back, so instants rise with revisions; and it lies
    behind every instant that somebody was answered about, see ``settle``.
    """
    revision, recorded_at, settled_at = store.lock_head(session)
    instants = [clock.now()]
    if recorded_at:
        instants.append(recorded_at)
    if settled_at:
        instants.append(settled_at + TICK)
    return Head(revision, max(instants))


def lock_revision(session: WriteSession) -> int:
    """Take the journal's lock, to write what holds from the next revision on; returns the last one."""
    return store.lock_head(session)[0]


def append(
    session: WriteSession,
    head: Head,
    drafts: Sequence[Draft],
    *,
    actor: str,
    project: Callable[[Sequence[Entry]], None] = lambda _entries: None,
) -> list[Entry]:
    """Append drafts as the next revisions, in their order, and move the head.

    Args:
        session: the transaction.
        head: the end of the journal, held by it.
        drafts: what was decided.
        actor: who decided.
        project: writes what follows from the entries; it goes to the database together with them.

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
        with store.writing(session):
            store.insert_entries(session, entries)
            store.move_head(session, entries[-1].revision, head.now)
            project(entries)
    return entries


def must_settle(session: ReadSession, as_of: AsOf | None, *, now: datetime) -> bool:
    """Whether entries may still be recorded at or before this instant, so that ``settle`` must come first.

    A revision is final, and so is an instant before that of the last entry, for instants never go back.
    """
    return isinstance(as_of, datetime) and as_of <= now and not store.is_settled(session, as_of)


def settle(session: WriteSession, instant: datetime) -> None:
    """Make sure that the ledger as of ``instant`` is final, whatever is being written and whatever clocks tell.

    The lock waits for a writer that took an earlier instant and has not committed; the mark keeps later ones behind
    ``instant``, even where their clocks are slow. So only answers of sessions that begin after this transaction has
    ended are final.
    """
    _, recorded_at, settled_at = store.lock_head(session)
    if not (recorded_at and recorded_at > instant) and not (settled_at and settled_at >= instant):
        store.settle(session, instant)


def read_snapshot(
    session: ReadSession, as_of: AsOf | None, *, now: datetime, pointer: str = "?as_of"
) -> Snapshot:
    """Which revision ``as_of`` means; ``None`` means the last. ``pointer`` is where it was given.

    Raises:
        InvalidError: ``as-of-in-future``: a revision or an instant that has not been reached, whose ledger could
            still change.
    """
    head, head_at = store.get_head(session)
    if as_of is None:
        return Snapshot(head, head_at, is_head=True)
    day = at = None
    if isinstance(as_of, datetime):
        if as_of > now:
            raise invalid(pointer, "as-of-in-future", "The ledger is known up to the present.")
        revision, day, at = store.last_revision_at(session, as_of), as_of.date(), as_of
    else:
        revision = as_of
    if revision > head:
        raise invalid(
            pointer, "as-of-in-future", "The ledger has not reached this revision.", revision=head
        )
    recorded_at = head_at if revision == head else store.find_recorded_at(session, revision)
    if day is None:
        day = recorded_at.date() if recorded_at else EARLIEST
    return Snapshot(revision, recorded_at, is_head=revision == head, day=day, at=at)


def list_entries(
    session: ReadSession, *, after: int, limit: int, until: int = MAX_REVISION
) -> list[Entry]:
    """Up to ``limit`` entries behind revision ``after`` up to ``until``: a feed without gaps, in commit order."""
    return store.list_entries(session, after=after, until=until, limit=limit)


def list_stream(session: ReadSession, stream_id: UUID, *, until: int) -> list[Entry]:
    """The history of one stream up to revision ``until``, oldest first."""
    return store.list_stream(session, stream_id, until=until)


def list_streams(session: ReadSession, stream_ids: Collection[UUID], *, until: int) -> list[Entry]:
    """The histories of several streams up to revision ``until``, together in commit order."""
    return store.list_streams(session, stream_ids, until=until)


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
    calls: Sequence[Call],
    *,
    now: datetime,
    perform: Callable[[Sequence[int]], Sequence[Answer]],
) -> list[tuple[Answer, bool]]:
    """Perform calls, each of them once: a call that was answered before gets its answer again.

    The claims, the effects and the answers are one transaction: calls that fail claim nothing.

    Args:
        session: the transaction; where calls have keys it must hold the journal's lock. Were keys claimed before, two
            writers could wait for each other: one for a key, the other one for the lock.
        calls: what came in, in order; copies may be among them.
        now: the instant of the claims.
        perform: answers the calls of these indices.

    Returns:
        For each call its answer, and whether that is a repetition.

    Raises:
        IdempotencyKeyReusedError: a key belongs to another call.
    """
    # Of copies that came in together, the first one claims.
    claiming = {call.claim: index for index, call in reversed([*enumerate(calls)]) if call.claim}
    ours = store.insert_claims(
        session, {claim: calls[index].fingerprint for claim, index in claiming.items()}, now
    )
    known = store.find_answers(session, claiming.keys() - ours)
    fresh = [
        index
        for index, call in enumerate(calls)
        if call.claim is None or (call.claim in ours and claiming[call.claim] == index)
    ]
    answers = dict(zip(fresh, perform(fresh), strict=True))
    kept = {
        claim: (calls[index].fingerprint, answers[index])
        for claim, index in claiming.items()
        if claim in ours
    }
    store.keep_answers(session, {claim: answer for claim, (_, answer) in kept.items()})
    known |= kept
    return [
        (answers[index], False) if index in answers else (_repeat(call, known), True)
        for index, call in enumerate(calls)
    ]


def _repeat(call: Call, known: Mapping[Claim, tuple[bytes, Answer]]) -> Answer:
    assert call.claim is not None  # noqa: S101 -- a call without a claim is always performed
    fingerprint, answer = known[call.claim]
    if fingerprint != call.fingerprint:
        raise IdempotencyKeyReusedError
    return answer
