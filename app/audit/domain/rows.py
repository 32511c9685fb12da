"""Rows as the audit reads them, and two sorted tables read side by side."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from app.pledges.domain import Posting

Left = TypeVar("Left")
Right = TypeVar("Right")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PostingLine:
    """A row of the table of postings."""

    revision: int
    line: int
    stream_id: UUID
    posting: Posting


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A row of a projection: one version of a stream, with all columns by name."""

    stream_id: UUID
    version: int
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """A whole snapshot of the sums: its revision, how many cells it is said to have, and how many it has."""

    revision: int
    said: int
    cells: int


def side_by_side(
    left: Iterable[Left],
    right: Iterable[Right],
    left_key: Callable[[Left], Any],
    right_key: Callable[[Right], Any],
) -> Iterator[tuple[Any, list[Left], list[Right]]]:
    """For each key of either side, in order, the items of both. Each side is sorted by its key."""
    lefts, rights = _groups(left, left_key), _groups(right, right_key)
    one, other = next(lefts, None), next(rights, None)
    while one or other:
        key = min(group[0] for group in (one, other) if group)
        ours, theirs = (
            one if one and one[0] == key else None,
            other if other and other[0] == key else None,
        )
        yield key, ours[1] if ours else [], theirs[1] if theirs else []
        one = next(lefts, None) if ours else one
        other = next(rights, None) if theirs else other


def _groups(items: Iterable[Item], key: Callable[[Item], Any]) -> Iterator[tuple[Any, list[Item]]]:
    return ((value, list(group)) for value, group in groupby(items, key))
