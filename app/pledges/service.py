"""What one can do with pledges: record a batch of commands, read one, list many, read a history."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from app.db import ReadSession, WriteSession
from app.donors.domain import get_donor
from app.journal import service as journal
from app.journal.domain import Draft, Entry, Snapshot
from app.journal.history import HistoryItem, tell_history
from app.kernel.canonical import Json
from app.kernel.clock import Clock
from app.kernel.dates import parse_span
from app.kernel.errors import Finding, InvalidError, ValueRefusedError
from app.pledges import store
from app.pledges.domain import (
    STREAM_KIND,
    Change,
    Command,
    Course,
    Pledge,
    RecordPledge,
    StoredPledge,
    apply,
    decide,
    movement_record,
    pledge_record,
    posting_record,
)
from app.pledges.domain.likeness import NEARNESS, Likeness, Nearness, compare
from app.pledges.domain.query import Filters, Order
from app.pledges.domain.reading import is_reference
from app.pledges.errors import PledgeNotFoundError
from app.pledges.store import Series, TakeNumbers

MAX_SIMILAR: Final = 5
# Fields of the record that differ in every version or say nothing to people.
_SILENT = frozenset({"version", "recorded_on", "movements"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A command that was accepted, with the entry that says so."""

    pledge: Pledge
    entry: Entry
    stored: StoredPledge
    """The new version as a reader will see it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A command that would be accepted: the pledge as it is (``None`` for a new one), and what would change."""

    before: Course | None
    change: Change


@dataclass(frozen=True, slots=True)
class Similar:
    """A pledge on record that may be the same promise, and what speaks for it."""

    stored: StoredPledge
    likeness: Likeness


def record(
    session: WriteSession,
    commands: Sequence[Command],
    *,
    actor: str,
    clock: Clock,
    pointer: Callable[[int], str] = lambda _index: "",
    head: journal.Head | None = None,
) -> list[Recorded]:
    """Record a batch of commands, all or nothing: the only way in.

    Args:
        session: the transaction; the caller commits it.
        commands: in the order in which they are to take effect.
        actor: who records.
        clock: tells the instant of recording.
        pointer: where the command of this index stands in the caller's document.
        head: the end of the journal, where the transaction holds it already.

    Raises:
        InvalidError: what is wrong with any of the commands, all of it.
        ConflictError, NotFoundError, VersionMovedError: the first command that the state does not allow.
    """
    head = head or journal.lock(session, clock)
    today = head.now.date()
    take = partial(store.take_numbers, session)
    commands, findings = _with_references(session, commands, today.year, pointer, take)
    _, changes = _decide(session, commands, findings, today, pointer)
    recorded: list[Recorded] = []

    def project(entries: Sequence[Entry]) -> None:
        recorded.extend(map(_recorded, changes, entries))
        store.project(session, changes, [one.stored for one in recorded])

    drafts = [_draft(change) for change in changes]
    journal.append(session, head, drafts, actor=actor, project=project)
    return recorded


def preview(
    session: ReadSession,
    commands: Sequence[Command],
    *,
    clock: Clock,
    pointer: Callable[[int], str] = lambda _index: "",
) -> list[Preview]:
    """What ``record`` would do with these commands now: nothing is written, nobody waits for it.

    Args:
        session: shows the state that they would change.
        commands: in the order in which they would take effect.
        clock: tells the day on which they would be recorded.
        pointer: where the command of this index stands in the caller's document.

    Raises:
        InvalidError, ConflictError, NotFoundError, VersionMovedError: as ``record`` would.
    """
    today = clock.today()
    take = store.foresee_numbers(session)
    commands, findings = _with_references(session, commands, today.year, pointer, take)
    before, changes = _decide(session, commands, findings, today, pointer)
    previews = []
    for change in changes:
        state = before.get(change.pledge.id)
        previews.append(Preview(None if state is None else Course(state), change))
        before[change.pledge.id] = change.pledge
    return previews


