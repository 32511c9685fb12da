"""Keyset paging: an opaque cursor that pins a walk to one revision, one order and one set of filters."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final, Self

from app.kernel.canonical import Json, canonical_bytes
from app.kernel.errors import AppError

MAX_CURSOR: Final = 1_024
LIFETIME: Final = timedelta(hours=24)
DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500


class InvalidCursorError(AppError):
    """The cursor is malformed, too old, or belongs to another query."""

    code = "invalid-cursor"
    title = "The cursor cannot be used"


def filters_digest(filters: Mapping[str, Json]) -> str:
    """A short digest of the filters and the order of a query, to tell whether a cursor belongs to it."""
    return sha256(canonical_bytes(dict(filters))).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins.

    Attributes:
        revision: the ledger is read as of this revision on every page of the walk.
        after: the sort key of the last row of the page before.
        digest: ``filters_digest`` of the query.
        issued_at: when the walk's page was answered, whole seconds since the epoch; 0 where the walk names its
            moment itself, so that its pages are the same for ever.
    """

    revision: int
    after: tuple[str | int, ...]
    digest: str
    issued_at: int

    def encode(self) -> str:
        """The opaque text of the cursor, base64url."""
        document: Json = [self.revision, list(self.after), self.digest, self.issued_at]
        return base64.urlsafe_b64encode(canonical_bytes(document)).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, *, digest: str, now: datetime | None) -> Self:
        """Read a cursor and check that it belongs to this query and is fresh.

        Args:
            text: the cursor.
            digest: ``filters_digest`` of the query.
            now: tells its age; ``None`` where the walk names its moment itself, and does not age.

        Raises:
            InvalidCursorError: malformed, of another query, or older than a day.
        """
        cursor = cls._parse(text)
        if cursor.digest != digest:
            raise InvalidCursorError(
                "The cursor belongs to a query with other filters.", reason="other-query"
            )
        if now and now.timestamp() - cursor.issued_at > LIFETIME.total_seconds():
            raise InvalidCursorError(
                "The cursor is older than a day; start again.", reason="expired"
            )
        return cursor

    @classmethod
    def _parse(cls, text: str) -> Self:
        try:
            if len(text) > MAX_CURSOR:
                raise ValueError
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            revision, after, digest, issued_at = json.loads(raw)
            if not (
                _is_count(revision)
                and _is_count(issued_at)
                and isinstance(digest, str)
                and _is_key(after)
            ):
                raise ValueError
        except (ValueError, TypeError, binascii.Error, RecursionError):
            raise InvalidCursorError("The cursor cannot be read.", reason="malformed") from None
        return cls(revision, tuple(after), digest, issued_at)


def read_key(
    after: tuple[str | int, ...],
    *,
    is_value: Callable[[str | int], bool],
    is_tie: Callable[[str], bool],
) -> tuple[str | int, ...]:
    """The sort key that a cursor holds, a value and a tie-breaker, once both can be of the list's order.

    Raises:
        InvalidCursorError: they cannot; somebody made the cursor by hand.
    """
    match after:
        case (value, str() as tie) if is_value(value) and is_tie(tie):
            return after
        case _:
            raise InvalidCursorError("The cursor cannot be read.", reason="malformed")


def is_iso_day(value: str | int) -> bool:
    """Whether the value is a day as a sort key holds it, ``2023-11-14``."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**62


def _is_key(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(part, str) or _is_count(part) for part in value
    )
