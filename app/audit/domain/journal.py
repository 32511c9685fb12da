"""The journal in the order of its revisions: no gap, bytes as hashed, columns and postings as the bytes say."""

import json
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any, Final

from app.audit.domain.faults import Fault
from app.audit.domain.rows import PostingLine
from app.journal.domain import FORMAT, Entry
from app.kernel.canonical import Json, canonical_bytes
from app.kernel.clock import format_instant
from app.pledges.domain import posting_record

_COLUMNS: Final[dict[str, Callable[[Entry], Json]]] = {
    "revision": lambda entry: entry.revision,
    "id": lambda entry: str(entry.id),
    "stream_kind": lambda entry: entry.stream_kind,
    "stream_id": lambda entry: str(entry.stream_id),
    "version": lambda entry: entry.version,
    "kind": lambda entry: entry.kind,
    "recorded_at": lambda entry: format_instant(entry.recorded_at),
    "actor": lambda entry: entry.actor,
    "reason": lambda entry: entry.reason,
}
_MEMBERS: Final = {"format", "data", "postings", *_COLUMNS}


def check_gap(before: Entry | None, entry: Entry) -> Iterator[Fault]:
    """Entries follow one another without a gap, and time does not go back."""
    place = f"entry {entry.revision}"
    expected = before.revision + 1 if before else 1
    if entry.revision != expected:
        yield Fault(expected, f"entry {expected}", f"missing; the next one is {entry.revision}")
    if before and entry.recorded_at < before.recorded_at:
        yield Fault(entry.revision, place, "recorded before the entry before it")


def check_entry(entry: Entry) -> Iterator[Fault]:
    """The stored bytes have the stored hash, are canonical, and say what the columns say."""
    for what in _contradictions(entry):
        yield Fault(entry.revision, f"entry {entry.revision}", what)


def check_postings(entry: Entry, lines: Sequence[PostingLine]) -> Iterator[Fault]:
    """The rows of the table of postings are those that the entry's bytes list, in their order."""
    document = find_document(entry.payload) or {}
    listed = document.get("postings")
    expected = listed if isinstance(listed, list) else []
    stored = {line.line: line for line in lines}
    for number in sorted(stored.keys() | range(1, len(expected) + 1)):
        what = _compare(entry, expected, number, stored.get(number))
        if what:
            yield Fault(entry.revision, f"posting {entry.revision}, line {number}", what)


def check_strays(revision: int, lines: Sequence[PostingLine]) -> Iterator[Fault]:
    """No posting stands without its entry."""
    for line in lines:
        yield Fault(revision, f"posting {revision}, line {line.line}", "there is no such entry")


def check_head(last: Entry | None, revision: int, recorded_at: object) -> Iterator[Fault]:
    """The head names the last entry."""
    end = last.revision if last else 0
    if revision > end:
        yield Fault(
            end + 1, f"entry {end + 1}", f"missing; the head says that there are {revision}"
        )
    elif revision < end:
        yield Fault(
            revision + 1, f"entry {revision + 1}", f"behind the head, which says {revision}"
        )
    elif last and recorded_at != last.recorded_at:
        yield Fault(end, "head", "not the instant of the last entry")


def find_document(payload: bytes) -> dict[str, Any] | None:
    """The bytes read; ``None`` unless they are an object in canonical JSON."""
    try:
        document = json.loads(payload)
        canonical = canonical_bytes(document) == payload
    except (ValueError, TypeError, RecursionError):
        return None
    return document if canonical and isinstance(document, dict) else None


def _contradictions(entry: Entry) -> Iterator[str]:
    if sha256(b"\x00" + entry.payload).digest() != entry.leaf_hash:
        yield "its bytes do not have the hash that stands beside them"
    document = find_document(entry.payload)
    if document is None:
        yield "its bytes are no canonical JSON"
        return
    if document.get("format") != FORMAT or document.keys() != _MEMBERS:
        yield "its bytes are of another format"
    for name, of in _COLUMNS.items():
        if document.get(name) != of(entry):
            yield f"its column {name} is not what its bytes say"


def _compare(
    entry: Entry, expected: Sequence[Any], number: int, line: PostingLine | None
) -> str | None:
    """What is wrong with a line; ``None`` where nothing is."""
    if line is None:
        return "missing"
    if not 0 < number <= len(expected):
        return "the entry does not list it"
    if line.stream_id != entry.stream_id:
        return "of another pledge than the entry"
    try:
        record = posting_record(line.posting)
    except (ValueError, TypeError, KeyError, AttributeError):
        return "holds what no posting can hold"
    return None if record == expected[number - 1] else "not what the entry lists"
