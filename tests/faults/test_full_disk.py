"""While the disk under an SQLite ledger is full, writes are refused with 503 and reads go on; then all recovers alone.

Nothing that was acknowledged is lost or there twice, and no half-written transaction shows.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests import processes
from tests.audit import audit, check_audit
from tests.faults.disks import Disk, limited_files, small_disk
from tests.writers import Team

WRITERS: Final = 4
REFUSALS: Final = 20
SECONDS: Final = 60


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("open_disk", [limited_files, small_disk])
@pytest.mark.parametrize("times", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_a_full_disk_refuses_writes_and_loses_nothing(
    fresh_database_url: Callable[[bool], str],
    open_disk: Callable[[Path, Path], AbstractContextManager[Disk]],
    tmp_path: Path,
    seed: int,
    times: int,
    say: Callable[[str], None],
) -> None:
    rng, team, started = Random(seed), Team(WRITERS, seed), time.monotonic()
    url = fresh_database_url(False)
    key, log = processes.make_key(url), tmp_path / "log"
    with (
        open_disk(Path(url.removeprefix("sqlite:///")), log) as disk,
        disk.server.client(key) as client,
    ):
        with team.writing(client):
            for _ in range(times):
                team.wait_for_answers(rng.randrange(10, 40))
                refused = team.refused
                disk.fill()
                while team.refused < refused + REFUSALS:
                    assert time.monotonic() - started < SECONDS * times, "the disk is never full"
                    time.sleep(0.01)
                # A full disk is no reason not to answer.
                assert client.get("/v1/pledges").status_code == 200
                assert client.get("/readyz").status_code == 200
                disk.free()
            team.wait_for_answers(2 * WRITERS)
        team.settle(client)
        replayed = team.replay(client)
        assert not team.broken
        ledger = disk.show()
        audit(ledger, team.calls)
        assert check_audit(ledger) == len(team.calls)
        assert disk.server.stop() == 0
    assert "Traceback" not in log.read_text()
    say(
        f"{open_disk.__name__}: {times} x full, {time.monotonic() - started:.0f} s:"
        f" {len(team.calls)} acknowledged, {team.refused} x 503,"
        f" {replayed} replayed at the end, 0 lost, 0 twice"
    )
