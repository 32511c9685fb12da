"""Tokens: the question, the moment and a digest of the answer as one word, the end of a permanent address.

Nothing is stored. An answer as of a moment is final (decision record 13), so the figure of then is worked out again
from the token at any time; the digest tells whether it is the one that was cited.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from app.kernel.canonical import Json, canonical_bytes
from app.kernel.errors import NotFoundError

MAX_TOKEN: Final = 4_000
# 128 bits, hexadecimal.
_DIGEST: Final = 32
_TOKEN: Final = re.compile(r"(?P<digest>[0-9a-f]{32})(?P<payload>[A-Za-z0-9_-]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked.

    Attributes:
        of: which kind of figure, such as ``totals``.
        at: the moment, as ``as_of`` takes it.
        query: parameters and values, all that the answer depends on, also those that nobody gave.
    """

    of: str
    at: str
    query: Mapping[str, str]


def digest(question: Question, figures: Sequence[Json]) -> str:
    """What tells the answer from every other: the question, and the figures with what they are split by."""
    content = canonical_bytes([question.of, question.at, dict(question.query), *figures])
    return sha256(content).hexdigest()[:_DIGEST]


def write_token(question: Question, found: str) -> str:
    """The token of a question, and of the digest of its answer."""
    payload = canonical_bytes([question.of, question.at, dict(question.query)])
    return found + base64.urlsafe_b64encode(payload).decode().rstrip("=")


def read_token(text: str) -> tuple[Question, str]:
    """The question, and the digest of the answer that was cited.

    Raises:
        NotFoundError: it is no token that we made.
    """
    match = _TOKEN.fullmatch(text) if len(text) <= MAX_TOKEN else None
    if match is None:
        raise unknown()
    payload = match["payload"]
    try:
        of, at, query = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if not _is_question(of, at, query):
            raise unknown()
        question = Question(of, at, query)
        # One citation has one address.
        if write_token(question, match["digest"]) != text:
            raise unknown()
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise unknown() from None
    return question, match["digest"]


def _is_question(of: object, at: object, query: object) -> bool:
    return (
        isinstance(of, str)
        and isinstance(at, str)
        and isinstance(query, dict)
        and all(isinstance(value, str) for value in query.values())
    )


def unknown() -> NotFoundError:
    """That a token is none that we made."""
    return NotFoundError("There is no such citation.")
