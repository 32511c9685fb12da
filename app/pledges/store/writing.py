"""What writing a pledge needs of the database: the states that a command changes, references, and what it leaves."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Select, bindparam, select, update

from app.db import ReadSession, WriteSession, dialect_of, each_of, insert_rows, table_of, upsert
from app.kernel.canonical import canonical_bytes
from app.kernel.text import fold
from app.pledges.domain import Change, Pledge, StoredPledge, read_record
from app.pledges.domain.postings import NOTHING, Cell, Effect
from app.pledges.store.versions import IS_CURRENT, PLEDGE, in_chunks
from app.pledges.tables import FOREVER, PostingRow, ReferenceCounterRow, RollupRow

# Donor and year that numbered references count by.
Series = tuple[str, int]
TakeNumbers = Callable[[Mapping[Series, int]], Mapping[Series, range]]
_POSTING = table_of(PostingRow)
_ROLLUP = table_of(RollupRow)
_COUNTER = table_of(ReferenceCounterRow)


# The hot statements are built once: building one can take longer than running it. And they are run on the connection,
# for the session looks for mapped objects in each of them.
@cache
def _finding_references(dialect: str) -> Select[Any]:
    # A look-up for each, so that it goes by the index even where PostgreSQL planned it while there were few pledges.
    given = each_of(dialect, "references")
    holder = select(PLEDGE.c.id).where(PLEDGE.c.reference == given.c.value, IS_CURRENT)
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
    for chunk in in_chunks(list(ids)):
        statement = select(PLEDGE.c.id, PLEDGE.c.document).where(PLEDGE.c.id.in_(chunk), IS_CURRENT)
        for row in session.execute(statement):
            states[row.id] = read_record(json.loads(row.document))
    return states


def find_references(session: ReadSession, references: Collection[str]) -> dict[str, UUID]:
    """Which of these references are taken, and by which pledges."""
    if not references:
        return {}
    statement = _finding_references(dialect_of(session))
    rows = session.connection().execute(statement, {"references": json.dumps(list(references))})
    return {reference: holder for reference, holder in rows if holder is not None}


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
            update(PLEDGE)
            .where(PLEDGE.c.id == bindparam("of_id"), PLEDGE.c.version == bindparam("of_version"))
            .values(until_revision=bindparam("until")),
            closing,
        )
    if rows:
        insert_rows(session, PLEDGE, list(rows.values()))


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
