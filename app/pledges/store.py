"""Every SQL statement of the pledges room."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from app.db import (
    ReadSession,
    WriteSession,
    dialect_of,
    each_of,
    insert_rows,
    table_of,
    upsert,
)
from app.donors.domain import Group, list_donors
from app.journal.domain import Snapshot
from app.kernel.canonical import canonical_bytes
from app.kernel.text import fold
from app.pledges.domain import Change, Pledge, StoredPledge, read_record
from app.pledges.domain.likeness import Nearness, title_words
from app.pledges.domain.postings import NOTHING, Cell, Effect
from app.pledges.domain.query import Filters, Order, SortKey
from app.pledges.tables import FOREVER, PledgeRow, PostingRow, ReferenceCounterRow, RollupRow

T = TypeVar("T")
# Donor and year that numbered references count by.
Series = tuple[str, int]
TakeNumbers = Callable[[Mapping[Series, int]], Mapping[Series, range]]
_PLEDGE = table_of(PledgeRow)
_POSTING = table_of(PostingRow)
_ROLLUP = table_of(RollupRow)
_COUNTER = table_of(ReferenceCounterRow)
# Both engines limit how many values one statement may bind.
_CHUNK: Final = 500
# Of the pledges that may be like one, so many are looked at.
MAX_LIKE: Final = 200
_MAX_WORDS: Final = 8
_SORT_COLUMN: Final[Mapping[SortKey, Any]] = {
    SortKey.ANNOUNCED_ON: _PLEDGE.c.announced_first,
    SortKey.REFERENCE: _PLEDGE.c.reference,
    SortKey.DONOR: _PLEDGE.c.donor,
    SortKey.REVISION: _PLEDGE.c.since_revision,
}

# Written out, not bound: PostgreSQL takes a partial index only where it knows the value while it plans.
_IS_CURRENT: Final = _PLEDGE.c.until_revision == literal_column(str(FOREVER))


# The hot statements are built once: building one can take longer than running it. And they are run on the connection,
# for the session looks for mapped objects in each of them.
@cache
def _finding_references(dialect: str) -> Select[Any]:
    # A look-up for each, so that it goes by the index even where PostgreSQL planned it while there were few pledges.
    given = each_of(dialect, "references")
    holder = select(_PLEDGE.c.id).where(_PLEDGE.c.reference == given.c.value, _IS_CURRENT)
    return select(given.c.value, holder.scalar_subquery())


@cache
def _taking_numbers(dialect: str) -> Executable:
    statement = upsert(dialect, _COUNTER)
    columns = _COUNTER.c
    return statement.on_conflict_do_update(
        index_elements=list(_COUNTER.primary_key),
        set_={"last_number": columns.last_number + statement.excluded.last_number},
    ).returning(columns.donor, columns.year, columns.last_number)


def load_states(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Pledge]:
    """The current versions of these pledges; those that do not exist are left out."""
    states: dict[UUID, Pledge] = {}
    for chunk in _chunks(list(ids)):
        statement = select(_PLEDGE.c.id, _PLEDGE.c.document).where(
            _PLEDGE.c.id.in_(chunk), _IS_CURRENT
        )
        for row in session.execute(statement):
            states[row.id] = read_record(json.loads(row.document))
    return states


def find_current(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, StoredPledge]:
    """The current versions of these pledges; those that do not exist are left out."""
    found: dict[UUID, StoredPledge] = {}
    for chunk in _chunks(list(ids)):
        statement = select(_PLEDGE).where(
            _PLEDGE.c.id.in_(chunk), _PLEDGE.c.until_revision == FOREVER
        )
        found.update({row.id: _stored(row) for row in session.execute(statement)})
    return found


def find_references(session: ReadSession, references: Collection[str]) -> dict[str, UUID]:
    """Which of these references are taken, and by which pledges."""
    if not references:
        return {}
    statement = _finding_references(dialect_of(session))
    rows = session.connection().execute(statement, {"references": json.dumps(list(references))})
    return {reference: holder for reference, holder in rows if holder is not None}


def list_references(
    session: ReadSession, ids: Collection[UUID], snapshot: Snapshot
) -> dict[UUID, str]:
    """The references of these pledges at the snapshot; those that did not exist are left out."""
    found: dict[UUID, str] = {}
    for chunk in _chunks(list(ids)):
        statement = select(_PLEDGE.c.id, _PLEDGE.c.reference).where(
            _PLEDGE.c.id.in_(chunk), *version_conditions(snapshot)
        )
        found.update({row.id: row.reference for row in session.execute(statement)})
    return found


def list_naming(session: ReadSession, pledge: Pledge, snapshot: Snapshot) -> list[StoredPledge]:
    """The pledges that name this one among those that may hold the same money, by reference."""
    columns = _PLEDGE.c
    statement = select(
        columns.document,
        columns.stages,
        columns.status,
        columns.since_revision,
        columns.recorded_at,
    ).where(
        # No column of its own: few pledges name others, and any that quotes the reference is looked at below.
        columns.document.contains(f'"{pledge.reference}"', autoescape=True),
        columns.id != pledge.id,
        columns.status != "withdrawn",
        *version_conditions(snapshot),
    )
    found = [_stored(row) for row in session.execute(statement.order_by(columns.reference))]
    return [one for one in found if pledge.reference in one.pledge.overlaps]


def take_numbers(session: WriteSession, counts: Mapping[Series, int]) -> dict[Series, range]:
    """So many unused numbers for references such as ``DK-2023-0007``, under the journal's lock."""
    rows = [
        {"donor": donor, "year": year, "last_number": counts[donor, year]}
        for donor, year in sorted(counts)
    ]
    taken: dict[Series, range] = {}
    connection = session.connection()
    for donor, year, last in connection.execute(_taking_numbers(connection.dialect.name), rows):
        taken[donor, year] = range(last - counts[donor, year] + 1, last + 1)
    return taken


def foresee_numbers(session: ReadSession) -> TakeNumbers:
    """Tells which numbers ``take_numbers`` would give, time after time, and takes none."""
    given: defaultdict[Series, int] = defaultdict(int)

    def foresee(counts: Mapping[Series, int]) -> dict[Series, range]:
        seen: dict[Series, range] = {}
        for series, count in counts.items():
            first = (given[series] or _find_last_number(session, series)) + 1
            given[series] = first + count - 1
            seen[series] = range(first, first + count)
        return seen

    return foresee


def _find_last_number(session: ReadSession, series: Series) -> int:
    columns = _COUNTER.c
    statement = select(columns.last_number).where(
        columns.donor == series[0], columns.year == series[1]
    )
    return session.execute(statement).scalar() or 0


def project(
    session: WriteSession,
    changes: Sequence[Change],
    versions: Sequence[StoredPledge],
) -> None:
    """Write what the changes did: postings, roll-up, and the versions that are now current."""
    _insert_postings(session, changes, versions)
    _add_to_rollup(session, changes)
    _replace_versions(session, changes, versions)


def find_pledge(session: ReadSession, pledge_id: UUID, snapshot: Snapshot) -> StoredPledge | None:
    """The version that was current at the snapshot."""
    return _find(session, _PLEDGE.c.id == pledge_id, snapshot)


def find_pledge_by_reference(
    session: ReadSession, reference: str, snapshot: Snapshot
) -> StoredPledge | None:
    """As ``find_pledge``, by reference."""
    return _find(session, _PLEDGE.c.reference == reference, snapshot)


def list_pledges(
    session: ReadSession,
    filters: Filters,
    order: Order,
    snapshot: Snapshot,
    *,
    after: tuple[str | int, ...],
    limit: int,
) -> list[StoredPledge]:
    """One page of pledges, behind the sort key ``after`` where it is not empty."""
    statement = _select_versions(filters, snapshot)
    column = _SORT_COLUMN[order.key]
    if after:
        statement = statement.where(_is_after(order, after))
    by = (column, _PLEDGE.c.reference)
    statement = statement.order_by(*(one.desc() if order.descending else one for one in by)).limit(
        limit
    )
    return [_stored(row) for row in session.execute(statement)]


def list_like(session: ReadSession, pledge: Pledge, nearness: Nearness) -> list[StoredPledge]:
    """Current pledges of the donor that may be like one: near in date and amount, or with words of its title.

    Those with most of the words come first; there are at most ``MAX_LIKE``.
    """
    columns = _PLEDGE.c
    # Some of the words are enough to find it; the longest tell most.
    every = sorted(title_words(pledge.title), key=lambda word: (-len(word), word))
    words = every[:_MAX_WORDS]
    missing = len(every) * (100 - nearness.shared_percent) // 100
    # Not a plain 0, which an ORDER BY would take for the place of a column.
    shared: ColumnElement[int] = cast(literal(0), Integer)
    for word in words:
        shared = shared + case((columns.search.contains(word, autoescape=True), 1), else_=0)
    near = [shared >= max(len(words) - missing, 1)]
    if pledge.announced.is_dated:
        near.append(and_(_is_near_amount(pledge, nearness), _is_near_date(pledge, nearness)))
    statement = (
        select(
            columns.document, columns.stages, columns.status, columns.since_revision, columns.recorded_at
        )
        .where(_IS_CURRENT, columns.donor == pledge.donor, columns.status != "withdrawn", or_(*near))
        .order_by(shared.desc(), columns.announced_first.desc(), columns.reference)
        .limit(MAX_LIKE)
    )  # fmt: skip
    return [_stored(row) for row in session.execute(statement)]