def find_similar(
    session: ReadSession,
    pledge: Pledge,
    nearness: Nearness = NEARNESS,
    *,
    most: int = MAX_SIMILAR,
) -> list[Similar]:
    """Pledges on record that a new one may be a second record of, the likest first; see ``Nearness``."""
    found = [
        Similar(stored, likeness)
        for stored in store.list_like(session, pledge, nearness)
        for likeness in [compare(pledge, stored.pledge, nearness)]
        if stored.pledge.id != pledge.id and likeness.is_alike
    ]
    return sorted(found, key=lambda one: one.likeness.rank, reverse=True)[:most]


def get_pledge(session: ReadSession, name: UUID | str, snapshot: Snapshot) -> StoredPledge:
    """The pledge with this id or reference, as it stood at the snapshot.

    Raises:
        PledgeNotFoundError: there was none.
    """
    if isinstance(name, UUID):
        found = store.find_pledge(session, name, snapshot)
    else:
        found = store.find_pledge_by_reference(session, name, snapshot)
    if found is None:
        raise PledgeNotFoundError
    return found


def list_pledges(
    session: ReadSession,
    filters: Filters,
    order: Order,
    snapshot: Snapshot,
    *,
    after: tuple[str | int, ...],
    limit: int,
) -> tuple[list[StoredPledge], tuple[str | int, ...] | None]:
    """One page of pledges, and the sort key behind which the next page begins (``None`` on the last)."""
    page = store.list_pledges(session, filters, order, snapshot, after=after, limit=limit + 1)
    if len(page) <= limit:
        return page, None
    page = page[:limit]
    return page, store.sort_key(page[-1], order)


def iter_pledges(
    session: ReadSession, filters: Filters, order: Order, snapshot: Snapshot
) -> Iterator[StoredPledge]:
    """All pledges that match, in order, one after the other."""
    return store.iter_pledges(session, filters, order, snapshot)


def count_pledges(session: ReadSession, filters: Filters, snapshot: Snapshot) -> int:
    """How many pledges match."""
    return store.count_pledges(session, filters, snapshot)


def list_valuations(
    session: ReadSession, filters: Filters, snapshot: Snapshot
) -> list[tuple[str, date]]:
    """Currencies and the days that they are valued on, of all that was ever posted for the pledges that match.

    Their conversion needs no other rates; it may need fewer, for what a later version took back is among them.
    """
    return store.list_valuations(session, filters, snapshot)


def find_references(session: ReadSession, references: Sequence[str]) -> dict[str, UUID]:
    """Which of these references are taken, and by which pledges."""
    return store.find_references(session, references)


def find_current(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, StoredPledge]:
    """The current versions of these pledges, withdrawn ones too; those that do not exist are left out."""
    return store.find_current(session, ids)


def list_references(
    session: ReadSession, ids: Collection[UUID], snapshot: Snapshot
) -> dict[UUID, str]:
    """The references of these pledges by id, as they stood at the snapshot."""
    return store.list_references(session, ids, snapshot)


def list_naming(session: ReadSession, pledge: Pledge, snapshot: Snapshot) -> list[StoredPledge]:
    """The pledges that name this one among those that may hold the same money, by reference."""
    return store.list_naming(session, pledge, snapshot)


def list_history(session: ReadSession, pledge_id: UUID, snapshot: Snapshot) -> list[HistoryItem]:
    """Every entry of a pledge up to the snapshot, oldest first, each with what it changed.

    Raises:
        PledgeNotFoundError: it has none.
    """
    entries = journal.list_stream(session, pledge_id, until=snapshot.revision)
    if not entries or entries[0].stream_kind != STREAM_KIND:
        raise PledgeNotFoundError
    return tell_history(entries, apply, _visible)


def _decide(
    session: ReadSession,
    commands: Sequence[Command],
    findings: list[Finding],
    today: date,
    pointer: Callable[[int], str],
) -> tuple[dict[UUID, Pledge], list[Change]]:
    """The states that the commands change, as they are, and what the commands make of them.

    Raises:
        InvalidError: what was found before, and whatever else is wrong.
    """
    before = store.load_states(
        session, {one.pledge_id for one in commands if not isinstance(one, RecordPledge)}
    )
    states = dict(before)
    changes: list[Change] = []
    refused_ids: set[UUID] = set()
    for index, command in enumerate(commands):
        if command.pledge_id in refused_ids:
            # It builds on a version that will not be: whatever is wrong with it is no news.
            continue
        try:
            change = decide(states.get(command.pledge_id), command, today)
        except InvalidError as refused:
            findings += [finding.under(pointer(index)) for finding in refused.findings]
            refused_ids.add(command.pledge_id)
            continue
        states[command.pledge_id] = change.pledge
        changes.append(change)
    if findings:
        raise InvalidError(findings)
    return before, changes


