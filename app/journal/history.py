"""The history of a stream: its entries, each with what it changed, field by field."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from app.journal.domain import Entry
from app.kernel.canonical import Json

S = TypeVar("S")
Fields = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One entry of a history: the entry, and for each field that it changed what stood there before and after."""

    entry: Entry
    changes: dict[str, tuple[Json, Json]]


def tell_history(
    entries: Iterable[Entry],
    apply: Callable[[S | None, str, Mapping[str, Any]], S],
    show: Callable[[S], Fields],
) -> list[HistoryItem]:
    """Replay a stream and compare each version with the one before.

    Args:
        entries: of one stream, from its first version on.
        apply: makes the version that follows, from the one before and an entry's kind and data.
        show: what people see of a version, field by field.
    """
    items: list[HistoryItem] = []
    state: S | None = None
    before: Fields = {}
    for entry in entries:
        state = apply(state, entry.kind, entry.read()["data"])
        after = show(state)
        items.append(HistoryItem(entry, _differences(before, after)))
        before = after
    return items


def _differences(before: Fields, after: Fields) -> dict[str, tuple[Json, Json]]:
    names = [*after, *(name for name in before if name not in after)]
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }
