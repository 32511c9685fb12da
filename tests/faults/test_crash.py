"""After ``kill -9`` at any moment nothing that was acknowledged is lost, and nothing is there twice.

A client that repeats an unanswered call with its idempotency key gets the answer of the one effect. Only server
processes are killed; the database (PostgreSQL's own processes, the machine beneath SQLite) lives on, so the cluster of
the tests with ``fsync=off`` proves the same as a durable one. Power cuts are what ``fsync`` and ``synchronous=FULL``
are for, and cannot be tested here.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests import processes
from tests.audit import audit
from tests.writers import Team

WRITERS: Final = 8
ZYGOTE: Final = Path(__file__).with_name("zygote.py")


class Zygote:
    """Starts servers of one database in no time; see ``zygote.py``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def start(self) -> tuple[int, int]:
        """Start a server; returns its process id and its port, once it answers."""
        port = processes.free_port()
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{port}\n")
        self.process.stdin.flush()
        server = int(self.process.stdout.readline())
        processes.wait_until_alive(port)
        return server, port


@contextmanager
def run_zygote(url: str, log: Path) -> Iterator[Zygote]:
    """A zygote for as long as the block lasts."""
    with log.open("wb") as output, subprocess.Popen(
        [sys.executable, ZYGOTE], cwd=processes.ROOT, env=processes.environment(url),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, text=True,
    ) as process:  # fmt: skip
        try:
            yield Zygote(process)
        finally:
            process.kill()


def kill(server: int) -> None:
    """End a process without a warning, and wait until it is gone."""
    os.kill(server, signal.SIGKILL)
    while True:
        try:
            os.kill(server, 0)
        except ProcessLookupError:
            return
        time.sleep(0.005)


@pytest.mark.parametrize("rounds", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_what_was_acknowledged_survives_kill_9_exactly_once(
    fresh_database_url: Callable[[bool], str],
    tmp_path: Path,
    seed: int,
    rounds: int,
    engine_name: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = fresh_database_url(False)
    key = processes.make_key(url)
    rng, team = Random(seed), Team(WRITERS, seed)
    with run_zygote(url, tmp_path / "log") as zygote:
        for _ in range(rounds):
            server, port = zygote.start()
            with processes.client(port, key) as client, team.writing(client):
                team.wait_for_answers(rng.randrange(5, 60))
                time.sleep(rng.uniform(0, 0.02))
                kill(server)
        server, port = zygote.start()
        with processes.client(port, key) as client:
            # Now the server lives on, and nothing stays unanswered.
            with team.writing(client):
                team.wait_for_answers(WRITERS)
            replayed = team.replay(client)
        kill(server)
    assert all(writer.unanswered is None for writer in team.writers)
    audit(url, team.calls)
    with capsys.disabled():
        print(  # noqa: T201 -- the figures are the point of a fault run
            f"\n{engine_name}: {rounds} x kill -9: {len(team.calls)} acknowledged,"
            f" {sum(writer.broken for writer in team.writers)} connections broken,"
            f" {sum(writer.replays for writer in team.writers)} answers had to be repeated,"
            f" {replayed} replayed at the end, 0 lost, 0 twice"
        )
