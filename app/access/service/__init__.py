"""What can be done with API keys and sessions: make, list, revoke, sign in and out, and find out who is calling."""

from app.access.service.keys import (
    admit,
    authenticate,
    create_key,
    get_key,
    judge_keys,
    list_keys,
    read_presented,
    revoke_key,
)
from app.access.service.sessions import SignedIn, find_signed_in, note_seen, sign_in, sign_out

__all__ = [
    "SignedIn",
    "admit",
    "authenticate",
    "create_key",
    "find_signed_in",
    "get_key",
    "judge_keys",
    "list_keys",
    "note_seen",
    "read_presented",
    "revoke_key",
    "sign_in",
    "sign_out",
]
