"""After ``kill -9`` at any moment nothing that was acknowledged is lost, and nothing is there twice.

A client that repeats an unanswered call with its idempotency key gets the answer of the one effect, from whichever
server. The signer is killed with the servers; whatever it ever signed, the ledger continues it, and a guard that
compares the two never takes a crash for a forgery.

Only these processes are killed; the database (PostgreSQL's own processes, the machine beneath SQLite) lives on, so the
cluster of the tests with ``fsync=off`` proves the same as a durable one. Power cuts are what ``fsync`` and
``synchronous=FULL`` are for, and cannot be tested here.

``AIDLEDGER_FAULT_ROUNDS`` says how many rounds the long runs have: 50 unless told otherwise; half as many with two
servers.
"""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests import processes
from tests.faults.crashing import Zygote, run_zygote
from tests.faults.onlooker import Onlooker
from tests.writers import Team

WRITERS: Final = 8
ROUNDS: Final = int(os.environ.get("AIDLEDGER_FAULT_ROUNDS") or 50)
LONG: Final = (pytest.mark.slow, pytest.mark.timeout(300 + 20 * ROUNDS))


@pytest.mark.parametrize(
    ("engine_name", "servers", "rounds"),
    [
        ("sqlite", 1, 3),
        ("postgresql", 1, 3),
        ("postgresql", 2, 3),
        pytest.param("sqlite", 1, ROUNDS, marks=LONG),
        pytest.param("postgresql", 1, ROUNDS, marks=LONG),
        pytest.param("postgresql", 2, (ROUNDS + 1) // 2, marks=LONG),
    ],
)
def test_what_was_acknowledged_survives_kill_9_exactly_once(
    fresh_database_url: Callable[[bool], str],
    tmp_path: Path,
    seed: int,
    rounds: int,
    engine_name: str,
    servers: int,
    say: Callable[[str], None],
) -> None:
    url, started = fresh_database_url(False), time.monotonic()
    onlooker, key = Onlooker(tmp_path), processes.make_key(url)
    rng, team = Random(seed), Team(WRITERS, seed)
    log = tmp_path / "log"
    with run_zygote(url, log, **onlooker.settings) as zygote, onlooker.watching():
        for _ in range(rounds):
            write_until_killed(zygote, key, team, rng, servers)
        # Now the servers live on, and nothing stays unanswered.
        replayed = write_to_the_end(zygote, key, team)
    assert "Traceback" not in log.read_text()
    checkpoints = onlooker.check(url, team)
    say(
        f"{engine_name}: {rounds} x kill -9 of {servers} and the signer,"
        f" {time.monotonic() - started:.0f} s: {len(team.calls)} acknowledged,"
        f" {team.broken} connections broken,"
        f" {team.replays} answers had to be repeated,"
        f" {replayed} replayed at the end, {checkpoints} checkpoints continued, 0 lost, 0 twice"
    )


def write_until_killed(zygote: Zygote, key: str, team: Team, rng: Random, servers: int) -> None:
    """One round: everything starts, and everything dies in the midst of it."""
    victims, ports = zygote.serve(servers)
    signer = zygote.start("log", "sign", "--every", "1s")
    # Who repeats a call does so at another server as often as not.
    rng.shuffle(ports)
    with ExitStack() as stack:
        clients = [stack.enter_context(processes.client(port, key)) for port in ports]
        stack.enter_context(team.writing(*clients))
        team.wait_for_answers(rng.randrange(5, 60))
        time.sleep(rng.uniform(0, 0.02))
        zygote.kill(signer, *victims)


def write_to_the_end(zygote: Zygote, key: str, team: Team) -> int:
    """Write with nobody dying, then make every call again; returns how many there were."""
    [server], [port] = zygote.serve()
    signer = zygote.start("log", "sign", "--every", "1s")
    with processes.client(port, key) as client:
        with team.writing(client):
            team.wait_for_answers(WRITERS)
        team.settle(client)
        replayed = team.replay(client)
    zygote.kill(signer, server)
    return replayed
