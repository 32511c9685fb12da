"""Whether two pledges of one donor may be one promise, recorded twice: near in date, in amount, in title."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.kernel.dates import Span
from app.kernel.text import fold
from app.pledges.domain.model import Pledge

_WORD: Final = re.compile(r"\w+")
# Shorter words (a, of, in) are in every title, unless they are numbers.
_MIN_WORD: Final = 3


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near is near.

    Attributes:
        days: that may lie between two announcements; a month or a year is near whatever its days are near to.
        percent: of the larger amount, by which two of one currency may differ.
        shared_percent: of all words of two titles, those that both have.
    """

    days: int = 14
    percent: int = 5
    shared_percent: int = 60

    def reach(self, span: Span) -> Span:
        """The days that are near to a date."""
        by = timedelta(days=self.days)
        return Span(
            span.first - min(by, span.first - date.min), span.last + min(by, date.max - span.last)
        )

    def bounds(self, amount: int) -> tuple[int, int]:
        """The least and the most that is near to an amount, in its minor units."""
        return -(-amount * (100 - self.percent) // 100), amount * 100 // (100 - self.percent)


NEARNESS: Final = Nearness()


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of two pledges is near; what is unknown on one side alone is near to nothing."""

    date: bool
    amount: bool
    title: bool

    @property
    def is_alike(self) -> bool:
        """Whether somebody should look: two of the three are near, or the titles are, which is rarely by chance."""
        return self.title or (self.date and self.amount)

    @property
    def rank(self) -> int:
        """How much is near, from 0 to 3."""
        return self.date + self.amount + self.title

    @property
    def near(self) -> tuple[str, ...]:
        """The names of the fields that are near."""
        named = (("announced_on", self.date), ("amount", self.amount), ("title", self.title))
        return tuple(name for name, is_near in named if is_near)


def compare(new: Pledge, other: Pledge, nearness: Nearness) -> Likeness:
    """What is near of two pledges of one donor."""
    return Likeness(
        date=_is_near_date(new.announced, other.announced, nearness),
        amount=_is_near_amount(new, other, nearness),
        title=_is_near_title(new.title, other.title, nearness),
    )


def title_words(title: str) -> frozenset[str]:
    """The words of a title that tell it from others, folded; numbers are words."""
    return frozenset(
        word for word in _WORD.findall(fold(title)) if len(word) >= _MIN_WORD or word.isdigit()
    )


def _is_near_date(new: Span, other: Span, nearness: Nearness) -> bool:
    return new.is_dated and other.is_dated and nearness.reach(new).overlaps(other)


def _is_near_amount(new: Pledge, other: Pledge, nearness: Nearness) -> bool:
    if new.amount is None or other.amount is None:
        return new.amount is other.amount
    least, most = nearness.bounds(new.amount)
    return new.currency == other.currency and least <= other.amount <= most


def _is_near_title(new: str, other: str, nearness: Nearness) -> bool:
    ours, theirs = title_words(new), title_words(other)
    return bool(ours | theirs) and (
        100 * len(ours & theirs) >= nearness.shared_percent * len(ours | theirs)
    )