def _is_near_date(pledge: Pledge, nearness: Nearness) -> ColumnElement[bool]:
    reach = nearness.reach(pledge.announced)
    return and_(
        _PLEDGE.c.announced_first != date.min,
        _PLEDGE.c.announced_first <= reach.last,
        _PLEDGE.c.announced_last >= reach.first,
    )


def _is_near_amount(pledge: Pledge, nearness: Nearness) -> ColumnElement[bool]:
    if pledge.amount is None:
        return _PLEDGE.c.amount_minor.is_(None)
    least, most = nearness.bounds(pledge.amount)
    return and_(_PLEDGE.c.currency == pledge.currency, _PLEDGE.c.amount_minor.between(least, most))


def iter_pledges(
    session: ReadSession, filters: Filters, order: Order, snapshot: Snapshot
) -> Iterator[StoredPledge]:
    """All pledges that match, streamed from the database."""
    by = (_SORT_COLUMN[order.key], _PLEDGE.c.reference)
    statement = _select_versions(filters, snapshot).order_by(
        *(one.desc() if order.descending else one for one in by)
    )
    for row in session.execute(statement.execution_options(yield_per=1_000)):
        yield _stored(row)


def count_pledges(session: ReadSession, filters: Filters, snapshot: Snapshot) -> int:
    """How many pledges match."""
    statement = select(func.count()).select_from(matching_ids(filters, snapshot).subquery())
    return session.execute(statement).scalar_one()


def list_valuations(
    session: ReadSession, filters: Filters, snapshot: Snapshot
) -> list[tuple[str, date]]:
    """Currencies and the days that they are valued on, of all that was ever posted for the pledges that match.

    What a later version took back is among them.
    """
    columns = _POSTING.c
    statement = (
        select(columns.currency, columns.valued_on)
        .distinct()
        .where(
            columns.revision <= snapshot.revision,
            columns.amount != 0,
            columns.pledge_id.in_(matching_ids(filters, snapshot)),
        )
        .order_by(columns.currency, columns.valued_on)
    )
    return [(row.currency, row.valued_on) for row in session.execute(statement)]


def sort_key(stored: StoredPledge, order: Order) -> tuple[str | int, ...]:
    """The place of a pledge in this order, as a cursor keeps it."""
    document = stored.document
    value: str | int
    match order.key:
        case SortKey.ANNOUNCED_ON:
            value = stored.pledge.announced.first.isoformat()
        case SortKey.REVISION:
            value = stored.revision
        case SortKey.REFERENCE | SortKey.DONOR:
            value = document[order.key.value]
    return value, document["reference"]


def matching_ids(filters: Filters, snapshot: Snapshot) -> Select[tuple[UUID]]:
    """A sub-select of the ids of the pledges that match, for totals over a choice of pledges."""
    return select(_PLEDGE.c.id).where(*version_conditions(snapshot), *filter_conditions(filters))


def version_conditions(snapshot: Snapshot) -> tuple[ColumnElement[bool], ...]:
    """Which versions were the current ones at the snapshot."""
    if snapshot.is_head:
        return (_IS_CURRENT,)
    return (
        _PLEDGE.c.since_revision <= snapshot.revision,
        _PLEDGE.c.until_revision > snapshot.revision,
    )


def filter_conditions(filters: Filters) -> tuple[ColumnElement[bool], ...]:
    """The filters as conditions on the versions."""
    return tuple(_conditions(filters))


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    columns = _PLEDGE.c
    for column, chosen in (
        (columns.donor, filters.donors),
        (columns.aid_type, filters.aid_types),
        (columns.instrument, filters.instruments),
        (columns.status, filters.statuses),
    ):
        if chosen:
            yield column.in_([str(one) for one in chosen])
    if not filters.statuses:
        # What was recorded in error is shown only to those who ask for it by name.
        yield columns.status != "withdrawn"
    if filters.groups:
        yield member_condition(filters.groups, columns.donor, columns.announced_last)
    if filters.text is not None:
        yield columns.search.contains(filters.text, autoescape=True)
    if filters.unvalued is not None:
        amount = columns.amount_minor
        yield amount.is_(None) if filters.unvalued else amount.is_not(None)
    yield from _date_conditions(filters)


def _date_conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    first, last = _PLEDGE.c.announced_first, _PLEDGE.c.announced_last
    if filters.is_windowed:
        yield first >= filters.window.first
        yield last <= filters.window.last
    if filters.undated is not None:
        yield first == date.min if filters.undated else first != date.min


