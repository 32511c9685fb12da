"""A row of an action list of congress.gov, and how rows that say the same become one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final, TypeVar

from app.parliaments.domain.actions import Repeat
from app.parliaments.domain.places import Place
from app.parliaments.domain.wording import normalise

LIBRARY: Final = "9"
HOUSE: Final = "House"
SENATE: Final = "Senate"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedVote:
    """What a row says about its roll call beside the text."""

    chamber: str | None
    roll: int
    url: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as delivered.

    Attributes:
        on: the day in Washington.
        codes: action codes; a merged row has those of all its parts.
        source: code of the source system: 0 the Senate, 1 and 2 the House, 9 the Library of Congress.
        chamber: who acted, where the row says so beside its text.
    """

    on: date
    time: time | None
    text: str
    codes: tuple[str, ...]
    source: str | None
    chamber: str | None
    votes: tuple[RecordedVote, ...]
    place: Place

    @property
    def is_of_library(self) -> bool:
        """Whether the Library of Congress added it, which repeats the chambers' own rows."""
        return self.source == LIBRARY


def merge(rows: Sequence[Row]) -> tuple[list[Row], list[Repeat]]:
    """Rows of one day that say the same become one: the chamber's text and votes, the Library's codes.

    Args:
        rows: in the order in which things happened.
    """
    groups: dict[tuple[date, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.on, normalise(row.text)), []).append(row)
    merged = [_merge(group) for group in groups.values()]
    repeats = [
        Repeat(row.place, kept.place)
        for kept, group in zip(merged, groups.values(), strict=True)
        for row in group
        if row.place != kept.place
    ]
    return merged, repeats


def _merge(group: Sequence[Row]) -> Row:
    kept = next((row for row in group if not row.is_of_library), group[0])
    ordered = sorted(group, key=lambda row: not row.is_of_library)
    return replace(
        kept,
        codes=_distinct(code for row in ordered for code in row.codes),
        source=LIBRARY if ordered[0].is_of_library else kept.source,
        chamber=next((row.chamber for row in group if row.chamber), None),
        time=next((row.time for row in group if row.time), None),
        votes=_distinct(vote for row in group for vote in row.votes),
    )


def _distinct(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
