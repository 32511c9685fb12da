"""Sign in with an API key, be known by the session from then on, sign out."""

import logging
import secrets
from dataclasses import dataclass

from app.access import store
from app.access.domain import (
    Caller,
    KeyState,
    NewSession,
    SessionState,
    SessionToken,
    Terms,
    generate_session,
    parse_token,
)
from app.access.service.keys import authenticate, get_key
from app.db import ReadSession, WriteSession
from app.kernel.clock import Clock

_logger = logging.getLogger("aidledger.access")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is known by a session.

    Attributes:
        caller: the holder of the key, with the key's role.
        token: of the session; it makes the token of its forms.
        is_to_be_noted: it is time to write down that a page was asked for, see ``note_seen``.
    """

    caller: Caller
    token: SessionToken
    is_to_be_noted: bool


def sign_in(
    session: WriteSession, presented: str | None, *, terms: Terms, clock: Clock
) -> NewSession:
    """Begin a session with a key; sessions that have expired are let go of on the occasion.

    It ends when its time is over, and never later than its key.

    Raises:
        InvalidTokenError: the key opens nothing; the reason is logged and not told.
    """
    caller = authenticate(session, presented, clock)
    key, now = get_key(session, caller.key_id or ""), clock.now()
    new = generate_session(
        secrets.token_bytes, key.key_id, now, min(now + terms.lifetime, key.expires_at)
    )
    store.drop_expired_sessions(session, now)
    store.insert_session(session, new.session)
    _logger.info("signed-in", extra={"key_id": key.key_id, "role": key.role.value})
    return new


def find_signed_in(
    session: ReadSession, cookie: str | None, *, terms: Terms, clock: Clock
) -> SignedIn | None:
    """Who is known by this cookie; ``None`` where it opens nothing, or its key opens nothing any more."""
    token = parse_token(cookie or "")
    found = store.find_session(session, token.digest) if token else None
    if token is None or found is None:
        return None
    web_session, key = found
    now = clock.now()
    if key.state_at(now) is not KeyState.LIVE:
        return None
    if web_session.state_at(now, terms) is not SessionState.LIVE:
        return None
    caller = Caller(key.name, key.role, key.key_id)
    return SignedIn(caller, token, web_session.is_to_be_noted(now, terms))


def note_seen(session: WriteSession, token: SessionToken, clock: Clock) -> None:
    """Write down that a page was asked for, so that the session does not count as idle."""
    store.note_seen(session, token.digest, clock.now())


def sign_out(session: WriteSession, token: SessionToken, clock: Clock) -> None:
    """End a session, for every process at once; doing it again changes nothing."""
    store.end_session(session, token.digest, clock.now())
    _logger.info("signed-out")
