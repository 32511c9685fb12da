"""Strict base64 (RFC 4648 section 4) and strict decimals, as all C2SP formats use them."""

import binascii
import re
from base64 import b64decode, b64encode
from typing import Final

from app.transparency.errors import MalformedError

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
MAX_COUNT: Final = 2**63 - 1


def encode(raw: bytes) -> str:
    """Standard alphabet, padded."""
    return b64encode(raw).decode("ascii")


def decode(text: str, *, size: int | None = None) -> bytes:
    """The bytes, of the one text that encodes them; exactly ``size`` of them where it is given.

    Raises:
        MalformedError: another alphabet, white space, padding or stray bits, or another size.
    """
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedError("That is not base64.") from None
    if encode(raw) != text or (size is not None and len(raw) != size):
        raise MalformedError("That is not base64 of the right length.")
    return raw


def read_count(text: str) -> int:
    """A decimal without sign and leading zeros, below 2**63.

    Raises:
        MalformedError: it is something else.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_COUNT:
        raise MalformedError("That is not a whole number in plain decimals.")
    return int(text)
