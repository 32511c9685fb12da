"""When the database has committed and its answer is lost, the caller is told 503, and the repetition gets the answer.

Nothing is there twice: not with pledges, which share a transaction, nor with writes that have one to themselves. The
signer, who may not be told either that its checkpoint was published, goes on from what it remembers.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from threading import Event
from typing import Final

import httpx2
import pytest

from tests import processes
from tests.faults.calls import WRITES
from tests.faults.crashing import run_zygote
from tests.faults.onlooker import Onlooker
from tests.faults.proxy import CommitLosingProxy, losing_commits
from tests.writers import Team

WRITERS: Final = 8
SHARE: Final = 0.3
SECONDS: Final = 120
on_postgresql: Final = pytest.mark.parametrize("engine_name", ["postgresql"])


@pytest.fixture
def url(fresh_database_url: Callable[[bool], str]) -> str:
    """The address of an empty ledger."""
    return fresh_database_url(False)


@on_postgresql
@pytest.mark.parametrize("commits", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_writers_who_repeat_with_their_key_lose_nothing_and_write_nothing_twice(
    url: str, tmp_path: Path, seed: int, commits: int, say: Callable[[str], None]
) -> None:
    rng, team, started = Random(seed), Team(WRITERS, seed), time.monotonic()
    onlooker, key, healed = Onlooker(tmp_path), processes.make_key(url), Event()
    log, is_lost = tmp_path / "log", lambda: rng.random() < SHARE and not healed.is_set()
    with (
        losing_commits(url, is_lost) as (proxy, through),
        run_zygote(through, log, **onlooker.settings) as zygote,
        onlooker.watching(),
    ):
        [server], [port] = zygote.serve()
        signer = zygote.start("log", "sign", "--every", "1s")
        with processes.client(port, key) as client:
            with team.writing(client):
                while proxy.lost < commits and time.monotonic() - started < SECONDS:
                    time.sleep(0.005)
                healed.set()
            team.settle(client)
            replayed = team.replay(client)
        zygote.kill(signer, server)
    assert proxy.lost >= commits
    assert not team.broken
    assert team.replays > 0
    assert "Traceback" not in log.read_text()
    checkpoints = onlooker.check(url, team)
    say(
        f"{proxy.lost} answers to COMMIT lost in {time.monotonic() - started:.0f} s:"
        f" {len(team.calls)} acknowledged, {team.refused} x 503,"
        f" {team.replays} answers had to be repeated,"
        f" {replayed} replayed at the end, {checkpoints} checkpoints continued, 0 lost, 0 twice"
    )


class Fate:
    """Loses the answer to the next COMMIT only."""

    def __init__(self) -> None:
        self.strikes = False

    def __call__(self) -> bool:
        """Whether now."""
        strikes, self.strikes = self.strikes, False
        return strikes


@pytest.fixture
def fate() -> Fate:
    """What the test decides."""
    return Fate()


@pytest.fixture
def proxy(url: str, fate: Fate) -> Iterator[tuple[CommitLosingProxy, str]]:
    """A proxy that does what the test says, and the ledger's address through it."""
    with losing_commits(url, fate) as both:
        yield both


@pytest.fixture
def client(
    url: str, proxy: tuple[CommitLosingProxy, str], tmp_path: Path
) -> Iterator[httpx2.Client]:
    """A caller of a server behind the proxy."""
    with (
        processes.serving(proxy[1], tmp_path / "log") as server,
        server.client(processes.make_key(url)) as client,
    ):
        yield client


@on_postgresql
def test_every_kind_of_write_is_answered_503_and_then_with_its_one_effect(
    client: httpx2.Client, proxy: tuple[CommitLosingProxy, str], fate: Fate
) -> None:
    recorded = 0
    for name, write in WRITES.items():
        key = {"Idempotency-Key": name}
        fate.strikes = True
        unknown = write.send(client, **key)
        assert (unknown.status_code, unknown.json()["code"]) == (503, "unavailable"), name
        assert int(unknown.headers["Retry-After"]) >= 1
        repeated = write.send(client, **key)
        assert repeated.status_code == 201, repeated.text
        assert repeated.headers["Idempotency-Replayed"] == "true"
        recorded += write.entries
        assert len(client.get("/v1/entries").json()["data"]) == recorded
    assert proxy[0].lost == len(WRITES)
