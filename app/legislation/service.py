"""What one can do with legislative requests: record, read, list, read a history, see what pends."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from uuid import UUID

from app.db import ReadSession, WriteSession
from app.fx import service as fx
from app.journal import service as journal
from app.journal.domain import Draft, Entry, Snapshot
from app.journal.history import HistoryItem, tell_history
from app.kernel.canonical import Json
from app.kernel.clock import Clock
from app.kernel.errors import Finding, InvalidError
from app.legislation import store
from app.legislation.domain import (
    NATIVE,
    STREAM_KIND,
    Change,
    Command,
    Course,
    LegislativeRequest,
    PendingFigures,
    PendingLine,
    PendingQuery,
    RecordLegislativeRequest,
    action_record,
    apply,
    convert,
    decide,
    is_reference,
    pending,
    pending_lines,
    request_record,
    summarise,
)
from app.legislation.domain.query import Filters, Order
from app.legislation.errors import LegislativeRequestNotFoundError
from app.legislation.store import StoredRequest

# Fields of the record that differ in every version, say nothing to people, or are shown in parts.
_SILENT = frozenset({"version", "recorded_on", "actions", "lines", "vehicles"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A command that was accepted, with the entry that says so."""

    request: LegislativeRequest
    entry: Entry

    @property
    def stored(self) -> StoredRequest:
        """The new version as a reader will see it."""
        return StoredRequest(
            request=self.request,
            revision=self.entry.revision,
            recorded_at=self.entry.recorded_at,
        )


def record(
    session: WriteSession,
    commands: Sequence[Command],
    *,
    actor: str,
    clock: Clock,
    pointer: Callable[[int], str] = lambda _index: "",
) -> list[Recorded]:
    """Record a batch of commands, all or nothing: the only way in.

    Args:
        session: the transaction; the caller commits it.
        commands: in the order in which they are to take effect.
        actor: who records.
        clock: tells the instant of recording.
        pointer: where the command of this index stands in the caller's document.

    Raises:
        InvalidError: what is wrong with any of the commands, all of it.
        ConflictError, NotFoundError, VersionMovedError: the first command that the state does not
            allow.
    """
    head = journal.lock(session, clock)
    commands, findings = _with_references(session, commands, pointer)
    named = {one.request_id for one in commands if not isinstance(one, RecordLegislativeRequest)}
    states = store.load_states(session, named)
    changes: list[Change] = []
    for index, command in enumerate(commands):
        try:
            change = decide(states.get(command.request_id), command, head.now.date())
        except InvalidError as refused:
            findings += [finding.under(pointer(index)) for finding in refused.findings]
            continue
        states[command.request_id] = change.request
        changes.append(change)
    if findings:
        raise InvalidError(findings)
    entries = journal.append(session, head, [_draft(change) for change in changes], actor=actor)
    store.project(session, changes, entries)
    return [Recorded(change.request, entry) for change, entry in zip(changes, entries, strict=True)]


def get_request(session: ReadSession, name: UUID | str, snapshot: Snapshot) -> StoredRequest:
    """The request with this id or reference, as it stood at the snapshot.

    Raises:
        LegislativeRequestNotFoundError: there was none.
    """
    found = store.find_request(session, name, snapshot)
    if found is None:
        raise LegislativeRequestNotFoundError
    return found


def list_requests(
    session: ReadSession,
    filters: Filters,
    order: Order,
    snapshot: Snapshot,
    *,
    after: tuple[str | int, ...],
    limit: int,
) -> tuple[list[StoredRequest], tuple[str | int, ...] | None]:
    """One page, and the sort key behind which the next one begins (``None`` on the last)."""
    matching = store.iter_requests(session, filters, order, snapshot, after=after, limit=limit + 1)
    page = list(matching)
    if len(page) <= limit:
        return page, None
    page = page[:limit]
    return page, store.sort_key(page[-1], order)


def iter_requests(
    session: ReadSession, filters: Filters, order: Order, snapshot: Snapshot
) -> Iterator[StoredRequest]:
    """All requests that match, in order, one after the other."""
    return store.iter_requests(session, filters, order, snapshot)


def find_references(session: ReadSession, references: Sequence[str]) -> dict[str, UUID]:
    """Which of these references are taken, and by which requests."""
    return store.find_references(session, references)


