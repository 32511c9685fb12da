"""Promise: however many rows are inserted at once, the same rows are there, and a refusal is told in the same way."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from app.db import Database, insert_rows, sent_together, table_of
from app.journal.tables import EntryRow
from app.pledges.tables import FOREVER, PledgeRow, PostingRow, RollupRow
from tests import postgres

COUNTS: Final = (1, 2, 50)
TEXT: Final = 'Пакет\t13\\N\n"quoted", \\. and \u2028'
ENTRY: Final = table_of(EntryRow)


def entries(count: int) -> list[dict[str, Any]]:
    return [
        {
            "revision": number, "id": UUID(int=number), "stream_kind": "test", "stream_id": UUID(int=number),
            "version": 1, "kind": TEXT, "recorded_at": datetime(2026, 11, 22, 10, 0, 0, number, tzinfo=UTC),
            "actor": "", "reason": None if number % 2 else TEXT, "payload": bytes(range(256)),
            "leaf_hash": bytes([number]) * 32,
        }
        for number in range(1, count + 1)
    ]  # fmt: skip


def postings(count: int) -> list[dict[str, Any]]:
    return [
        {
            "revision": number, "line": 1, "pledge_id": UUID(int=number), "donor": "DK", "aid_type": "military",
            "instrument": "grant", "stage": "pledged", "currency": "DKK", "valued_on": date(2026, 11, 22),
            "first": date.min, "last": date.max, "amount": -(2**62), "pledges": -1, "unvalued": 0,
            "implied": bool(number % 2),
        }
        for number in range(1, count + 1)
    ]  # fmt: skip


def versions(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": UUID(int=number), "version": 1, "since_revision": number, "until_revision": FOREVER,
            "recorded_at": datetime(2026, 11, 22, tzinfo=UTC), "reference": f"R{number}", "donor": "DK",
            "aid_type": "military", "instrument": "grant", "status": "pledged", "amount_minor": None, "currency": None,
            "announced_first": date.min, "announced_last": date.max, "search": TEXT, "document": "{}", "stages": "{}",
        }
        for number in range(1, count + 1)
    ]  # fmt: skip


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(
    ("row", "make"), [(EntryRow, entries), (PostingRow, postings), (PledgeRow, versions)]
)
def test_the_rows_are_there_to_the_last_byte(
    database: Database, row: Any, make: Any, count: int
) -> None:
    table, rows = table_of(row), make(count)
    with database.transaction() as session:
        insert_rows(session, table, rows)
    with database.reading() as session:
        found = session.execute(select(table).order_by(*table.primary_key)).mappings().all()
    assert [{name: one[name] for name in rows[0]} for one in found] == rows


def insert(database: Database, rows: Sequence[dict[str, Any]]) -> None:
    with database.transaction() as session:
        insert_rows(session, ENTRY, rows)


@pytest.mark.parametrize("count", COUNTS)
def test_a_row_that_is_there_already_refuses_all_of_them(database: Database, count: int) -> None:
    insert(database, entries(1))
    with pytest.raises(IntegrityError):
        insert(database, [*entries(count)[1:], entries(1)[0]])
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(ENTRY)).scalar() == 1


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("count", COUNTS)
def test_a_connection_that_is_lost_meanwhile_is_told_as_such(
    database: Database, count: int, postgres_server: str
) -> None:
    def insert_cut_off() -> None:
        with database.transaction() as session:
            pid = session.execute(select(func.pg_backend_pid())).scalar()
            postgres.execute(postgres_server, f"SELECT pg_terminate_backend({pid})")
            insert_rows(session, ENTRY, entries(count))

    with pytest.raises(OperationalError):
        insert_cut_off()
    # The next one has another connection.
    insert(database, entries(count))


def test_what_is_sent_together_is_refused_when_it_has_been_sent(database: Database) -> None:
    insert(database, entries(1))

    def insert_two_lots() -> None:
        with database.transaction() as session, sent_together(session):
            insert_rows(session, ENTRY, entries(1))
            insert_rows(session, table_of(PostingRow), postings(1))

    with pytest.raises(IntegrityError):
        insert_two_lots()
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(table_of(PostingRow))).scalar() == 0


def test_sums_are_added_to_those_that_are_there(database: Database) -> None:
    rollup = table_of(RollupRow)
    cell = {
        "stage": "pledged", "donor": "DK", "aid_type": "military", "instrument": "grant", "currency": "DKK",
        "valued_on": date(2026, 11, 22), "first": date.min, "last": date.max,
    }  # fmt: skip
    sums = {"amount": 2**62, "pledges": 2, "unvalued": 0}
    with database.transaction() as session:
        insert_rows(session, rollup, [cell | sums], adding=tuple(sums))
        insert_rows(
            session,
            rollup,
            [cell | {"amount": -5, "pledges": -1, "unvalued": 1}],
            adding=tuple(sums),
        )
    with database.reading() as session:
        [row] = session.execute(select(rollup)).mappings().all()
    assert dict(row) == cell | {"amount": 2**62 - 5, "pledges": 1, "unvalued": 1}
