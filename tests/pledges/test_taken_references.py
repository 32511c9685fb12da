"""Promise: whether references are taken is found out for many at once, and as fast among many pledges as among few."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db import Database, ReadSession, insert_rows, table_of
from app.pledges import service
from app.pledges.tables import FOREVER, PledgeRow

CURRENT: Final = 1_200


def version(number: int, until: int = FOREVER) -> dict[str, Any]:
    return {
        "id": UUID(int=number), "version": 1, "since_revision": 1, "until_revision": until,
        "recorded_at": datetime(2026, 11, 22, tzinfo=UTC), "reference": f"R-{number}", "donor": "DK",
        "aid_type": "military", "instrument": "grant", "status": "pledged", "amount_minor": None, "currency": None,
        "announced_first": date.min, "announced_last": date.max, "search": "", "document": "{}", "stages": "{}",
    }  # fmt: skip


def scans(session: ReadSession, relation: str) -> int:
    """How often this transaction has walked through a table or looked into an index (PostgreSQL)."""
    asking = text("SELECT pg_stat_get_xact_numscans(CAST(:relation AS regclass))")
    number: int = session.execute(asking, {"relation": relation}).scalar_one()
    return number


def test_of_many_names_those_of_current_pledges_are_found(database: Database) -> None:
    rows = [version(number) for number in range(CURRENT)]
    past = version(CURRENT, until=2)
    with database.transaction() as session:
        insert_rows(session, table_of(PledgeRow), [*rows, past])
    names = [f"R-{number}" for number in range(2 * CURRENT)]
    with database.reading() as session:
        found = service.find_references(session, [*names, "r-1", '"R-1"', "R-1' OR 'a' = 'a"])
        assert service.find_references(session, []) == {}
    assert found == {f"R-{number}": UUID(int=number) for number in range(CURRENT)}


def test_each_name_is_one_look_into_the_index(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite does not count what it looks into")
    with database.reading() as session:
        # The table is empty, the worst time to plan for the day when it is full; and PostgreSQL keeps that plan.
        for _ in range(20):
            service.find_references(session, ["R-1", "R-2"])
        assert scans(session, "uq_pledge_current_reference") == 20 * 2
        assert scans(session, "pledge") == 0
