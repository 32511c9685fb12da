"""What was asked as of a moment is answered with the same bytes for ever, whatever is written and signed afterwards."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.db import Database
from app.fx import ecb
from app.fx import service as fx
from app.fx.ecb import ReferenceRates
from app.legislation import service as legislation
from app.legislation.domain import RecordVehicle
from app.pledges import service as pledges
from app.settings import Settings
from tests.application import make_app
from tests.client import Api
from tests.clock import StoppedClock
from tests.inputs.routes import expand, reads
from tests.rates import FEW, load_rates
from tests.small_ledger import identity, record_small_ledger
from tests.totals.stories import Storyteller
from tests.transparency.build import signer

# Every address that takes a moment, with questions whose answers depend on as much as possible.
QUERIES: Final = {
    "/v1/totals": ("by=donor,month&cumulative=true", "currency=USD&by=group,aid_type", "currency=native", "q=Package",
                   "firm=true&by=donor,month&cumulative=true"),
    "/v1/totals.csv": ("by=quarter,donor",),
    "/v1/pledges": ("limit=3", "sort=-announced_on", "status=withdrawn"),
    "/v1/legislative-requests/pending": ("currency=EUR",),
    "/v1/reports/summary.xlsx": ("currency=USD", "donor=DK"),
    "/v1/reports/legislation.xlsx": ("currency=EUR",),
}  # fmt: skip
VEHICLE: Final = identity(70)
# What asks for more than a moment.
NEEDED: Final = {f"/v1/reports/donor.xlsx{suffix}": "donor=DK" for suffix in ("", ".sha256")}
# It shows what is now beside what was then.
OF_NOW_TOO: Final = "/v1/cite"
IDS: Final = {"pledge_id": "DK-1", "request_id": "US-LR-1", "vehicle_id": str(VEHICLE)}


def addresses(moments: list[str]) -> Iterator[str]:
    """All questions about these moments."""
    for operation in reads():
        if "as_of" not in operation.parameters or operation.path.startswith(OF_NOW_TOO):
            continue
        for path in expand(operation.path):
            # At first, nothing had these names yet.
            for moment in moments[2:] if "{" in path else moments:
                for query in (NEEDED.get(path, ""), *QUERIES.get(path, ())):
                    yield f"{path.format_map(IDS)}?{query}&as_of={moment}".replace("?&", "?")


def ask(client: TestClient, moments: list[str]) -> dict[str, tuple[bytes, str | None]]:
    """The bytes and the validator of every answer, following each walk to its second page."""
    answers: dict[str, tuple[bytes, str | None]] = {}
    for address in addresses(moments):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text)
        answers[address] = (answer.content, answer.headers.get("ETag"))
        if following := answer.links.get("next"):
            more = client.get(following["url"])
            assert more.status_code == 200
            answers[following["url"]] = (more.content, more.headers.get("ETag"))
    return answers


@pytest.fixture
def app(fresh_database_url: Callable[[bool], str], clock: StoppedClock) -> Iterator[FastAPI]:
    """The whole application on a ledger with a few exchange rates: all there are is asked for again and again."""
    app = make_app(Settings(database_url=fresh_database_url(False)), clock)
    with app.state.database.transaction() as session:
        load_rates(session, since=date(2022, 2, 1), currencies=FEW)
    yield app
    app.state.database.dispose()


@pytest.fixture
def told(app: FastAPI, clock: StoppedClock) -> Database:
    """A bill, and then the small ledger: twelve entries, a minute apart."""
    database: Database = app.state.database
    bill = RecordVehicle(vehicle_id=VEHICLE, jurisdiction="US", session="118", identifier="H.R. 1")
    with database.transaction() as session:
        legislation.record_vehicles(session, [bill], actor="desk", clock=clock)
    record_small_ledger(database, clock)
    return database


def write_on(database: Database, clock: StoppedClock, count: int) -> None:
    """So many entries of all kinds, on the days that follow."""
    commands = [*Storyteller(11).tell(count)]
    for start in range(0, count, 50):
        clock.advance(timedelta(days=3))
        with database.transaction() as session:
            pledges.record(session, commands[start : start + 50], actor="desk", clock=clock)


@pytest.mark.parametrize(
    ("moments", "after"),
    [
        (["0", "1", "8", "2026-11-22T10:12:00Z"], 200),
        pytest.param(["0", "1", "8", "12", "2026-11-22T10:05:30Z", "2026-11-22T10:12:00Z"], 1_000,
                     marks=pytest.mark.slow),
    ],
    ids=["200", "1000"],
)  # fmt: skip
def test_the_same_moment_gives_the_same_bytes_after_many_more_entries(
    told: Database,
    client: TestClient,
    clock: StoppedClock,
    tmp_path: Path,
    moments: list[str],
    after: int,
) -> None:
    before = ask(client, moments)
    write_on(told, clock, after)
    assert signer(told, clock, tmp_path).sign() is not None
    assert ask(client, moments) == before


def test_of_newer_exchange_rates_a_moment_that_was_asked_for_knows_nothing(
    told: Database,
    api: Api,
    client: TestClient,
    clock: StoppedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api.record_pledge(currency="DKK", announced_on=str(clock.today()), status="committed")
    before, now = ask(client, ["0", "1", "14"]), client.get("/v1/totals").content
    known = ecb.read_reference_rates()
    newer = ReferenceRates(
        days=(*known.days, known.days[-1] + timedelta(days=1)),
        columns={currency: (*cells, "9.9") for currency, cells in known.columns.items()},
    )
    monkeypatch.setattr(ecb, "read_reference_rates", lambda: newer)
    with told.transaction() as session:
        assert fx.load_reference_rates(session).rows > 0
    assert ask(client, ["0", "1", "14"]) == before
    assert client.get("/v1/totals").content != now
