"""One stream at a time: its entries replayed through the rules give its postings and every row of its projection."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from app.audit.domain.faults import Fault
from app.audit.domain.journal import find_document
from app.audit.domain.rows import VersionRow
from app.journal.domain import Entry
from app.kernel.canonical import Json

State = TypeVar("State")
# ``until_revision`` of the current version.
FOREVER: Final = 2**62
# What the rules raise when they are given what they never wrote.
_UNREPLAYABLE: Final = (ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Rules(Generic[State]):
    """How a kind of stream is replayed.

    Attributes:
        kind: of the stream, as entries have it.
        apply: the version after an entry.
        identity: id and version of a state.
        postings: what a change from one version to the next does to the totals, as entries list it.
        columns: what the projection shows of a version, by column.
    """

    kind: str
    apply: Callable[[State | None, str, Mapping[str, Any]], State]
    identity: Callable[[State], tuple[UUID, int]]
    postings: Callable[[State | None, State], list[Json]]
    columns: Callable[[State], dict[str, Any]]


def check_stream(
    rules: Rules[State], stream_id: UUID, entries: Sequence[Entry], rows: Sequence[VersionRow]
) -> Iterator[Fault]:
    """Versions have no gap, each follows from the one before, and the projection shows exactly them.

    A stream that cannot be replayed any further is left there: what follows would only repeat the fault.
    """
    shown = {row.version: row for row in rows}
    state: State | None = None
    for number, entry in enumerate(entries, 1):
        if entry.version != number:
            what = f"version {number} of {rules.kind} {stream_id} is missing before it"
            yield Fault(entry.revision, f"entry {entry.revision}", what)
            return
        replayed = _replay(rules, state, entry)
        if isinstance(replayed, str):
            yield Fault(entry.revision, f"entry {entry.revision}", replayed)
            return
        state = replayed
        following = entries[number].revision if number < len(entries) else FOREVER
        yield from _check_row(rules, state, entry, following, shown.pop(number, None))
    for row in shown.values():
        yield _stray(rules.kind, row)


def _replay(rules: Rules[State], before: State | None, entry: Entry) -> State | str:
    """The version that the entry makes; or what is wrong with it."""
    document = find_document(entry.payload)
    if document is None:
        return "its bytes cannot be read, and its stream not replayed"
    try:
        after = rules.apply(before, entry.kind, document["data"])
        postings = rules.postings(before, after)
    except _UNREPLAYABLE:
        return "no change that the rules make to the version before it"
    if rules.identity(after) != (entry.stream_id, entry.version):
        return "it makes another version than it says"
    if postings != document.get("postings"):
        return "its postings are not what its change does to the totals"
    return after


def _check_row(
    rules: Rules[State], state: State, entry: Entry, until: int, row: VersionRow | None
) -> Iterator[Fault]:
    place = f"{rules.kind} {entry.stream_id}, version {entry.version}"
    if row is None:
        yield Fault(entry.revision, place, "missing")
        return
    expected = {
        **rules.columns(state),
        "id": entry.stream_id,
        "version": entry.version,
        "since_revision": entry.revision,
        "recorded_at": entry.recorded_at,
    }
    differing = [name for name, value in expected.items() if row.columns.get(name) != value]
    if differing:
        what = f"not what its entries say, in {', '.join(sorted(differing))}"
        yield Fault(entry.revision, place, what)
    shown_until = row.columns.get("until_revision")
    if shown_until != until:
        # The entry that ended it is missing, or there is one too many: the earlier of the two says where.
        ends = [one for one in (shown_until, until) if isinstance(one, int)]
        yield Fault(min(ends), place, "current until another entry than its stream has")


def _stray(kind: str, row: VersionRow) -> Fault:
    since = row.columns.get("since_revision")
    place = f"{kind} {row.stream_id}, version {row.version}"
    return Fault(since if isinstance(since, int) else None, place, "no entry made it")
