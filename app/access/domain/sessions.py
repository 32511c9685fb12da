"""Sign-in sessions: what the cookie holds, what is kept of it, and when it opens nothing any more.

The cookie holds 256 random bits, of which only the SHA-256 is stored, as with the secret of a key: whoever reads the
database can sign in as nobody. The token of a session's forms is derived from the same bits (HMAC, RFC 2104), so
that nothing more is stored, and whoever knows it cannot work out the cookie.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

TOKEN_BYTES: Final = 32
# 256 bits in 43 digits of base64url: the last digit carries four of its bits only.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
_FORMS: Final = b"aidledger forms"


class SessionState(StrEnum):
    """Whether a session still opens anything."""

    LIVE = "live"
    ENDED = "ended"
    EXPIRED = "expired"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Terms:
    """How long sessions last.

    Attributes:
        lifetime: from the sign-in, whatever is done meanwhile.
        idle: from the last page that was asked for.
    """

    lifetime: timedelta = timedelta(hours=8)
    idle: timedelta = timedelta(minutes=60)

    @property
    def noting(self) -> timedelta:
        """How old the note of the last page may grow: a tenth of the idle limit, so that pages seldom write."""
        return self.idle / 10


@dataclass(frozen=True, slots=True)
class SessionToken:
    """What the cookie holds, once it is known to have the right form; it may still open nothing."""

    secret: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """As the cookie says it: 43 characters."""
        return _to_text(self.secret)

    @property
    def digest(self) -> bytes:
        """SHA-256, as it is stored."""
        return sha256(self.secret).digest()

    @property
    def form_token(self) -> str:
        """What every form of the session carries, and no other site can know: 43 characters."""
        return _to_text(hmac.digest(self.secret, _FORMS, "sha256"))

    def made(self, form_token: str) -> bool:
        """Whether this is the token of the session's forms; the time taken does not tell how nearly it is."""
        return hmac.compare_digest(self.form_token.encode(), form_token.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """A session as it is stored: everything but its secret.

    Attributes:
        digest: SHA-256 of the secret.
        key_id: the key that was signed in with, whose holder and role the session has.
        created_at: when that was.
        last_seen_at: when a page was last asked for, give or take ``Terms.noting``.
        expires_at: the first instant at which it opens nothing.
        ended_at: when its holder signed out, or ``None``.
    """

    digest: bytes = field(repr=False)
    key_id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    def state_at(self, now: datetime, terms: Terms) -> SessionState:
        """What the session is worth at this instant."""
        if self.ended_at is not None:
            return SessionState.ENDED
        if now >= self.expires_at:
            return SessionState.EXPIRED
        return SessionState.IDLE if now >= self.last_seen_at + terms.idle else SessionState.LIVE

    def is_to_be_noted(self, now: datetime, terms: Terms) -> bool:
        """Whether it is time to write down that a page was asked for."""
        return now >= self.last_seen_at + terms.noting


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session just begun. ``token`` is the only copy of its secret: send it, store ``session``."""

    token: SessionToken
    session: WebSession


def generate_session(
    random_bytes: Callable[[int], bytes], key_id: str, now: datetime, expires_at: datetime
) -> NewSession:
    """Begin a session.

    Args:
        random_bytes: draws so many bytes; ``secrets.token_bytes``.
        key_id: the key that was signed in with.
        now: when.
        expires_at: when it ends at the latest.
    """
    token = SessionToken(random_bytes(TOKEN_BYTES))
    session = WebSession(
        digest=token.digest,
        key_id=key_id,
        created_at=now,
        last_seen_at=now,
        expires_at=expires_at,
        ended_at=None,
    )
    return NewSession(token, session)


def parse_token(text: str) -> SessionToken | None:
    """Read what a cookie holds; ``None`` for whatever cannot be one of ours."""
    if not _TOKEN.fullmatch(text):
        return None
    return SessionToken(urlsafe_b64decode(text + "="))


def _to_text(secret: bytes) -> str:
    return urlsafe_b64encode(secret).rstrip(b"=").decode()
