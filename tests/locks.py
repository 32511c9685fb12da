"""Locks that somebody else holds."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


@contextmanager
def holding_the_head(url: str) -> Iterator[None]:
    """The lock that every writer needs is held by somebody else."""
    with psycopg.connect(url.replace("+psycopg", "")) as holder:
        holder.execute("SELECT * FROM head FOR UPDATE")
        yield
        holder.rollback()


def count_waiting(url: str) -> int:
    """How many connections to this PostgreSQL database wait for a lock."""
    with psycopg.connect(url.replace("+psycopg", "")) as asking:
        row = asking.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
    assert row is not None
    return int(row[0])
