"""Promise: the stored tree is that of the entries, however it grew, and a proof reads a handful of rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from app.db import Database
from app.journal import service as journal
from app.transparency import service, store
from app.transparency.domain import tree
from app.transparency.domain.tree import Node
from app.transparency.errors import LogDamagedError, LogForkError
from app.transparency.service import hashes
from tests.clock import StoppedClock
from tests.rows import dump
from tests.transparency import naive
from tests.transparency.build import append, leaves


def integrate(database: Database, at_most: int | None = None) -> int:
    with database.transaction() as session:
        return service.integrate(session, at_most=at_most)


def stored_root(database: Database, size: int) -> bytes:
    with database.reading() as session:
        return tree.root(size, hashes.edge(session, size).__getitem__)


def test_the_stored_tree_is_that_of_the_definition(database: Database, clock: StoppedClock) -> None:
    assert integrate(database) == 0
    size = 0
    for step in (1, 1, 5, 57, 0, 64, 129):
        if step:
            append(database, clock, step)
        size += step
        assert integrate(database) == size
        assert stored_root(database, size) == naive.mth(leaves(database))
    all_leaves = leaves(database)
    nodes = {(level, index): value for level, index, value in dump(database)["log_node"]}
    assert nodes == {
        (level, index): naive.mth(all_leaves[index << level : (index + 1) << level])
        for level in range(1, 9)
        for index in range(size >> level)
    }
    for earlier in (1, 7, 63, 64, 127, 200):
        assert stored_root(database, earlier) == naive.mth(all_leaves[:earlier])


def test_growing_by_pieces_makes_the_same_tree(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(database, clock, 100)
    monkeypatch.setattr(hashes, "BATCH", 7)
    sizes = [integrate(database, at_most=33) for _ in range(5)]
    assert sizes == [33, 66, 99, 100, 100]
    by_pieces = dump(database)
    with database.transaction() as session:
        assert service.rebuild(session) == 100
    assert dump(database) == by_pieces


def test_a_tree_that_was_damaged_is_rebuilt(database: Database, clock: StoppedClock) -> None:
    append(database, clock, 70)
    integrate(database)
    whole = dump(database)
    with database.transaction() as session:
        session.execute(text("DELETE FROM log_node WHERE level = 6"))
    with pytest.raises(LogDamagedError):
        stored_root(database, 70)
    with database.transaction() as session:
        service.rebuild(session)
    assert dump(database) == whole


def test_a_refused_step_leaves_the_tree_as_it_was(database: Database, clock: StoppedClock) -> None:
    append(database, clock, 10)
    with database.transaction() as session:
        store.set_tree_size(session, 11)
    before = dump(database)
    with pytest.raises(LogForkError, match="ends at 10"):
        integrate(database)
    assert dump(database) == before


@contextmanager
def counting(database: Database) -> Iterator[list[int]]:
    """How many rows each statement fetched."""
    fetched: list[int] = []

    def after(_connection: Any, cursor: Any, *_rest: Any) -> None:
        fetched.append(cursor.rowcount)

    event.listen(database.engine, "after_cursor_execute", after)
    yield fetched
    event.remove(database.engine, "after_cursor_execute", after)


def test_a_proof_reads_few_rows_in_two_statements(database: Database, clock: StoppedClock) -> None:
    append(database, clock, 1_000)
    integrate(database)
    with database.reading() as session:
        session.connection()
        for ranges in (tree.inclusion_ranges(123, 999), tree.consistency_ranges(700, 999)):
            with counting(database) as statements:
                hashes.list_proof(session, ranges)
            assert len(statements) <= 2
            assert len(tree.nodes_of(ranges)) <= 20


def test_nodes_are_found_by_their_key(database: Database, clock: StoppedClock) -> None:
    """A search through the table would be right and, with many entries, slow."""
    append(database, clock, 300)
    integrate(database)
    ranges = tree.inclusion_ranges(3, 299)
    nodes = [node for node in tree.nodes_of(ranges) if node.level]
    plans: list[str] = []
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "

    def before(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "log_node" in statement:
            cursor.execute(explain + statement, parameters)
            plans.append(str(cursor.fetchall()))

    with database.reading() as session:
        if not database.is_sqlite:
            # So few rows are cheaper to read all; what counts is that the key can be used.
            session.execute(text("SET LOCAL enable_seqscan = off"))
        event.listen(database.engine, "before_cursor_execute", before)
        found = store.find_nodes(session, nodes)
        event.remove(database.engine, "before_cursor_execute", before)
    assert len(found) == len(nodes)
    [plan] = plans
    assert (
        "SEARCH log_node USING PRIMARY KEY" in plan if database.is_sqlite else "pk_log_node" in plan
    )


def test_a_missing_entry_is_noticed_while_the_tree_grows(
    database: Database, clock: StoppedClock
) -> None:
    append(database, clock, 20)
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TRIGGER entry_no_delete"))
        else:
            connection.execute(text("ALTER TABLE entry DISABLE TRIGGER entry_no_change"))
        connection.execute(text("DELETE FROM entry WHERE revision = 13"))
        connection.commit()
    with pytest.raises(LogForkError, match="missing"):
        integrate(database)


def test_thousands_of_entries_are_taken_in_at_once(database: Database, clock: StoppedClock) -> None:
    append(database, clock, 4_000)
    assert integrate(database) == 4_000
    all_leaves = leaves(database)
    assert stored_root(database, 4_000) == naive.mth(all_leaves)
    with database.reading() as session:
        assert hashes.root_from_entries(session, 3_999) == naive.mth(all_leaves[:3_999])
        assert journal.head_revision(session) == 4_000


def test_the_root_of_the_entries_needs_no_stored_tree(
    database: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashes, "RECHECKED", 16)
    append(database, clock, 100)
    roots = [naive.mth(leaves(database)[:size]) for size in range(101)]
    for stored in (None, 50, 100):
        if stored:
            integrate(database, at_most=50)
        with database.reading() as session:
            assert [hashes.root_from_entries(session, size) for size in range(101)] == roots
    with database.transaction() as session:
        store.delete_nodes(session)
    with database.reading() as session:
        assert hashes.root_from_entries(session, 100) == roots[100]


def test_what_is_not_there_is_not_found(database: Database) -> None:
    with database.reading() as session:
        assert store.find_nodes(session, []) == {}
        assert store.find_nodes(session, [Node(5, 5)]) == {}
        assert hashes.find_hashes(session, []) == {}
        with pytest.raises(LogDamagedError):
            hashes.find_hashes(session, [Node(0, 0)])