def read_pending(session: ReadSession, query: PendingQuery, snapshot: Snapshot) -> PendingFigures:
    """What is pending on a day, as the ledger knew it at the snapshot.

    Raises:
        NoExchangeRateError: an amount has no rate on the day of its request.
    """
    requests = store.iter_unfinished(session, snapshot, query.donors)
    rows = [row for row in pending(requests, query.on) if query.admits(row)]
    if query.currency == NATIVE or not rows:
        return summarise(rows, query, snapshot)
    days = sorted(row.valued_on for row in rows)
    currencies = {query.currency, *(row.currency for row in rows)}
    book = fx.load_book(session, currencies, days[0], days[-1], snapshot)
    return summarise(convert(rows, query.currency, book), query, snapshot, book.provisional)


def list_pending_lines(
    session: ReadSession, on: date, snapshot: Snapshot, *, donors: Sequence[str] = ()
) -> list[PendingLine]:
    """Every line that is pending on a day, as the ledger knew it at the snapshot."""
    return pending_lines(store.iter_unfinished(session, snapshot, donors), on)


def list_history(session: ReadSession, request_id: UUID, snapshot: Snapshot) -> list[HistoryItem]:
    """Every entry of a request up to the snapshot, oldest first, each with what it changed.

    Raises:
        LegislativeRequestNotFoundError: it has none.
    """
    entries = journal.list_stream(session, request_id, until=snapshot.revision)
    if not entries or entries[0].stream_kind != STREAM_KIND:
        raise LegislativeRequestNotFoundError
    return tell_history(entries, apply, _visible)


def _visible(request: LegislativeRequest) -> dict[str, Json]:
    """What people see of a request, field by field; its parts each by its place or its id."""
    record_of = request_record(request)
    fields = {name: value for name, value in record_of.items() if name not in _SILENT}
    for name in ("lines", "vehicles"):
        parts = record_of[name]
        if isinstance(parts, list):
            fields |= {f"{name}/{index}": part for index, part in enumerate(parts)}
    fields |= {f"actions/{action.id}": action_record(action) for action in request.actions}
    course = Course(request)
    return {
        **fields,
        "state": course.state.value if course.state else None,
        "flags": [flag.value for flag in course.flags],
    }


def _draft(change: Change) -> Draft:
    return Draft(
        stream_kind=STREAM_KIND,
        stream_id=change.request.id,
        version=change.request.version,
        kind=change.kind,
        reason=change.reason,
        data=change.data,
        postings=[],  # what is only asked for is in no total of pledges
    )


def _with_references(
    session: WriteSession, commands: Sequence[Command], pointer: Callable[[int], str]
) -> tuple[list[Command], list[Finding]]:
    """The commands, each new request with a reference of its own; findings on those taken."""
    # What cannot be a reference is refused later, and must not reach the database before.
    given = {
        index: command.reference
        for index, command in enumerate(commands)
        if isinstance(command, RecordLegislativeRequest)
        and command.reference is not None
        and is_reference(command.reference)
    }
    taken = set(store.find_references(session, given.values()))
    findings: list[Finding] = []
    for index, reference in given.items():
        if reference in taken:
            detail = "Another legislative request has this reference."
            findings.append(Finding(pointer(index) + "/reference", "reference-taken", detail))
        taken.add(reference)
    return list(_named(session, commands, taken)), findings


def _named(
    session: WriteSession, commands: Sequence[Command], taken: set[str]
) -> Iterator[Command]:
    """The commands; a request that came without a reference gets one such as ``US-LR-0012``."""
    numbers = count(store.count_requests(session) + 1)
    for command in commands:
        if isinstance(command, RecordLegislativeRequest) and command.reference is None:
            yield replace(command, reference=_make_name(session, command.donor, numbers, taken))
        else:
            yield command


def _make_name(session: WriteSession, donor: str, numbers: Iterator[int], taken: set[str]) -> str:
    """A name that nobody has; somebody may have given one of this form by hand."""
    names = (f"{donor}-LR-{number:04d}" for number in numbers)
    for name in names:
        # A donor that is none will be refused later, under its own pointer.
        if not is_reference(name):
            return "refused"
        if name not in taken and not store.find_references(session, [name]):
            taken.add(name)
            return name
    raise AssertionError  # the numbers never end
