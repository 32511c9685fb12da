"""A ledger with everything in it that is hard to lay out: long, large, many, and from right to left."""

from collections.abc import Iterator
from itertools import count
from typing import Final
from uuid import UUID

from app.db import Database
from app.donors.domain import list_donors
from app.kernel.clock import Clock
from app.legislation import service as legislation
from app.legislation.domain import RecordLegislativeRequest
from app.pledges import service as pledges
from app.pledges.domain import Command, RecordMovement, RecordPledge

UNBROKEN: Final = "W" * 300
ARABIC: Final = "حزمة المساعدات العسكرية الثالثة عشرة (2024)"
# The most that one pledge may be; of its currency, in a total, there may be more.
HUGE: Final = "1000000000000.00"
MANY: Final = 500
DONORS: Final = 40
_serial: Final = count(1)
PAGES: Final = {
    "overview": "/",
    "overview-of-one-month": "/?donor=IS&measure=pledged",
    "donors": "/donors",
    "donor-of-many": "/donors/DK",
    "donor-of-one": "/donors/IS",
    "pledges": "/pledges",
    "pledge-long": "/pledges/LONG-1",
    "pledge-from-right-to-left": "/pledges/ARAB-1",
    "pledge-huge": "/pledges/HUGE-1",
    "legislation": "/legislation",
    "request-long": "/legislation/LONG-LR",
    "changes": "/changes?from=1",
    "downloads": "/downloads",
    "embed": "/embed/growth?measure=pledged",
}


def record_extremes(database: Database, clock: Clock) -> None:
    """Record all of it. Iceland alone has one pledge, of one month."""
    with database.transaction() as session:
        pledges.record(
            session, [*_many(), *_long(), *_of_each_donor()], actor=UNBROKEN[:100], clock=clock
        )
        legislation.record(session, [_request()], actor="desk", clock=clock)


def _identity() -> UUID:
    return UUID(int=0x4000_8000_0000_0000_0000 + next(_serial))


def _many() -> Iterator[Command]:
    for number in range(MANY):
        yield RecordPledge(
            pledge_id=_identity(), donor="DK", title=f"Package {number}", aid_type="military",
            amount=f"{number + 1}000000.00", currency="DKK", announced_on=f"2023-{number % 12 + 1:02}-14",
        )  # fmt: skip


def _long() -> Iterator[Command]:
    source = {"url": f"https://example.org/{UNBROKEN}", "title": UNBROKEN, "kind": "official"}
    long = _identity()
    yield RecordPledge(
        pledge_id=long, donor="NO", title=UNBROKEN, aid_type="military", amount="5000.00", currency="NOK",
        announced_on="2023-11-14", reference="LONG-1", notes=UNBROKEN, sources=[source],
        items=[{"description": UNBROKEN, "quantity": "3", "unit": "pieces"}],
    )  # fmt: skip
    yield RecordMovement(
        pledge_id=long, movement_id=_identity(), stage="delivered", amount="40.00", on="2023-12-01",
        note=UNBROKEN, sources=[source],
    )  # fmt: skip
    yield RecordPledge(
        pledge_id=_identity(), donor="SE", title=ARABIC, aid_type="humanitarian", amount="7000.00",
        currency="SEK", announced_on="2024-01-02", reference="ARAB-1", notes=ARABIC,
    )  # fmt: skip
    yield RecordPledge(
        pledge_id=_identity(), donor="US", title="As much as there is", aid_type="financial", amount=HUGE,
        currency="USD", announced_on="2024-03", status="delivered", reference="HUGE-1",
    )  # fmt: skip


def _of_each_donor() -> Iterator[Command]:
    others = [one.code for one in list_donors() if one.code not in {"IS", "DK", "NO", "SE", "US"}]
    for number, code in enumerate(["IS", *others[: DONORS - 5]]):
        yield RecordPledge(
            pledge_id=_identity(), donor=code, title="One of many", aid_type="financial",
            amount=f"{number + 1}000000000.00", currency="EUR", announced_on="2023-11-14",
        )  # fmt: skip


def _request() -> RecordLegislativeRequest:
    return RecordLegislativeRequest(
        request_id=_identity(), opening_id=_identity(), reference="LONG-LR", donor="US", title=UNBROKEN,
        kind="supplemental", currency="USD", requested_on="2026-10-20", requesting_office=UNBROKEN[:200],
        lines=[{"component": "military", "label": UNBROKEN, "amount": HUGE}],
    )  # fmt: skip
