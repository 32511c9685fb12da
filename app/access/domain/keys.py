"""API keys and roles as values: how a key is made, read and judged. No framework, no database.

A key is ``aidl_<id>_<secret>_<checksum>``. The prefix lets secret scanners find a leaked key. The
id (50 bits) is public and finds the stored row. The secret has 190 bits, and only its SHA-256 is
stored: a slow password hash protects guessable secrets, and is not needed from 112 bits on (OWASP
ASVS 5.0, 6.5.2). The checksum tells a mistyped key from a wrong one without asking the database.
"""

import hmac
import re
import string
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from app.kernel.choices import read_choice
from app.kernel.errors import ValueRefusedError
from app.kernel.text import clean_text

PREFIX: Final = "aidl"
MAX_PRESENTED: Final = 200
MAX_NAME: Final = 100
DEFAULT_DAYS: Final = 90
MAX_DAYS: Final = 366
DEFAULT_VALIDITY: Final = timedelta(days=DEFAULT_DAYS)
MAX_VALIDITY: Final = timedelta(days=MAX_DAYS)

_BASE32: Final = string.ascii_lowercase + "234567"
_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_ID_LENGTH: Final = 10
_SECRET_LENGTH: Final = 32
_CHECKSUM_LENGTH: Final = 6
_KEY_ID: Final = re.compile(r"[a-z2-7]{10}")
_KEY: Final = re.compile(r"(aidl_([a-z2-7]{10})_([0-9A-Za-z]{32}))_([0-9A-Za-z]{6})")
# Compared where no key has the id asked for, so that such an answer takes as long as the others.
_DUMMY_DIGEST: Final = bytes(32)


class Role(StrEnum):
    """What a caller may do; each role may do all that the roles before it may."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    ADMIN = "admin"

    def may(self, needed: "Role") -> bool:
        """Whether this role is enough where ``needed`` is asked for."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class KeyState(StrEnum):
    """Whether a key still opens anything."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Refusal(StrEnum):
    """Why a presented key was refused; for the log, never for the caller."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown-key"
    WRONG_SECRET = "wrong-secret"  # noqa: S105 -- a reason, not a password
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling.

    Attributes:
        name: the actor that entries are recorded under.
        role: what the caller may do.
        key_id: the public part of the key used, or ``None`` for a public read.
    """

    name: str
    role: Role
    key_id: str | None


ANONYMOUS: Final = Caller("anonymous", Role.READER, None)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. ``text`` is the only copy of the secret: show it once, store ``digest``."""

    text: str = field(repr=False)
    key_id: str
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ParsedKey:
    """A presented key that is well formed and whose checksum is right; it may still be wrong."""

    key_id: str
    secret: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the secret, as it is stored."""
        return _digest(self.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is stored: everything but its secret.

    Attributes:
        key_id: the public part, 10 characters.
        name: its holder, and the actor of what is done with it.
        role: what its holder may do.
        digest: SHA-256 of the secret.
        created_at: when it was made.
        expires_at: the first instant at which it opens nothing.
        revoked_at: when it was taken back, or ``None``.
        created_by: who made it.
    """

    key_id: str
    name: str
    role: Role
    digest: bytes = field(repr=False)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    created_by: str

    def state_at(self, now: datetime) -> KeyState:
        """What the key is worth at this instant; a revoked key stays revoked beyond its expiry."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.LIVE if now < self.expires_at else KeyState.EXPIRED


def generate_key(randbelow: Callable[[int], int]) -> NewKey:
    """Make a key.

    Args:
        randbelow: draws an integer from 0 up to, and without, its argument; ``secrets.randbelow``.
    """
    key_id = _draw(_BASE32, _ID_LENGTH, randbelow)
    secret = _draw(_BASE62, _SECRET_LENGTH, randbelow)
    body = f"{PREFIX}_{key_id}_{secret}"
    return NewKey(f"{body}_{_checksum(body)}", key_id, _digest(secret))


def parse_key(text: str) -> ParsedKey | None:
    """Read a presented key; ``None`` for whatever cannot be one of ours."""
    if len(text) > MAX_PRESENTED:
        return None
    match = _KEY.fullmatch(text)
    if match is None or match[4] != _checksum(match[1]):
        return None
    return ParsedKey(match[2], match[3])


def is_key_id(text: str) -> bool:
    """Whether the text has the form of a key's public part."""
    return _KEY_ID.fullmatch(text) is not None


def judge(presented: ParsedKey, stored: ApiKey | None, now: datetime) -> Caller | Refusal:
    """Who presents this key, or why it opens nothing; ``stored`` is the key with its id, if any.

    The secret is compared first and in any case: the time taken does not tell which ids exist.
    """
    expected = _DUMMY_DIGEST if stored is None else stored.digest
    matches = hmac.compare_digest(presented.digest, expected)
    if stored is None:
        return Refusal.UNKNOWN_KEY
    if not matches:
        return Refusal.WRONG_SECRET
    match stored.state_at(now):
        case KeyState.REVOKED:
            return Refusal.REVOKED
        case KeyState.EXPIRED:
            return Refusal.EXPIRED
        case KeyState.LIVE:
            return Caller(stored.name, stored.role, stored.key_id)


def read_role(text: str) -> Role:
    """The role with this name.

    Raises:
        ValueRefusedError: ``unknown-value``.
    """
    return read_choice(Role, text)


def read_name(text: str) -> str:
    """The name of a key's holder: one line, composed (Unicode NFC), its blanks collapsed.

    Raises:
        ValueRefusedError: what ``clean_text`` raises; ``forbidden-character`` also for what cannot
            be seen, such as a zero-width space: two names that look alike would be two actors.
    """
    # Composed before it is measured: a few characters grow when they are composed.
    composed = clean_text(unicodedata.normalize("NFC", text), max_length=MAX_NAME)
    name = " ".join(composed.split())
    if not name.isprintable():
        raise ValueRefusedError("forbidden-character", "The name holds an invisible character.")
    return name


def read_validity(valid_for: timedelta) -> timedelta:
    """How long a new key is to live: above zero and at most 366 days.

    Raises:
        ValueRefusedError: ``out-of-range``.
    """
    if timedelta(0) < valid_for <= MAX_VALIDITY:
        return valid_for
    raise ValueRefusedError(
        "out-of-range", f"A key is valid for 1 to {MAX_DAYS} days.", max_days=MAX_DAYS
    )


def _draw(alphabet: str, length: int, randbelow: Callable[[int], int]) -> str:
    return "".join(alphabet[randbelow(len(alphabet))] for _ in range(length))


def _checksum(body: str) -> str:
    """CRC-32 (ISO 3309) as six base62 digits, most significant first."""
    number = zlib.crc32(body.encode("ascii"))
    digits = ""
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_BASE62))
        digits = _BASE62[digit] + digits
    return digits


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("ascii")).digest()
