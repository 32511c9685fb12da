"""Asked to stop, a server finishes the calls that it has accepted, and leaves without an error."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import psycopg
import pytest

from tests import processes
from tests.audit import audit
from tests.client import PLEDGE
from tests.writers import Team

MOST_SECONDS: Final = 25


def test_a_stop_amid_writing_leaves_no_effect_without_its_answer(
    fresh_database_url: Callable[[bool], str], tmp_path: Path
) -> None:
    url = fresh_database_url(False)
    key = processes.make_key(url)
    team = Team(8, seed=1)
    with (
        processes.serving(url, tmp_path / "log", cold=True) as server,
        server.client(key) as client,
        team.writing(client),
    ):
        team.wait_for_answers(40)
        assert server.stop(MOST_SECONDS) == 0
    # A call that met the closing door was not accepted: it has no answer, and no effect either.
    audit(url, team.calls)
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_call_that_waits_for_the_journal_is_answered_before_the_server_leaves(
    fresh_database_url: Callable[[bool], str], tmp_path: Path
) -> None:
    url = fresh_database_url(False)
    key = processes.make_key(url)
    with (
        processes.serving(url, tmp_path / "log") as server,
        server.client(key) as client,
        psycopg.connect(url.replace("+psycopg", "")) as holder,
        ThreadPoolExecutor() as pool,
    ):
        holder.execute("SELECT * FROM head FOR UPDATE")
        waiting = pool.submit(client.post, "/v1/pledges", json=PLEDGE)
        wait_for_a_waiter(url)
        stopping = pool.submit(server.stop, MOST_SECONDS)
        time.sleep(1)
        assert not stopping.done()
        holder.rollback()
        assert waiting.result().status_code == 201
        assert stopping.result() == 0
    events = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert [event["status"] for event in events if event.get("route") == "/v1/pledges"] == [201]


def wait_for_a_waiter(url: str, seconds: float = 20) -> None:
    """Return as soon as some session waits for a lock of this database."""
    waits = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + seconds
    # Each look in a transaction of its own: within one, the view does not change.
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as watcher:
        while watcher.execute(waits).fetchone() == (0,):
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.01)
