"""Reads a word that must be one of a few."""

from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from app.kernel.errors import ValueRefusedError

E = TypeVar("E", bound=StrEnum)


def read_choice(choices: type[E], text: str) -> E:
    """The member with this exact value.

    Raises:
        ValueRefusedError: ``unknown-value``, naming the allowed ones.
    """
    try:
        member: E = _member(choices, text)
    except ValueError:
        allowed = [member.value for member in choices]
        raise ValueRefusedError(
            "unknown-value", "Not one of the allowed values.", allowed=allowed
        ) from None
    return member


# An enumeration that is called looks its members up in four functions; a table of pledges has six words per row.
@lru_cache(maxsize=256)
def _member(choices: type[Any], text: str) -> Any:
    return choices(text)