def member_condition(
    groups: Sequence[Group], donor: ColumnElement[str], day: ColumnElement[date]
) -> ColumnElement[bool]:
    """Whether the donor belonged to one of the groups on the day."""
    terms = [
        and_(donor == one.code, day >= time.since, *([day < time.until] if time.until else []))
        for one in list_donors()
        for time in one.memberships
        if time.group in groups
    ]
    return or_(false(), *terms)


def _select_versions(filters: Filters, snapshot: Snapshot) -> Select[Any]:
    columns = _PLEDGE.c
    return select(
        columns.document,
        columns.stages,
        columns.status,
        columns.since_revision,
        columns.recorded_at,
    ).where(*version_conditions(snapshot), *filter_conditions(filters))


def _is_after(order: Order, after: tuple[str | int, ...]) -> ColumnElement[bool]:
    column, reference = _SORT_COLUMN[order.key], _PLEDGE.c.reference
    value: Any = after[0]
    if order.key is SortKey.ANNOUNCED_ON:
        value = date.fromisoformat(str(value))
    beyond = column < value if order.descending else column > value
    later = reference < after[1] if order.descending else reference > after[1]
    return or_(beyond, and_(column == value, later))


def _find(
    session: ReadSession, condition: ColumnElement[bool], snapshot: Snapshot
) -> StoredPledge | None:
    columns = _PLEDGE.c
    statement = select(
        columns.document,
        columns.stages,
        columns.status,
        columns.since_revision,
        columns.recorded_at,
    ).where(condition, *version_conditions(snapshot))
    row = session.execute(statement).first()
    return None if row is None else _stored(row)


def _stored(row: Any) -> StoredPledge:
    return StoredPledge(
        document=json.loads(row.document),
        stages=json.loads(row.stages),
        status=row.status,
        revision=row.since_revision,
        recorded_at=row.recorded_at,
    )


def _insert_postings(
    session: WriteSession, changes: Sequence[Change], versions: Sequence[StoredPledge]
) -> None:
    rows = [
        {
            "revision": version.revision,
            "line": line,
            "pledge_id": change.pledge.id,
            **posting.cell._asdict(),
            **posting.effect._asdict(),
            "implied": posting.implied,
        }
        for change, version in zip(changes, versions, strict=True)
        for line, posting in enumerate(change.postings, start=1)
    ]
    if rows:
        insert_rows(session, _POSTING, rows)


def _add_to_rollup(session: WriteSession, changes: Sequence[Change]) -> None:
    sums: defaultdict[Cell, Effect] = defaultdict(Effect)
    for change in changes:
        for posting in change.postings:
            sums[posting.cell] = sums[posting.cell].plus(posting.effect)
    # In one order, so that two writers could never wait for each other.
    rows = [
        {**cell._asdict(), **sums[cell]._asdict()} for cell in sorted(sums) if sums[cell] != NOTHING
    ]
    if rows:
        insert_rows(session, _ROLLUP, rows, adding=("amount", "pledges", "unvalued"))


def _replace_versions(
    session: WriteSession,
    changes: Sequence[Change],
    versions: Sequence[StoredPledge],
) -> None:
    """Close the versions that were current, and add the new ones.

    A batch may make several versions of one pledge; each is current from its own revision to the next one's.
    """
    rows: dict[tuple[UUID, int], dict[str, Any]] = {}
    closing = []
    for change, version in zip(changes, versions, strict=True):
        pledge = change.pledge
        before = (pledge.id, pledge.version - 1)
        if before in rows:
            rows[before]["until_revision"] = version.revision
        elif pledge.version > 1:
            closing.append({"of_id": pledge.id, "of_version": before[1], "until": version.revision})
        rows[pledge.id, pledge.version] = _version_row(pledge, version)
    if closing:
        session.connection().execute(
            update(_PLEDGE)
            .where(_PLEDGE.c.id == bindparam("of_id"), _PLEDGE.c.version == bindparam("of_version"))
            .values(until_revision=bindparam("until")),
            closing,
        )
    if rows:
        insert_rows(session, _PLEDGE, list(rows.values()))


def _version_row(pledge: Pledge, version: StoredPledge) -> dict[str, Any]:
    return {
        "id": pledge.id,
        "version": pledge.version,
        "since_revision": version.revision,
        "until_revision": FOREVER,
        "recorded_at": version.recorded_at,
        "reference": pledge.reference,
        "donor": pledge.donor,
        "aid_type": pledge.aid_type.value,
        "instrument": pledge.instrument.value,
        "status": version.status,
        "amount_minor": pledge.amount,
        "currency": pledge.currency,
        "announced_first": pledge.announced.first,
        "announced_last": pledge.announced.last,
        "search": fold(" ".join(filter(None, (pledge.title, pledge.reference, pledge.notes)))),
        "document": canonical_bytes(version.document).decode(),
        "stages": json.dumps(version.stages),
    }


def _chunks(items: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
