"""After ``kill -9`` amid an import all of the file is recorded or nothing, and sending it again records it once."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx2
import pytest

from tests import processes
from tests.audit import check_audit
from tests.faults.crashing import Zygote, run_zygote
from tests.imports.sending import table

ROWS: Final = 1_000
ROUNDS: Final = 4
ENDED: Final = frozenset({"recorded", "unchanged"})
SECONDS: Final = 60


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_an_import_that_is_killed_is_recorded_whole_or_not_at_all(
    fresh_database_url: Callable[[bool], str],
    tmp_path: Path,
    seed: int,
    engine_name: str,
    say: Callable[[str], None],
) -> None:
    url, rng, log = fresh_database_url(False), Random(seed), tmp_path / "log"
    key, kept = processes.make_key(url), 0
    with run_zygote(url, log) as zygote:
        seconds = import_to_the_end(zygote, key, [file_of(0)])
        recorded = {0}
        for number in range(1, ROUNDS + 1):
            kill_amid(zygote, key, file_of(number), rng.uniform(0, seconds))
            kept += number in (found := files_on_record(zygote, key))
            assert found - {number} == recorded
            recorded = found
        import_to_the_end(zygote, key, [file_of(number) for number in range(ROUNDS + 1)])
        assert files_on_record(zygote, key) == set(range(ROUNDS + 1))
    # An entry for each row: the second time nothing was recorded that had been there.
    assert check_audit(url, []) == ROWS * (ROUNDS + 1)
    assert "Traceback" not in log.read_text()
    say(f"{engine_name}: {ROUNDS} imports killed, {kept} recorded whole, the others not at all")


def file_of(number: int) -> bytes:
    """A file whose references tell it from the others."""
    return table(
        *(
            (f"DK-F{number}-{row}", None, "DK", f"Package {row}", "military", row, "DKK", "2023-11-14")
            for row in range(1, ROWS + 1)
        )
    )  # fmt: skip


def kill_amid(zygote: Zygote, key: str, content: bytes, seconds: float) -> None:
    """Send a file, and end the server so many seconds later."""
    [server], [port] = zygote.serve()
    with processes.client(port, key) as client:
        send(client, content)
        time.sleep(seconds)
        zygote.kill(server)


def import_to_the_end(zygote: Zygote, key: str, files: Sequence[bytes]) -> float:
    """Send files one after the other until each is recorded; returns how many seconds that took."""
    [server], [port] = zygote.serve()
    started = time.monotonic()
    with processes.client(port, key) as client:
        for content in files:
            address, sent = send(client, content), time.monotonic()
            while (state := read(client, address)["state"]) not in ENDED:
                assert state in {"waiting", "running"}
                assert time.monotonic() - sent < SECONDS
                time.sleep(0.02)
    seconds = time.monotonic() - started
    zygote.kill(server)
    return seconds


def files_on_record(zygote: Zygote, key: str) -> set[int]:
    """Which files are there whole; fails where there is a part of one."""
    [server], [port] = zygote.serve()
    found = set()
    with processes.client(port, key) as client:
        for number in range(ROUNDS + 1):
            parameters = {"q": f"DK-F{number}-", "measure": "pledged", "currency": "native"}
            total = read(client, "/v1/totals", **parameters)["total"]
            assert total["pledges"] in {0, ROWS}
            if total["pledges"]:
                found.add(number)
    zygote.kill(server)
    return found


def send(client: httpx2.Client, content: bytes) -> str:
    """Send a file without waiting for its end; returns where that is told."""
    answer = client.post(
        "/v1/imports",
        files={"file": ("pledges.csv", content)},
        headers={"Prefer": "respond-async"},
    )
    assert answer.status_code == 202, answer.text
    return answer.headers["Location"]


def read(client: httpx2.Client, path: str, **parameters: str) -> Any:
    """The body of a GET that must succeed."""
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()
