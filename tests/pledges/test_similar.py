"""Promise: who is about to record a promise a second time is shown the first, and why it may be the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import Database
from app.pledges import service
from app.pledges.domain import WithdrawPledge
from app.pledges.domain.likeness import NEARNESS, compare, title_words
from tests.clock import StoppedClock
from tests.pledges.paper import REASON, new_pledge, pledged

ON_RECORD: dict[str, dict[str, Any]] = {
    "same": {"title": "Donation package 13", "amount": "1000.00"},
    "a fortnight later": {"title": "Air defence", "amount": "1000.00", "announced_on": "2023-11-28"},
    "15 days later": {"title": "Radars", "amount": "1000.00", "announced_on": "2023-11-29"},
    "its month": {"title": "Tanks", "amount": "1000.00", "announced_on": "2023-11"},
    "5% less": {"title": "Boats", "amount": "950.00"},
    "more than 5% less": {"title": "Trucks", "amount": "949.99"},
    "other currency": {"title": "Drones", "amount": "1000.00", "currency": "EUR"},
    "not valued": {"title": "Boots", "amount": None, "currency": None},
    "undated": {"title": "Helmets", "amount": "1000.00", "announced_on": None},
    "years ago, same words": {
        "title": "13: the donation PACKAGE", "amount": "5.00", "announced_on": "2022-03-01",
    },
    "next package": {"title": "Donation package 14", "amount": "1.00", "announced_on": "2024-03-01"},
    "other donor": {"title": "Donation package 13", "amount": "1000.00", "donor": "NO"},
}  # fmt: skip


def find(
    database: Database, clock: StoppedClock, *, most: int = 20, **fields: Any
) -> dict[str, tuple[str, ...]]:
    """The names of those found, and what is near of each, in order."""
    with database.transaction() as session:
        for name, given_fields in ON_RECORD.items():
            command = new_pledge(**{"reference": None, "notes": name, **given_fields})
            service.record(session, [command], actor="desk", clock=clock)
        command = new_pledge(
            donor="DK", title="Donation package 13", amount="1000.00", reference=None, notes="gone"
        )
        service.record(session, [command], actor="desk", clock=clock)
        gone = WithdrawPledge(pledge_id=command.pledge_id, reason=REASON)
        service.record(session, [gone], actor="desk", clock=clock)
    asked = pledged(**{"title": "Donation package 13", "amount": "1000.00", **fields})
    with database.reading() as session:
        found = service.find_similar(session, asked, most=most)
    return {str(one.stored.document["notes"]): one.likeness.near for one in found}


def test_what_is_near_in_two_ways_or_in_its_title_is_shown_the_likest_first(
    database: Database, clock: StoppedClock
) -> None:
    found = find(database, clock)
    assert found == {
        "same": ("announced_on", "amount", "title"),
        "a fortnight later": ("announced_on", "amount"),
        "its month": ("announced_on", "amount"),
        "5% less": ("announced_on", "amount"),
        "years ago, same words": ("title",),
    }
    assert next(iter(found)) == "same"


def test_no_more_are_shown_than_are_asked_for(database: Database, clock: StoppedClock) -> None:
    assert list(find(database, clock, most=1)) == ["same"]


def test_two_unvalued_pledges_are_near_in_amount(database: Database, clock: StoppedClock) -> None:
    found = find(database, clock, amount=None, currency=None, title="Gloves")
    assert found == {"not valued": ("announced_on", "amount")}


def test_an_undated_pledge_is_near_in_no_date(database: Database, clock: StoppedClock) -> None:
    assert find(database, clock, announced_on=None, title="Helmets") == {
        "undated": ("amount", "title")
    }


@pytest.mark.parametrize("title", ["%", "_ _ _", "100% of it", "Łódź", "—"])
def test_any_title_can_be_asked_about(database: Database, clock: StoppedClock, title: str) -> None:
    assert "next package" not in find(database, clock, title=title)


@given(st.integers(1, 10**15), st.integers(1, 10**15))
def test_amounts_are_near_both_ways_or_neither(one: int, other: int) -> None:
    least, most = NEARNESS.bounds(one)
    is_near = 20 * abs(one - other) <= max(one, other)
    assert (least <= other <= most) is is_near


@given(st.text(max_size=40).filter(str.strip), st.text(max_size=40).filter(str.strip))
def test_titles_are_near_both_ways_or_neither(one: str, other: str) -> None:
    ours, theirs = title_words(one), title_words(other)
    shared = len(ours & theirs) / len(ours | theirs) if ours | theirs else 0
    usual = pledged(title="any")
    assert compare(usual, usual, NEARNESS).near == ("announced_on", "amount", "title")
    assert shared <= 1
