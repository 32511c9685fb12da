"""Everything that a database holds, so that a test can say that nothing was touched."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import inspect, text

from app.db import Database

Rows = dict[str, list[tuple[Any, ...]]]


def dump(database: Database, *, but: Collection[str] = ("fx_rate",)) -> Rows:
    """All rows of all tables, as the driver gives them, in one order.

    Args:
        database: what to read.
        but: tables to leave out; by default the rates, which are many and which no write touches.
    """
    with database.reading() as session:
        connection = session.connection()
        return {
            table: sorted(
                (tuple(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))),
                key=repr,
            )
            for table in sorted(inspect(connection).get_table_names())
            if table not in but
        }
