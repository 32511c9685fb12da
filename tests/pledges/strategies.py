"""Random commands about pledges: few words and few dates, so that they meet; some of them impossible."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from app.pledges.domain import (
    AmendPledge,
    RecordMovement,
    RecordPledge,
    WithdrawMovement,
    WithdrawPledge,
)
from tests.naive import AID_TYPES, DATES, DECIMALS, DONORS, INSTRUMENTS, MOVING, STAGES, Paper


def mostly(good: st.SearchStrategy[Any], bad: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One in thirty is bad."""
    return st.integers(0, 29).flatmap(lambda dice: bad if dice == 29 else good)


IDS = st.uuids(version=4)
LARGE = st.sampled_from([None, "100.00", "100", "250", "1000", "1000000000000"])
SMALL = st.sampled_from([None, None, "10", "25", "40", "60", "100", "12.50", "0.01"])
BAD_AMOUNTS = st.sampled_from(["0.00", "1.234", "1000000000000.01"])
WHEN = st.sampled_from(list(DATES))
EARLY = st.sampled_from([None, "2022-02-24", "2023-01-15", "2023-11", "2023-11-14", "2023"])
REFERENCES = st.sampled_from(
    [None, None, None, "US-PDA-45", "DKM3", "DK-2023-0001", "NO-2023-0002"]
)
REASONS = mostly(st.sampled_from(["The ministry corrected itself.", "It was so."]), st.just(" "))


@st.composite
def new_pledges(draw: st.DrawFn) -> RecordPledge:
    """A pledge to record."""
    amount = draw(mostly(LARGE, BAD_AMOUNTS))
    currency = draw(st.sampled_from(["DKK", "DKK", "EUR", "JPY", "HRK", None]))
    if amount is not None and draw(st.integers(0, 9)):
        currency = currency or "DKK"
    return RecordPledge(
        pledge_id=draw(IDS),
        donor=draw(mostly(st.sampled_from(DONORS), st.just("UA"))),
        title=draw(mostly(st.sampled_from(["Package", "=1+1", "Пакет"]), st.just(" "))),
        aid_type=draw(mostly(st.sampled_from(AID_TYPES), st.just("moral"))),
        instrument=draw(mostly(st.sampled_from([None, *INSTRUMENTS]), st.just("gift"))),
        amount=amount,
        currency=currency,
        announced_on=draw(mostly(EARLY, WHEN)),
        status=draw(st.sampled_from(["pledged", "pledged", "pledged", *STAGES])),
        reference=draw(REFERENCES),
        notes=draw(st.sampled_from([None, "a note"])),
    )


def expected_versions(pledge: Paper) -> st.SearchStrategy[int | None]:
    """Usually none, sometimes the right one, sometimes one too many."""
    version = pledge["version"]
    return mostly(st.sampled_from([None, version]), st.just(version + 1))


@st.composite
def movements(draw: st.DrawFn, pledge: Paper) -> RecordMovement:
    """A movement of the pledge."""
    amounts = SMALL if pledge["amount"] else mostly(st.none(), SMALL)
    return RecordMovement(
        pledge_id=pledge["id"],
        movement_id=draw(IDS),
        stage=draw(mostly(st.sampled_from(MOVING), st.just("pledged"))),
        amount=draw(mostly(amounts, BAD_AMOUNTS)),
        on=draw(WHEN),
        expected_version=draw(expected_versions(pledge)),
    )


CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "donor": mostly(st.sampled_from(DONORS), st.just("ZZ")),
    "title": st.sampled_from(["Package", "Package, corrected"]),
    "aid_type": st.sampled_from(AID_TYPES),
    "instrument": st.sampled_from(INSTRUMENTS),
    "amount": mostly(LARGE, BAD_AMOUNTS),
    "currency": st.sampled_from(list(DECIMALS)),
    "announced_on": mostly(EARLY, WHEN),
    "status": st.sampled_from(STAGES),
    "notes": st.sampled_from([None, "a note"]),
}


@st.composite
def amendments(draw: st.DrawFn, pledge: Paper) -> AmendPledge:
    """A change of one to three fields of the pledge."""
    names = draw(st.lists(st.sampled_from(list(CHANGES)), min_size=1, max_size=3, unique=True))
    return AmendPledge(
        pledge_id=pledge["id"],
        changes={name: draw(CHANGES[name]) for name in names},
        reason=draw(REASONS),
        expected_version=draw(expected_versions(pledge)),
    )


@st.composite
def movement_withdrawals(draw: st.DrawFn, pledge: Paper) -> WithdrawMovement:
    """Takes back a movement that the pledge has or had, or one that it never had."""
    known: Sequence[UUID] = [movement["id"] for movement in pledge["movements"]]
    return WithdrawMovement(
        pledge_id=pledge["id"],
        movement_id=draw(mostly(st.sampled_from(known), IDS) if known else IDS),
        reason=draw(REASONS),
        expected_version=draw(expected_versions(pledge)),
    )


@st.composite
def pledge_withdrawals(draw: st.DrawFn, pledge: Paper) -> WithdrawPledge:
    """Takes back the pledge."""
    return WithdrawPledge(
        pledge_id=pledge["id"],
        reason=draw(REASONS),
        expected_version=draw(expected_versions(pledge)),
    )


def next_commands(pledge: Paper) -> st.SearchStrategy[Any]:
    """Anything that may be asked for a pledge that is there; withdrawals of all of it are rare."""
    if not pledge["movements"]:
        return st.one_of(movements(pledge), movements(pledge), amendments(pledge))
    rare = mostly(movement_withdrawals(pledge), pledge_withdrawals(pledge))
    return st.one_of(movements(pledge), movements(pledge), amendments(pledge), rare)
