"""Processes of one ledger that start in no time and end without a warning."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tests import processes

# As a module: it takes the application from this folder, whatever else is installed.
ZYGOTE: Final = (sys.executable, "-m", "tests.faults.zygote")


class Zygote:
    """Starts processes that share settings, and ends them; see ``zygote.py``.

    Attributes:
        process: the zygote itself.
        alive: the ids of those that it started and nobody has killed yet.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.alive: set[int] = set()

    def start(self, *command: str) -> int:
        """Start `aidledger` with this command; returns the process id."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{json.dumps(command)}\n")
        self.process.stdin.flush()
        started = int(self.process.stdout.readline())
        self.alive.add(started)
        return started

    def serve(self, count: int = 1) -> tuple[list[int], list[int]]:
        """Start servers; returns their process ids and their ports, once all of them answer."""
        ports = [processes.free_port() for _ in range(count)]
        servers = [self.start("serve", "--port", str(port)) for port in ports]
        for port in ports:
            processes.wait_until_alive(port)
        return servers, ports

    def kill(self, *victims: int) -> None:
        """End processes without a warning, all at once, and wait until they are gone.

        Raises:
            ProcessLookupError: one of them has gone by itself.
        """
        self.alive -= set(victims)
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        for victim in victims:
            while _is_alive(victim):
                time.sleep(0.005)


@contextmanager
def run_zygote(url: str, log: Path, **settings: str) -> Iterator[Zygote]:
    """A zygote for as long as the block lasts."""
    with log.open("wb") as output, subprocess.Popen(
        ZYGOTE, cwd=processes.ROOT, env=processes.environment(url, **settings),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, text=True,
    ) as process:  # fmt: skip
        zygote = Zygote(process)
        try:
            yield zygote
        finally:
            # Those of a test that failed half-way.
            for left in zygote.alive:
                with suppress(ProcessLookupError):
                    os.kill(left, signal.SIGKILL)
            process.kill()


def _is_alive(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
