"""Reads single values of a command; every refusal is noted with its place."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from app.kernel.choices import read_choice
from app.kernel.dates import Span, parse_span, refuse_future
from app.kernel.errors import ValueRefusedError
from app.kernel.findings import Collector
from app.kernel.text import clean_text
from app.pledges.domain.reading import read_reference as read_short_name

E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")
MAX_COUNT: Final = 10**9
# Addresses below /v1/legislative-requests that are not names of requests.
_RESERVED: Final = ("pending", "batch", "alerts", "calendar", "feed")


class Reader:
    """Reads raw values and notes refusals; ``finish`` raises them all at once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.collector = Collector()

    def note(self, pointer: str, code: str, detail: str, **facts: object) -> None:
        """Remember one finding."""
        self.collector.note(pointer, code, detail, **facts)

    def finish(self) -> None:
        """Raise what was noted.

        Raises:
            InvalidError: at least one value was refused.
        """
        self.collector.finish()

    def date(self, pointer: str, text: str | None) -> Span | None:
        """An optional date that is not ahead of us."""
        return self.collector.find(
            lambda given: refuse_future(parse_span(given), self.today), pointer, text
        )

    def any_date(self, pointer: str, text: str | None) -> Span | None:
        """An optional date that may lie ahead: the end of a session, a step to come."""
        return self.collector.find(parse_span, pointer, text)

    def text(self, pointer: str, text: str | None, max_length: int) -> str | None:
        """Optional text."""
        return self.collector.find(
            lambda given: clean_text(given, max_length=max_length), pointer, text
        )

    def choice(self, pointer: str, text: str, default: E) -> E:
        """One of a few words."""
        return self.collector.read(
            pointer, lambda given: read_choice(type(default), given), text, default
        )

    def find_choice(self, pointer: str, text: str | None, choices: type[E]) -> E | None:
        """One of a few words, or none."""
        return self.collector.find(lambda given: read_choice(choices, given), pointer, text)

    def count(self, pointer: str, number: int | None) -> int | None:
        """An optional whole number that is not negative."""
        return self.collector.find(_read_count, pointer, number)

    def several(self, pointer: str, items: Sequence[V], max_length: int) -> list[tuple[str, V]]:
        """The items of a list, each with its place; a finding and none where they are too many."""
        if len(items) > max_length:
            self.note(pointer, "too-many", f"At most {max_length} of these.")
            return []
        return [(f"{pointer}/{index}", item) for index, item in enumerate(items)]


def read_reference(text: str) -> str:
    """A stable short name that is not an address of its own.

    Raises:
        ValueRefusedError: ``invalid-reference``.
    """
    name = read_short_name(text)
    if name.partition(".")[0].casefold() in _RESERVED:
        raise ValueRefusedError("invalid-reference", "This name is an address of its own.")
    return name


def is_reference(text: str) -> bool:
    """Whether a request may have this name."""
    try:
        return read_reference(text) == text
    except ValueRefusedError:
        return False


def _read_count(number: int) -> int:
    if not 0 <= number <= MAX_COUNT:
        raise ValueRefusedError("out-of-range", f"A whole number from 0 to {MAX_COUNT}.")
    return number
