"""The SQL of sign-in sessions: rows that come, change and go, beside the keys that stay."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select, update

from app.access.domain import ApiKey, Role, WebSession
from app.access.tables import ApiKeyRow, WebSessionRow
from app.db import ReadSession, WriteSession, table_of

_KEY: Final = table_of(ApiKeyRow)
_SESSION: Final = table_of(WebSessionRow)
_OF_SESSION: Final = ("digest", "key_id", "created_at", "last_seen_at", "expires_at", "ended_at")
_OF_KEY: Final = (
    "key_id", "name", "role", "digest", "created_at", "expires_at", "revoked_at", "created_by",
)  # fmt: skip
_FINDING: Final = select(
    *(_SESSION.c[name].label(f"session_{name}") for name in _OF_SESSION),
    *(_KEY.c[name].label(f"key_{name}") for name in _OF_KEY),
).join_from(_SESSION, _KEY, _SESSION.c.key_id == _KEY.c.key_id)


def find_session(session: ReadSession, digest: bytes) -> tuple[WebSession, ApiKey] | None:
    """The session with this digest, and the key that was signed in with; in one statement."""
    row = session.execute(_FINDING.where(_SESSION.c.digest == digest)).mappings().first()
    if row is None:
        return None
    key = {name: row[f"key_{name}"] for name in _OF_KEY}
    return (
        WebSession(**{name: row[f"session_{name}"] for name in _OF_SESSION}),
        ApiKey(**(key | {"role": Role(key["role"])})),
    )


def insert_session(session: WriteSession, web_session: WebSession) -> None:
    """Keep a session that was begun."""
    values = {name: getattr(web_session, name) for name in _OF_SESSION}
    session.execute(insert(_SESSION).values(values))


def note_seen(session: WriteSession, digest: bytes, now: datetime) -> None:
    """A page was asked for; where somebody noted a later one, that stays."""
    session.execute(
        update(_SESSION)
        .where(_SESSION.c.digest == digest, _SESSION.c.last_seen_at < now)
        .values(last_seen_at=now)
    )


def end_session(session: WriteSession, digest: bytes, now: datetime) -> None:
    """End a session, unless that was done before."""
    session.execute(
        update(_SESSION)
        .where(_SESSION.c.digest == digest, _SESSION.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def drop_expired_sessions(session: WriteSession, now: datetime) -> None:
    """Let go of sessions that open nothing any more."""
    session.execute(delete(_SESSION).where(_SESSION.c.expires_at <= now))
