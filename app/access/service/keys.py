"""API keys: make, list, revoke, and find out who is calling."""

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.access import store
from app.access.domain import (
    DEFAULT_VALIDITY,
    ApiKey,
    Caller,
    NewKey,
    ParsedKey,
    Refusal,
    Role,
    generate_key,
    is_key_id,
    judge,
    parse_key,
    read_name,
    read_validity,
)
from app.access.errors import InvalidTokenError, KeyNotFoundError
from app.db import ReadSession, WriteSession
from app.kernel.clock import Clock
from app.kernel.findings import Collector

_logger = logging.getLogger("aidledger.access")


def create_key(
    session: WriteSession,
    *,
    name: str,
    role: Role,
    valid_for: timedelta = DEFAULT_VALIDITY,
    clock: Clock,
    created_by: str,
) -> NewKey:
    """Make a key; the answer holds the only copy of its secret.

    Args:
        session: where the key is stored.
        name: its holder, who becomes the actor of what is recorded with it.
        role: what its holder may do.
        valid_for: above zero and at most 366 days.
        clock: tells when it is made.
        created_by: who makes it.

    Raises:
        InvalidError: at ``/name`` or ``/valid_days``.
    """
    collector = Collector()
    holder = collector.read("/name", read_name, name, "")
    validity = collector.read("/valid_days", read_validity, valid_for, DEFAULT_VALIDITY)
    collector.finish()
    new = generate_key(secrets.randbelow)
    now = _whole_second(clock)
    store.insert_key(
        session,
        ApiKey(
            key_id=new.key_id,
            name=holder,
            role=role,
            digest=new.digest,
            created_at=now,
            expires_at=now + validity,
            revoked_at=None,
            created_by=created_by,
        ),
    )
    _logger.info("api-key-created", extra={"key_id": new.key_id, "role": role.value})
    return new


def get_key(session: ReadSession, key_id: str) -> ApiKey:
    """The key with this public part.

    Raises:
        KeyNotFoundError: there is none.
    """
    # Only what has the form of an id is looked up: PostgreSQL cannot be asked about every text.
    key = store.find_key(session, key_id) if is_key_id(key_id) else None
    if key is None:
        raise KeyNotFoundError
    return key


def list_keys(session: ReadSession) -> list[ApiKey]:
    """All keys, also expired and revoked ones, the oldest first."""
    return store.list_keys(session)


def revoke_key(session: WriteSession, key_id: str, clock: Clock) -> ApiKey:
    """Take a key back, from the next call on; doing it again changes nothing.

    Raises:
        KeyNotFoundError: there is no such key.
    """
    get_key(session, key_id)
    store.revoke(session, key_id, _whole_second(clock))
    _logger.info("api-key-revoked", extra={"key_id": key_id})
    return get_key(session, key_id)


def authenticate(session: ReadSession, presented: str | None, clock: Clock) -> Caller:
    """Who presents this key.

    Raises:
        InvalidTokenError: the key opens nothing; the reason is logged and not told.
    """
    parsed = read_presented(presented)
    [judged] = judge_keys(session, [parsed], clock)
    return admit(parsed, judged)


def read_presented(text: str | None) -> ParsedKey:
    """A presented key, which may still open nothing.

    Raises:
        InvalidTokenError: it cannot be one of ours.
    """
    parsed = parse_key(text or "")
    if parsed is None:
        raise _refused(Refusal.MALFORMED, None)
    return parsed


def judge_keys(
    session: ReadSession, presented: Sequence[ParsedKey], clock: Clock
) -> list[Caller | Refusal]:
    """Who presents each of these keys, or why it opens nothing; one look into the database for all."""
    stored = store.find_keys(session, {one.key_id for one in presented})
    return [judge(one, stored.get(one.key_id), clock.now()) for one in presented]


def admit(presented: ParsedKey, judged: Caller | Refusal) -> Caller:
    """Let the caller in.

    Raises:
        InvalidTokenError: the key opens nothing; the reason is logged and not told.
    """
    if isinstance(judged, Refusal):
        raise _refused(judged, presented.key_id)
    return judged


def _whole_second(clock: Clock) -> datetime:
    """Now, without a fraction: people read and copy when a key expires."""
    return clock.now().replace(microsecond=0)


def _refused(reason: Refusal, key_id: str | None) -> InvalidTokenError:
    """Log the reason. What was presented stays out: a mistyped key is nearly a key."""
    _logger.warning("api-key-refused", extra={"reason": reason.value, "key_id": key_id})
    return InvalidTokenError()
