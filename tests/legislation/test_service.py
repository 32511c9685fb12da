"""Promise: on both databases, what was recorded is what is read, now and as of any moment."""

from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from app.db import Database
from app.fx.errors import NoExchangeRateError
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.kernel.errors import InvalidError
from app.legislation import service
from app.legislation.domain import (
    NATIVE,
    AmendLegislativeRequest,
    Column,
    Command,
    Component,
    Dimension,
    PendingFigures,
    PendingQuery,
    RecordAction,
    State,
    WithdrawAction,
    WithdrawLegislativeRequest,
)
from app.legislation.domain.query import Filters, Order, SortKey
from app.legislation.errors import LegislativeRequestNotFoundError
from app.legislation.service import Recorded
from tests.clock import StoppedClock
from tests.legislation.build import action, line, new_uuid, recording
from tests.legislation.seed import read_seed, to_command

CLOCK = StoppedClock()


def record(database: Database, *commands: Command) -> list[Recorded]:
    with database.transaction() as session:
        return service.record(
            session, commands, actor="desk", clock=CLOCK, pointer=lambda index: f"/requests/{index}"
        )


def references(database: Database, as_of: int | None = None, **filters: Any) -> list[str]:
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, as_of, now=CLOCK.now())
        order = Order(SortKey.REFERENCE, descending=False)
        found = service.iter_requests(session, Filters(**filters), order, snapshot)
        return [one.request.reference for one in found]


def read_pending(
    database: Database, on: str, as_of: int | None = None, **query: Any
) -> PendingFigures:
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, as_of, now=CLOCK.now())
        asked = PendingQuery(on=date.fromisoformat(on), **query)
        return service.read_pending(session, asked, snapshot)


def head(database: Database) -> Snapshot:
    with database.reading() as session:
        return journal.read_snapshot(session, None, now=CLOCK.now())


def test_a_recorded_request_is_read_by_id_and_by_reference(database: Database) -> None:
    [recorded] = record(database, recording(reference="US-2023-10"))
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=CLOCK.now())
        by_id = service.get_request(session, recorded.request.id, snapshot)
        assert by_id == service.get_request(session, "US-2023-10", snapshot) == recorded.stored
        with pytest.raises(LegislativeRequestNotFoundError):
            service.get_request(session, "US-2023-11", snapshot)


def test_the_ledger_as_of_a_revision_does_not_change(database: Database) -> None:
    [recorded] = record(database, recording(lines=[line("100.00")]))
    name = recorded.request.id
    record(database, RecordAction(request_id=name, action=action("2023-10-21", "enacted")))
    change = {"lines": [line("7.00")]}
    record(database, AmendLegislativeRequest(request_id=name, changes=change, reason="so"))
    with database.reading() as session:
        for as_of, state in ((1, "submitted"), (2, "enacted"), (3, "enacted")):
            snapshot = journal.read_snapshot(session, as_of, now=CLOCK.now())
            stored = service.get_request(session, name, snapshot)
            assert (stored.request.version, stored.revision) == (as_of, as_of)
            assert [one.state for one in stored.request.actions][-1] == state
    assert read_pending(database, "2023-10-30", 1).total.requests == 1
    assert read_pending(database, "2023-10-30", 2).total.requests == 0
    assert (
        read_pending(database, "2023-10-20", 2).total.by_currency[0].format(Column.AMOUNT)
        == "100.00"
    )
    assert (
        read_pending(database, "2023-10-20", 3).total.by_currency[0].format(Column.AMOUNT) == "7.00"
    )


def test_a_batch_may_record_a_request_and_what_happened_to_it(database: Database) -> None:
    name = new_uuid()
    record(
        database,
        recording(request_id=name),
        RecordAction(request_id=name, action=action("2023-11-09", "floor")),
    )
    assert head(database).revision == 2
    assert references(database, as_of=1, states=(State.SUBMITTED,)) != []
    assert references(database, states=(State.SUBMITTED,)) == []


def test_a_batch_is_all_or_nothing_and_names_the_place(database: Database) -> None:
    with pytest.raises(InvalidError) as refused:
        record(database, recording(reference="A"), recording(reference="A"), recording(donor="UA"))
    assert [(one.pointer, one.code) for one in refused.value.findings] == [
        ("/requests/1/reference", "reference-taken"),
        ("/requests/2/donor", "donor-is-recipient"),
    ]
    assert head(database).revision == 0


def test_a_reference_is_unique_and_made_up_where_none_is_given(database: Database) -> None:
    record(database, recording(reference="US-LR-0002"))
    with pytest.raises(InvalidError):
        record(database, recording(reference="US-LR-0002"))
    made = record(database, recording(reference=None), recording(reference=None, donor="DE"))
    assert [one.request.reference for one in made] == ["US-LR-0003", "DE-LR-0004"]


def test_an_unreadable_reference_or_donor_reaches_no_database(database: Database) -> None:
    for fields in ({"reference": "\x00"}, {"reference": None, "donor": "\x00"}):
        with pytest.raises(InvalidError):
            record(database, recording(**fields))


def test_lists_are_filtered_and_ordered(database: Database) -> None:
    record(
        database,
        recording(reference="A", title="Ramme for Ukraine", donor="DK", currency="DKK"),
        recording(reference="B", requested_on="2023-11", kind="annual_budget"),
        recording(reference="C", requested_on=None, announced_on="2023-08-07"),
    )
    assert references(database) == ["A", "B", "C"]
    assert references(database, donors=("DK",)) == ["A"]
    assert references(database, text="ramme") == ["A"]
    assert references(database, states=(State.ANNOUNCED,)) == ["C"]
    assert references(database, first=date(2023, 11, 1)) == ["B"]
    assert references(database, first=date(2023, 10, 1), last=date(2023, 11, 29)) == ["A"]
    assert references(database, states=(State.SUBMITTED,), on=date(2023, 10, 31)) == ["A"]
    assert references(database, states=(State.SUBMITTED,), on=date(2023, 11, 30)) == ["A", "B"]


