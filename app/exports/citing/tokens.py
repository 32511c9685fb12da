"""Tokens: the question, the moment and a digest of the answer as one word, the end of a permanent address.

Nothing is stored. An answer as of a moment is final (decision record 13), so the figure of then is worked out again
from the token at any time; the digest tells whether it is the one that was cited.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from app.kernel.canonical import Json, canonical_bytes
from app.kernel.errors import NotFoundError

TOTALS: Final = "totals"
MAX_TOKEN: Final = 4_000
# 128 bits, hexadecimal.
_DIGEST: Final = 32
_TOKEN: Final = re.compile(r"(?P<digest>[0-9a-f]{32})(?P<payload>[A-Za-z0-9_-]+)", re.ASCII)
# What of an answer is digested. Members that a later release adds do not change a citation.
_FIGURES: Final = ("amount", "pledges", "unvalued", "undated")


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked.

    Attributes:
        of: which kind of figure: ``totals``.
        at: the moment, as ``as_of`` takes it.
        query: parameters and values, all that the answer depends on, also those that nobody gave.
    """

    of: str
    at: str
    query: Mapping[str, str]


def digest(question: Question, answer: Mapping[str, Any]) -> str:
    """What tells the answer from every other: of its rows and its total the figures, and what they are split by."""
    keys = answer["meta"]["by"]
    rows: list[Json] = [[row[name] for name in (*keys, *_FIGURES)] for row in answer["data"]]
    total: Json = [answer["total"][name] for name in _FIGURES]
    content = canonical_bytes([question.of, question.at, dict(question.query), rows, total])
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
        raise _unknown()
    payload = match["payload"]
    try:
        of, at, query = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if not _is_question(of, at, query):
            raise _unknown()
        question = Question(of, at, query)
        # One citation has one address.
        if write_token(question, match["digest"]) != text:
            raise _unknown()
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise _unknown() from None
    return question, match["digest"]


def _is_question(of: object, at: object, query: object) -> bool:
    return (
        of == TOTALS
        and isinstance(at, str)
        and isinstance(query, dict)
        and all(isinstance(value, str) for value in query.values())
    )


def _unknown() -> NotFoundError:
    return NotFoundError("There is no such citation.")
