"""A small ledger with everything that can happen in one, entry by entry, for those who check ledgers.

 1 DK-1     100.00 DKK of 14 November 2023, military
 2 NO-1     2000 JPY of November 2023, financial, committed at once
 3 US-F     5000.00 USD, a frame (authority), undated
 4 EU-U     not valued, of 2023
 5 US-LR-1  a request to the Congress of 20 October 2023
 6 DK-1     40.00 delivered on 1 December 2023
 7 DK-1     restated to 150.00
 8 US-LR-1  in committee on 7 November 2023
 9 NO-1     500 cancelled on 15 January 2024
10 EU-U     reclassified as a loan
11 DE-1     70.00 EUR of 2 January 2024, delivered at once
12 DE-1     withdrawn
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.db import Database, WriteSession
from app.legislation import service as legislation
from app.legislation.domain import RawAction, RecordAction, RecordLegislativeRequest
from app.pledges import service as pledges
from app.pledges.domain import AmendPledge, RecordMovement, RecordPledge, WithdrawPledge
from app.pledges.domain import Command as PledgeCommand
from tests.clock import StoppedClock

Command = PledgeCommand | RecordLegislativeRequest | RecordAction
SIZE: Final = 12
REASON: Final = "The ministry corrected its press release."


def identity(number: int) -> UUID:
    """The same identifiers in every ledger of this kind, in the order of the letters."""
    return UUID(int=0x4000_8000_0000_0000_0000 + number)


DK, NO, US, EU, REQUEST, DE = (identity(number) for number in range(1, 7))


def commands(*, first_amount: str = "100.00") -> list[Command]:
    """What is recorded, one entry each."""
    return [
        RecordPledge(
            pledge_id=DK, donor="DK", title="Package", aid_type="military", amount=first_amount, currency="DKK",
            announced_on="2023-11-14", reference="DK-1",
        ),
        RecordPledge(
            pledge_id=NO, donor="NO", title="Støtte", aid_type="financial", amount="2000", currency="JPY",
            announced_on="2023-11", status="committed", reference="NO-1",
        ),
        RecordPledge(
            pledge_id=US, donor="US", title="Drawdown authority", aid_type="military", instrument="authority",
            amount="5000.00", currency="USD", reference="US-F",
        ),
        RecordPledge(
            pledge_id=EU, donor="EU", title="Facility", aid_type="financial", announced_on="2023", reference="EU-U",
        ),
        RecordLegislativeRequest(
            request_id=REQUEST, opening_id=identity(50), reference="US-LR-1", donor="US", title="Supplemental",
            kind="supplemental", currency="USD", requested_on="2023-10-20",
            lines=[{"component": "military", "amount": "61.40"}],
        ),
        RecordMovement(pledge_id=DK, movement_id=identity(61), stage="delivered", amount="40.00", on="2023-12-01"),
        AmendPledge(pledge_id=DK, changes={"amount": "150.00"}, reason=REASON),
        RecordAction(
            request_id=REQUEST, action=RawAction(action_id=identity(51), on="2023-11-07", state="in_committee")
        ),
        RecordMovement(pledge_id=NO, movement_id=identity(62), stage="cancelled", amount="500", on="2024-01-15"),
        AmendPledge(pledge_id=EU, changes={"instrument": "loan"}, reason=REASON),
        RecordPledge(
            pledge_id=DE, donor="DE", title="Air defence", aid_type="military", amount="70.00", currency="EUR",
            announced_on="2024-01-02", status="delivered", reference="DE-1",
        ),
        WithdrawPledge(pledge_id=DE, reason="Recorded twice."),
    ]  # fmt: skip


def record_small_ledger(
    database: Database, clock: StoppedClock, *, first_amount: str = "100.00"
) -> None:
    """Record it, a minute apart."""
    with database.transaction() as session:
        record_small_entries(session, clock, first_amount=first_amount)


def record_small_entries(
    session: WriteSession, clock: StoppedClock, *, first_amount: str = "100.00"
) -> None:
    """The same, in a transaction of the caller's."""
    for command in commands(first_amount=first_amount):
        record_one(session, command, clock)


def record_one(session: WriteSession, command: Command, clock: StoppedClock) -> None:
    """One of the commands; then a minute passes."""
    if isinstance(command, RecordLegislativeRequest | RecordAction):
        legislation.record(session, [command], actor="desk", clock=clock)
    else:
        pledges.record(session, [command], actor="desk", clock=clock)
    clock.advance(timedelta(minutes=1))