def _visible(pledge: Pledge) -> dict[str, Json]:
    """What people see of a pledge, field by field."""
    course = Course(pledge)
    fields = {name: value for name, value in pledge_record(pledge).items() if name not in _SILENT}
    movements = {f"movements/{one.id}": movement_record(pledge, one) for one in pledge.movements}
    return {**fields, **movements, "status": course.status.value, **course.stages}


def _recorded(change: Change, entry: Entry) -> Recorded:
    stored = StoredPledge(
        document=change.record,
        stages=change.course.stages,
        status=change.course.status.value,
        revision=entry.revision,
        recorded_at=entry.recorded_at,
    )
    return Recorded(change.pledge, entry, stored)


def _draft(change: Change) -> Draft:
    return Draft(
        stream_kind=STREAM_KIND,
        stream_id=change.pledge.id,
        version=change.pledge.version,
        kind=change.kind,
        reason=change.reason,
        data=change.data,
        postings=[posting_record(posting) for posting in change.postings],
    )


def _with_references(
    session: ReadSession,
    commands: Sequence[Command],
    this_year: int,
    pointer: Callable[[int], str],
    take: TakeNumbers,
) -> tuple[list[Command], list[Finding]]:
    """The commands, each new pledge with a reference of its own; and findings on references that are taken."""
    given = [
        one.reference
        for one in commands
        if isinstance(one, RecordPledge) and one.reference and is_reference(one.reference)
    ]
    taken: set[str] = set(store.find_references(session, given))
    findings: list[Finding] = []
    for index, command in enumerate(commands):
        if isinstance(command, RecordPledge) and command.reference is not None:
            if command.reference in taken:
                place = pointer(index) + "/reference"
                findings.append(
                    Finding(place, "reference-taken", "Another pledge has this reference.")
                )
            taken.add(command.reference)
    numbered = _numbered(session, commands, this_year, taken, take)
    return [numbered.get(index, command) for index, command in enumerate(commands)], findings


def _numbered(
    session: ReadSession,
    commands: Sequence[Command],
    this_year: int,
    taken: set[str],
    take: TakeNumbers,
) -> dict[int, Command]:
    """The new pledges that came without a reference, by index, with references such as ``DK-2023-0007``."""
    waiting = {
        index: (command, _series(command, this_year))
        for index, command in enumerate(commands)
        if isinstance(command, RecordPledge) and command.reference is None
    }
    counts = Counter(series for _, series in waiting.values())
    names = _unused_names(session, counts, taken, take)
    return {
        index: replace(command, reference=names[series].popleft())
        for index, (command, series) in waiting.items()
    }


def _unused_names(
    session: ReadSession, counts: Counter[Series], taken: set[str], take: TakeNumbers
) -> dict[Series, deque[str]]:
    """So many references that nobody has; somebody may have given one of this form by hand."""
    names: dict[Series, deque[str]] = {series: deque() for series in counts}
    missing = counts
    while missing:
        fresh = {
            f"{series[0]}-{series[1]}-{number:04d}": series
            for series, numbers in take(missing).items()
            for number in numbers
        }
        held = taken | store.find_references(session, fresh).keys()
        for name, series in fresh.items():
            if name not in held:
                names[series].append(name)
        missing = counts - Counter({series: len(given) for series, given in names.items()})
    return names


def _series(command: RecordPledge, this_year: int) -> Series:
    """Donor and year for the made-up reference. A command that will be refused anyway must not stop us here."""
    try:
        donor = get_donor(command.donor).code
        year = parse_span(command.announced_on).first.year if command.announced_on else this_year
    except ValueRefusedError:
        return "XX", this_year
    return donor, year
