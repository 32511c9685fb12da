"""What routes ask of the journal: the snapshot that a read shows, and one answer for a repeated write."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from app.access.deps import Reader
from app.db import Database, ReadSession, WriteSession
from app.deps import ReadSessionDep, get_clock, get_database
from app.journal import service
from app.journal.domain import MAX_REVISION, Answer, AsOf, Call, Snapshot, parse_as_of
from app.kernel.clock import Clock
from app.kernel.errors import InvalidError, ValueRefusedError, invalid
from app.wire import find_idempotency_key, fingerprint

FindRoot = Callable[[ReadSession, int], bytes | None]
AsOfParam = Annotated[
    str | None,
    Query(
        description="The ledger as it stood: a revision such as `1482`, or an instant with its zone."
    ),
]
After = Annotated[int, Query(ge=0, lt=MAX_REVISION, description="The last revision already seen.")]
Most = Annotated[
    int | None, Query(ge=1, lt=MAX_REVISION, description="By default all that there are.")
]


def read_as_of(text: str | None, pointer: str = "?as_of") -> AsOf | None:
    """The moment asked for; ``pointer`` is where.

    Raises:
        InvalidError: ``invalid-as-of``.
    """
    if text is None:
        return None
    try:
        return parse_as_of(text)
    except ValueRefusedError as refused:
        raise InvalidError([refused.at(pointer)]) from None


def read_snapshot(
    database: Database,
    session: ReadSession,
    clock: Clock,
    as_of: str | None,
    *,
    find_root: FindRoot,
    pointer: str = "?as_of",
) -> Snapshot:
    """The state of the ledger that ``as_of`` names, now and for ever; without it, the last one.

    Args:
        database: opens a transaction of its own where the moment has first to be made final.
        session: shows the snapshot afterwards, if it has not been read from before.
        clock: tells which moments have not come yet.
        as_of: as it was given.
        find_root: finds the root of the log's tree at a revision.
        pointer: the parameter that it was given as.

    Raises:
        InvalidError: ``invalid-as-of`` or ``as-of-in-future``.
    """
    moment, now = read_as_of(as_of, pointer), clock.now()
    if isinstance(moment, datetime) and service.must_settle(session, moment, now=now):
        # What the session sees may be older than what the wait for the lock brings to light. Rolling back also
        # gives its connection back, so that one call never holds two.
        session.rollback()
        with database.transaction() as settling:
            service.settle(settling, moment)
    snapshot = service.read_snapshot(session, moment, now=now, pointer=pointer)
    return replace(snapshot, root=find_root(session, snapshot.revision))


def read_snapshots(
    database: Database,
    session: ReadSession,
    clock: Clock,
    first: str,
    last: str | None,
    *,
    find_root: FindRoot,
) -> tuple[Snapshot, Snapshot]:
    """Two states of the ledger, the earlier one first; ``last`` is as ``as_of``, by default now.

    Raises:
        InvalidError: as ``read_snapshot``, for ``?from`` or ``?to``; ``revision-order`` where they are the wrong way
            round.
    """
    read = partial(read_snapshot, database, session, clock, find_root=find_root)
    earlier, later = read(first, pointer="?from"), read(last, pointer="?to")
    if earlier.revision > later.revision:
        raise invalid(
            "?to", "revision-order", "`to` is an earlier state of the ledger than `from`."
        )
    # While the second was read, the session may have begun anew: what was the last revision is perhaps no more.
    return replace(earlier, is_head=False), later


def snapshots_of(
    request: Request, session: ReadSession, first: str, last: str | None
) -> tuple[Snapshot, Snapshot]:
    """The two states of the ledger that a call compares."""
    return read_snapshots(
        get_database(request),
        session,
        get_clock(request),
        first,
        last,
        find_root=request.app.state.find_root,
    )


def snapshot_of(request: Request, session: ReadSession, as_of: str | None) -> Snapshot:
    """The state of the ledger that a call asks for."""
    return read_snapshot(
        get_database(request),
        session,
        get_clock(request),
        as_of,
        find_root=request.app.state.find_root,
    )


def _snapshot(
    request: Request, _caller: Reader, session: ReadSessionDep, as_of: AsOfParam = None
) -> Snapshot:
    # The caller first: who is calling is looked up on a connection that is given back, and one call never holds two.
    # Were the snapshot read before, as many calls as there are connections would all wait for one more.
    return snapshot_of(request, session, as_of)


def pinned_snapshot(request: Request, session: ReadSession, revision: int) -> Snapshot:
    """The snapshot that a cursor was pinned to."""
    snapshot = service.read_snapshot(session, revision, now=get_clock(request).now())
    find_root: FindRoot = request.app.state.find_root
    return replace(snapshot, root=find_root(session, revision))


SnapshotDep = Annotated[Snapshot, Depends(_snapshot)]


def read_call(request: Request, actor: str) -> Call:
    """What tells this write from others, with its ``Idempotency-Key``.

    Raises:
        MalformedHeaderError: the key cannot be used.
    """
    key = find_idempotency_key(request)
    # Without a key nothing is compared.
    return Call(actor, key, fingerprint(request) if key else b"")


def answer_once(
    request: Request, session: WriteSession, clock: Clock, actor: str, perform: Callable[[], Answer]
) -> Response:
    """Perform a write, or repeat the stored answer of the same call."""
    call = read_call(request, actor)
    if call.claim:
        service.lock_revision(session)
    [(answer, repeated)] = service.answer_once(
        session, [call], now=clock.now(), perform=lambda fresh: [perform() for _ in fresh]
    )
    return to_response(answer, repeated=repeated)


def to_response(answer: Answer, *, repeated: bool) -> Response:
    """An answer on the wire; one that is given again says so."""
    headers = dict(answer.headers)
    if repeated:
        headers["Idempotency-Replayed"] = "true"
    return Response(answer.body, answer.status, headers, "application/json")
