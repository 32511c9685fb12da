"""All SQL about API keys and the sessions of those who signed in with one."""

from app.access.store.keys import find_key, find_keys, insert_key, list_keys, revoke
from app.access.store.sessions import (
    drop_expired_sessions,
    end_session,
    find_session,
    insert_session,
    note_seen,
)

__all__ = [
    "drop_expired_sessions",
    "end_session",
    "find_key",
    "find_keys",
    "find_session",
    "insert_key",
    "insert_session",
    "list_keys",
    "note_seen",
    "revoke",
]
