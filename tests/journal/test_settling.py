"""Promise: an answer as of an instant is final, whoever is writing meanwhile and however slow his clock is."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from fastapi import FastAPI
from sqlalchemy import event
from starlette.testclient import TestClient

from app.db import Database
from app.kernel.clock import format_instant
from app.pledges import service as pledges
from tests.client import Api
from tests.clock import StoppedClock
from tests.small_ledger import commands


def revision_at(client: TestClient, instant: str) -> int:
    answer = client.get("/v1/totals", params={"as_of": instant})
    assert answer.status_code == 200, answer.text
    revision: int = answer.json()["meta"]["revision"]
    return revision


def test_a_writer_whose_clock_is_slow_stays_behind_what_was_answered(
    app: FastAPI, api: Api, client: TestClient, clock: StoppedClock
) -> None:
    api.record_pledge()
    clock.advance(timedelta(hours=1))
    asked = format_instant(clock.now())
    assert revision_at(client, asked) == 1
    # Another machine's clock is forty minutes slow.
    slow = StoppedClock(clock.now() - timedelta(minutes=40))
    database: Database = app.state.database
    with database.transaction() as session:
        [late] = pledges.record(session, commands()[:1], actor="desk", clock=slow)  # type: ignore[arg-type]
    assert late.entry.recorded_at > clock.now()
    assert revision_at(client, asked) == 1


def test_whoever_is_writing_at_the_instant_is_waited_for(
    app: FastAPI, client: TestClient, clock: StoppedClock
) -> None:
    database: Database = app.state.database
    holding, done = Event(), Event()

    def write() -> None:
        with database.transaction() as session:
            pledges.record(session, commands()[:1], actor="desk", clock=clock)  # type: ignore[arg-type]
            holding.set()
            done.wait(0.5)

    writer = Thread(target=write)
    writer.start()
    assert holding.wait(5)
    assert revision_at(client, format_instant(clock.now())) == 1
    done.set()
    writer.join()


def test_what_was_settled_costs_no_write(
    app: FastAPI, api: Api, client: TestClient, clock: StoppedClock
) -> None:
    writes: list[str] = []
    api.record_pledge()
    early = format_instant(clock.now() - timedelta(seconds=1))
    now = format_instant(clock.now())

    @event.listens_for(app.state.database.engine, "before_cursor_execute")
    def note(*call: object) -> None:
        if str(call[2]).lstrip().upper().startswith(("UPDATE", "INSERT")):
            writes.append(str(call[2]))

    for instant, count in ((early, 0), (now, 1), (now, 1), (early, 1)):
        revision_at(client, instant)
        assert len(writes) == count


@pytest.mark.parametrize("ahead", [timedelta(microseconds=1), timedelta(days=1)])
def test_the_future_is_not_known(client: TestClient, clock: StoppedClock, ahead: timedelta) -> None:
    answer = client.get("/v1/totals", params={"as_of": (clock.now() + ahead).isoformat()})
    assert answer.json()["errors"][0]["code"] == "as-of-in-future"
