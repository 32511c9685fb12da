"""While PostgreSQL crashes and restarts under load the servers live on: they answer 2xx or 503, and recover alone.

``pg_ctl restart -m immediate`` ends the database without a checkpoint, in the midst of transactions; it comes back by
its own write-ahead log. Nothing that was acknowledged is lost or there twice.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event
from typing import Final

import httpx2
import pytest

from app import migrate
from app.db import Database
from app.settings import Settings
from tests import postgres, processes
from tests.faults.crashing import run_zygote
from tests.faults.onlooker import Onlooker
from tests.writers import Team

WRITERS: Final = 8
RECOVERY_SECONDS: Final = 8
READS: Final = ("/v1/pledges", "/v1/totals?measure=pledged&by=currency&currency=native", "/readyz")


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    """A cluster of the test's own, with an empty ledger in its first database."""
    with (
        TemporaryDirectory(prefix="aidledger-") as folder,
        postgres.run_cluster(Path(folder)) as cluster,
    ):
        database = Database(Settings(database_url=cluster.url("postgres")))
        migrate.upgrade(database)
        database.dispose()
        yield cluster


@contextmanager
def reading(client: httpx2.Client) -> Iterator[Counter[int]]:
    """Somebody who only reads, all the time; counts the answers by status."""
    answers, stop = Counter[int](), Event()

    def read() -> None:
        while not stop.wait(0.02):
            for path in READS:
                reply = client.get(path)
                answers[reply.status_code] += 1
                assert reply.status_code == 200 or int(reply.headers["Retry-After"]) >= 1

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(read)
        try:
            yield answers
        finally:
            stop.set()
        done.result()


@pytest.mark.parametrize("restarts", [2, pytest.param(10, marks=pytest.mark.slow)])
def test_restarts_of_the_database_are_survived_by_the_same_process(
    cluster: postgres.Cluster,
    tmp_path: Path,
    seed: int,
    restarts: int,
    say: Callable[[str], None],
) -> None:
    url, started = cluster.url("postgres"), time.monotonic()
    onlooker, key = Onlooker(tmp_path), processes.make_key(url)
    rng, team, slowest = Random(seed), Team(WRITERS, seed), 0.0
    log = tmp_path / "log"
    with run_zygote(url, log, **onlooker.settings) as zygote, onlooker.watching():
        [server], [port] = zygote.serve()
        signer = zygote.start("log", "sign", "--every", "1s")
        with processes.client(port, key) as client:
            with team.writing(client), reading(client) as reads:
                for _ in range(restarts):
                    team.wait_for_answers(rng.randrange(20, 120))
                    cluster.restart()
                    restarted = time.monotonic()
                    team.wait_for_answers(1)
                    slowest = max(slowest, time.monotonic() - restarted)
                team.wait_for_answers(WRITERS)
            team.settle(client)
            replayed = team.replay(client)
        # The same processes as in the beginning: whoever is gone cannot be killed.
        zygote.kill(signer, server)
    assert slowest < RECOVERY_SECONDS
    assert reads.keys() <= {200, 503}
    assert not team.broken
    assert team.refused > 0
    assert "Traceback" not in log.read_text()
    checkpoints = onlooker.check(url, team)
    say(
        f"{restarts} restarts of PostgreSQL, {time.monotonic() - started:.0f} s:"
        f" {len(team.calls)} acknowledged, {team.refused} x 503,"
        f" reads {dict(reads)}, writing again after {slowest:.1f} s at most,"
        f" {team.replays} answers had to be repeated,"
        f" {replayed} replayed at the end, {checkpoints} checkpoints continued, 0 lost, 0 twice"
    )
