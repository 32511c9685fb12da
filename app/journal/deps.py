"""What routes ask of the journal: the snapshot that a read shows, and one answer for a repeated write."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from app.access.deps import Reader
from app.db import Database, ReadSession, WriteSession
from app.deps import ReadSessionDep, get_clock, get_database
from app.journal import service
from app.journal.domain import Answer, AsOf, Call, Snapshot, parse_as_of
from app.kernel.clock import Clock
from app.kernel.errors import InvalidError, ValueRefusedError
from app.wire import find_idempotency_key, fingerprint

AsOfParam = Annotated[
    str | None,
    Query(
        description="The ledger as it stood: a revision such as `1482`, or an instant with its zone."
    ),
]


def read_as_of(text: str | None) -> AsOf | None:
    """The moment asked for.

    Raises:
        InvalidError: ``invalid-as-of``.
    """
    if text is None:
        return None
    try:
        return parse_as_of(text)
    except ValueRefusedError as refused:
        raise InvalidError([refused.at("?as_of")]) from None


def read_snapshot(
    database: Database, session: ReadSession, clock: Clock, as_of: str | None
) -> Snapshot:
    """The state of the ledger that ``as_of`` names, now and for ever; without it, the last one.

    Args:
        database: opens a transaction of its own where the moment has first to be made final.
        session: shows the snapshot afterwards, if it has not been read from before.
        clock: tells which moments have not come yet.
        as_of: as it was given.

    Raises:
        InvalidError: ``invalid-as-of`` or ``as-of-in-future``.
    """
    moment, now = read_as_of(as_of), clock.now()
    if isinstance(moment, datetime) and service.must_settle(session, moment, now=now):
        # What the session sees may be older than what the wait for the lock brings to light. Rolling back also
        # gives its connection back, so that one call never holds two.
        session.rollback()
        with database.transaction() as settling:
            service.settle(settling, moment)
    return service.read_snapshot(session, moment, now=now)


def snapshot_of(request: Request, session: ReadSession, as_of: str | None) -> Snapshot:
    """The state of the ledger that a call asks for."""
    return read_snapshot(get_database(request), session, get_clock(request), as_of)


def _snapshot(
    request: Request, _caller: Reader, session: ReadSessionDep, as_of: AsOfParam = None
) -> Snapshot:
    # The caller first: who is calling is looked up on a connection that is given back, and one call never holds two.
    # Were the snapshot read before, as many calls as there are connections would all wait for one more.
    return snapshot_of(request, session, as_of)


def pinned_snapshot(session: ReadSession, clock: Clock, revision: int) -> Snapshot:
    """The snapshot that a cursor was pinned to."""
    return service.read_snapshot(session, revision, now=clock.now())


SnapshotDep = Annotated[Snapshot, Depends(_snapshot)]


def read_call(request: Request, actor: str) -> Call:
    """What tells this write from others, with its ``Idempotency-Key``.

    Raises:
        MalformedHeaderError: the key cannot be used.
    """
    return Call(actor, find_idempotency_key(request), fingerprint(request))


def answer_once(
    request: Request, session: WriteSession, clock: Clock, actor: str, perform: Callable[[], Answer]
) -> Response:
    """Perform a write, or repeat the stored answer of the same call."""
    call = read_call(request, actor)
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
