"""Reads a word that must be one of a few."""

from enum import StrEnum
from typing import TypeVar

from app.kernel.errors import ValueRefusedError

E = TypeVar("E", bound=StrEnum)


def read_choice(choices: type[E], text: str) -> E:
    """The member with this exact value.

    Raises:
        ValueRefusedError: ``unknown-value``, naming the allowed ones.
    """
    try:
        return choices(text)
    except ValueError:
        allowed = [member.value for member in choices]
        raise ValueRefusedError(
            "unknown-value", "Not one of the allowed values.", allowed=allowed
        ) from None