def test_pages_together_are_the_whole_list(database: Database) -> None:
    record(database, *(recording(requested_on=f"2023-10-{12 + n % 3}") for n in range(7)))
    for key, descending in product(SortKey, (False, True)):
        whole, walked = walk(database, Order(key, descending))
        assert walked == whole
        assert len(set(walked)) == 7


def walk(database: Database, order: Order) -> tuple[list[UUID], list[UUID]]:
    """The whole list, and the same in pages of three."""
    walked: list[UUID] = []
    after: tuple[str | int, ...] | None = ()
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=CLOCK.now())
        whole = service.iter_requests(session, Filters(), order, snapshot)
        while after is not None:
            page, after = service.list_requests(
                session, Filters(), order, snapshot, after=after, limit=3
            )
            walked += [one.request.id for one in page]
            assert after is None or order.read_key(after) == after
        return [one.request.id for one in whole], walked


def test_a_history_tells_who_when_why_and_what_changed(database: Database) -> None:
    [recorded] = record(database, recording())
    name = recorded.request.id
    [moved] = record(database, RecordAction(request_id=name, action=action("2023-11-09", "floor")))
    done = moved.request.actions[1].id
    change = {"title": "New title", "lines": [line("7.00"), line("8.00")]}
    record(database, AmendLegislativeRequest(request_id=name, changes=change, reason="a typo"))
    record(database, WithdrawAction(request_id=name, action_id=done, reason="another bill"))
    with database.reading() as session:
        items = service.list_history(
            session, name, journal.read_snapshot(session, None, now=CLOCK.now())
        )
    assert [(item.entry.kind, item.entry.actor, item.entry.reason) for item in items] == [
        ("legislative_request.recorded", "desk", None),
        ("legislative_request.action_recorded", "desk", None),
        ("legislative_request.amended", "desk", "a typo"),
        ("legislative_request.action_withdrawn", "desk", "another bill"),
    ]
    assert set(items[1].changes) == {f"actions/{done}", "state"}
    assert items[1].changes["state"] == ("submitted", "floor")
    assert set(items[2].changes) == {"title", "lines/1", "lines/2"}
    assert items[2].changes["lines/2"][0] is None
    assert items[3].changes["state"] == ("floor", "submitted")


def test_a_request_recorded_in_error_is_neither_listed_nor_pending(database: Database) -> None:
    [recorded] = record(database, recording(reference="A"))
    record(database, WithdrawLegislativeRequest(request_id=recorded.request.id, reason="twice"))
    assert references(database) == []
    assert references(database, withdrawn=True) == ["A"]
    assert read_pending(database, "2023-10-25").total.requests == 0
    assert read_pending(database, "2023-10-25", as_of=1).total.requests == 1


def test_entries_of_requests_post_nothing(database: Database) -> None:
    [recorded] = record(database, recording())
    assert recorded.entry.read()["postings"] == []


def test_pending_amounts_are_converted_at_the_rate_of_the_request(
    priced_database: Database,
) -> None:
    # 20 October 2023: 1 EUR = 1.0591 USD (European Central Bank). 105.91 USD are 100.00 EUR.
    record(
        priced_database,
        recording(lines=[line("105.91"), line("0.01", component="financial")]),
        recording(donor="DE", currency="EUR", lines=[line("5.00")]),
    )
    figures = read_pending(priced_database, "2023-10-25", currency="EUR")
    assert [(row.key, row.sums.format(Column.AMOUNT)) for row in figures.rows] == [
        (("DE", "military"), "5.00"),
        (("US", "financial"), "0.01"),
        (("US", "military"), "100.00"),
    ]
    [total] = figures.total.by_currency
    assert (total.currency, total.format(Column.AMOUNT)) == ("EUR", "105.01")


def test_an_amount_without_a_rate_is_an_error_and_never_left_out(database: Database) -> None:
    record(database, recording())
    with pytest.raises(NoExchangeRateError):
        read_pending(database, "2023-10-25", currency="EUR")


def test_pending_amounts_are_chosen_by_donor_and_component(database: Database) -> None:
    record(database, recording(reference="A"), recording(reference="B", donor="CA", currency="CAD"))
    by = (Dimension.REQUEST, Dimension.STATE, Dimension.KIND)
    figures = read_pending(database, "2023-10-25", by=by, donors=("CA",))
    assert [row.key for row in figures.rows] == [("B", "submitted", "supplemental")]
    assert read_pending(database, "2023-10-25", components=(Component.MIXED,)).rows == ()


def test_the_real_facts_are_recorded_and_pending_as_published(database: Database) -> None:
    commands = [to_command(raw) for raw in read_seed()]
    record(database, *commands)
    figures = read_pending(database, "2023-10-25", by=(Dimension.DONOR,), currency=NATIVE)
    assert [
        (row.key[0], row.sums.currency, row.sums.format(Column.AMOUNT)) for row in figures.rows
    ] == [
        ("EU", "EUR", "50000000000.00"),
        ("KR", "KRW", "520000000000"),
        ("US", "USD", "61400000000.00"),
    ]
