"""Promise: every effect of an entry has one cause, and an amendment that does two things is taken apart."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.pledges.domain import (
    AMENDABLE,
    AmendPledge,
    Cause,
    Change,
    Pledge,
    RecordMovement,
    RecordPledge,
    WithdrawMovement,
    WithdrawPledge,
    cause_of,
    decide,
    does_both,
    reclassification,
)
from app.pledges.domain.causes import PLACING, STATING

TODAY = date(2026, 11, 22)
ID = UUID(int=1, version=4)
RECORDED = RecordPledge(
    pledge_id=ID, donor="DE", title="Package", aid_type="military", amount="100.00",
    currency="EUR", announced_on="2023-11-14", reference="DE-1",
)  # fmt: skip
# Another value for every field that can be amended.
OTHERS: dict[str, Any] = {
    "donor": "NO", "title": "Other", "aid_type": "financial", "instrument": "loan", "amount": "7.00",
    "currency": "USD", "bound": "about", "announced_on": "2023-12", "status": "committed",
    "verification": "official", "notes": "Some", "overlaps": ["NO-1"],
    "sources": [{"url": "https://example.org/", "title": None, "kind": "official"}],
    "items": [{"description": "Howitzer"}],
}  # fmt: skip


def pledge() -> Pledge:
    return decide(None, RECORDED, TODAY).pledge


def amended(**changes: Any) -> Change:
    command = AmendPledge(pledge_id=ID, changes=changes, reason="It was so.")
    return decide(pledge(), command, TODAY)


def moved(stage: str) -> Change:
    command = RecordMovement(pledge_id=ID, movement_id=ID, stage=stage, amount="10.00")
    return decide(pledge(), command, TODAY)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (decide(None, RECORDED, TODAY), Cause.NEW),
        (moved("committed"), Cause.MOVED),
        (moved("delivered"), Cause.MOVED),
        (moved("cancelled"), Cause.CANCELLED),
        (amended(amount="7.00", title="Other"), Cause.RESTATED),
        (amended(status="delivered"), Cause.RESTATED),
        (amended(donor="NO", notes="Some"), Cause.RECLASSIFIED),
        (amended(announced_on=None), Cause.RECLASSIFIED),
        (decide(pledge(), WithdrawPledge(pledge_id=ID, reason="Error."), TODAY), Cause.WITHDRAWN),
        (
            decide(
                moved("cancelled").pledge,
                WithdrawMovement(pledge_id=ID, movement_id=ID, reason="Error."),
                TODAY,
            ),
            Cause.WITHDRAWN,
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, Cause) else value.kind,
)
def test_each_entry_has_its_cause(change: Change, cause: Cause) -> None:
    assert cause_of(change.kind, change.data) is cause
    assert not does_both(change.kind, change.data)


@pytest.mark.parametrize("field", AMENDABLE)
def test_a_field_posts_something_exactly_if_it_is_known_why(field: str) -> None:
    name = "opening" if field == "status" else field
    assert bool(amended(**{field: OTHERS[field]}).postings) == (name in PLACING | STATING)


def test_an_entry_of_another_room_has_none() -> None:
    with pytest.raises(ValueError, match="not a kind of entry"):
        cause_of("legislative_request.recorded", {})


def test_of_an_amendment_that_does_both_only_the_move_is_told_apart() -> None:
    change = amended(donor="NO", amount="150.00", title="Other")
    assert does_both(change.kind, change.data)
    postings = reclassification(pledge(), change.data)
    assert [(one.cell.donor, one.effect.amount) for one in postings] == [
        ("DE", -100_00), ("NO", 100_00),
    ]  # fmt: skip
