"""Promise: a ledger of 5,000 entries keeps its totals and the root of its log, whatever migration goes down and up.

What lies above the steps that hold entries and postings is derived, or is signed anew for the same root: the signer's
own memory proves that it is the same log.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from app import migrate
from app.db import Database
from app.main import create_app
from app.pledges import service as pledges
from app.pledges.domain import AmendPledge, Command, RecordMovement
from app.settings import Settings
from app.totals import upkeep
from tests.audit import check_audit
from tests.clock import StoppedClock
from tests.migrations.test_steps import REVISIONS, THE_LEDGER
from tests.pledges.paper import REASON, new_pledge
from tests.transparency.build import signer
from verifier.checkpoint import Checkpoint

ENTRIES: Final = 5_000
BATCH: Final = 1_000
DONORS: Final = ("DK", "NO", "DE", "US")
CURRENCIES: Final = ("DKK", "NOK", "EUR", "USD")
ABOVE_THE_LEDGER: Final = REVISIONS[REVISIONS.index(THE_LEDGER) : -1]
MEASURES: Final = ("pledged", "committed", "allocated", "delivered")
TOTALS: Final = tuple(
    f"/v1/totals?measure={measure}&by=donor,month&currency=native{moment}"
    for measure in MEASURES
    for moment in ("", f"&as_of={ENTRIES // 2}")
)


def story(number: int) -> list[Command]:
    """Five entries of one pledge, no two pledges alike."""
    kind = number % len(DONORS)
    pledge = new_pledge(
        reference=None, title=f"Package {number}", donor=DONORS[kind], currency=CURRENCIES[kind],
        amount=f"{1_000 + number}.50", announced_on=f"2023-{1 + number % 12:02}-14",
    )  # fmt: skip
    moved = [
        RecordMovement(
            pledge_id=pledge.pledge_id, movement_id=uuid4(), stage=stage, amount=f"{part}.25",
            on=f"2024-{1 + number % 12:02}-{day}",
        )
        for stage, part, day in (("committed", 500, 10), ("delivered", 40, 11), ("cancelled", 9, 12))
    ]  # fmt: skip
    amended = AmendPledge(
        pledge_id=pledge.pledge_id, changes={"amount": f"{2_000 + number}.75"}, reason=REASON
    )
    return [pledge, *moved, amended]


def fill(database: Database, clock: StoppedClock) -> None:
    """5,000 entries, in batches as an import writes them; and the snapshots of sums that are due."""
    commands = [command for number in range(ENTRIES // 5) for command in story(number)]
    for first in range(0, ENTRIES, BATCH):
        with database.transaction() as session:
            pledges.record(session, commands[first : first + BATCH], actor="desk", clock=clock)
    assert upkeep.take_snapshots(database, min_postings=BATCH)


def read_totals(database: Database, clock: StoppedClock) -> Sequence[bytes]:
    """The bytes of the answers."""
    app = create_app(Settings(database_url=url_of(database)), clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        replies = [client.get(path) for path in TOTALS]
    assert {reply.status_code for reply in replies} == {200}
    return [reply.content for reply in replies]


def url_of(database: Database) -> str:
    """Its address, with everything that is needed to open it."""
    return database.url.render_as_string(hide_password=False)


@pytest.mark.slow
def test_totals_and_root_outlive_every_way_down_and_up(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    fill(database, clock)
    signed = signer(database, clock, tmp_path).sign()
    assert signed is not None
    totals, known = read_totals(database, clock), signed.checkpoint
    checkpoint = Checkpoint(known.origin, known.size, known.root)
    assert known.size == ENTRIES
    for below in reversed(ABOVE_THE_LEDGER):
        migrate.downgrade(database, below)
        migrate.upgrade(database)
        assert read_totals(database, clock) == totals, below
        # The tree is built anew where its tables went; the signer refuses unless the log is still the one it signed.
        assert signer(database, clock, tmp_path).sign() == signed, below
    assert upkeep.take_snapshots(database, min_postings=BATCH)
    assert read_totals(database, clock) == totals
    assert check_audit(url_of(database), [checkpoint]) == ENTRIES
