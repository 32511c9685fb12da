"""Real server processes, each started, stopped and killed by its own id: what a client meets in production."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

import httpx2

from app.access import service as access
from app.access.domain import Role
from app.db import Database
from app.kernel.clock import SystemClock
from app.settings import Settings
from tests import warm

ROOT: Final = Path(__file__).resolve().parent.parent
COMMAND: Final = Path(sys.executable).with_name("aidledger")
START_SECONDS: Final = 60
# A call may wait for the database's locks; whoever waits longer than this waits for ever.
CALL_SECONDS: Final = 60


class Server:
    """One ``aidledger serve`` on a loopback port of its own; standard error goes to ``log``.

    ``launcher`` is what runs it, such as a program that mounts a disk first and then becomes the server. Without one,
    and with a single worker, it is forked from a warm process, see ``tests.warm``; ``cold`` starts the command itself.
    """

    def __init__(
        self,
        database_url: str,
        log: Path,
        *,
        launcher: Sequence[str] = (),
        cold: bool = False,
        **settings: str,
    ) -> None:
        self.launcher = launcher
        self.cold = cold
        self.environment = environment(database_url, **settings)
        self.log = log
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | warm.Forked | None = None

    @property
    def process(self) -> subprocess.Popen[bytes] | warm.Forked:
        """The process, which must have been started."""
        assert self._process is not None, "not started"
        return self._process

    def start(self, *options: str) -> None:
        """Start, without waiting until it answers."""
        arguments = ["serve", "--port", str(self.port), *options]
        with self.log.open("ab") as log:
            if self.cold or self.launcher or "--workers" in options:
                self._process = subprocess.Popen(
                    [*self.launcher, COMMAND, *arguments],
                    env=self.environment, cwd=ROOT, stderr=log, stdout=log,
                )  # fmt: skip
            else:
                self._process = warm.start(arguments, self.environment, log, log)

    def client(self, key: str | None = None) -> httpx2.Client:
        """A client; threads may share it."""
        return client(self.port, key)

    def stop(self, seconds: float = 30) -> int:
        """Ask it to stop, as an operator or a container does; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self) -> None:
        """End it without a warning, if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(30)


@contextmanager
def serving(
    database_url: str,
    log: Path,
    *options: str,
    launcher: Sequence[str] = (),
    cold: bool = False,
    **settings: str,
) -> Iterator[Server]:
    """A server that answers, for as long as the block lasts."""
    server = Server(database_url, log, launcher=launcher, cold=cold, **settings)
    try:
        server.start(*options)
        wait_until_alive(server.port)
        yield server
    finally:
        server.kill()


def run(command: str, database_url: str, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run one ``aidledger`` command to its end."""
    with TemporaryFile() as out, TemporaryFile() as err:
        running = warm.start([command, *options], environment(database_url), out, err)
        try:
            code = running.wait(CALL_SECONDS)
        finally:
            running.kill()
        said, complained = (_text(stream) for stream in (out, err))
    return subprocess.CompletedProcess([command, *options], code, said, complained)


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()


def environment(database_url: str, **settings: str) -> Mapping[str, str]:
    """The environment of a process that serves this database, with ``AIDLEDGER_*`` by lower-case name."""
    ours = {f"AIDLEDGER_{name.upper()}": value for name, value in settings.items()}
    return {**os.environ, "AIDLEDGER_DATABASE_URL": database_url, **ours}


def client(port: int, key: str | None = None) -> httpx2.Client:
    """A client of the server on this port, with a key where one is given."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx2.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers=headers,
        timeout=CALL_SECONDS,
        verify=False,  # no TLS here; loading certificates would take longer than many a test
    )


def wait_until_alive(port: int, seconds: float = START_SECONDS) -> None:
    """Return as soon as something answers ``/healthz`` on this port."""
    deadline = time.monotonic() + seconds
    with client(port) as probe:
        while True:
            try:
                if probe.get("/healthz").status_code == 200:
                    return
            except httpx2.TransportError:
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.02)


def make_key(database_url: str, role: Role = Role.CONTRIBUTOR, name: str = "process tests") -> str:
    """A new API key, valid now by the real clock, which is the one that a server process reads."""
    database = Database(Settings(database_url=database_url))
    try:
        with database.transaction() as session:
            new = access.create_key(
                session, name=name, role=role, clock=SystemClock(), created_by="tests"
            )
    finally:
        database.dispose()
    return new.text


def free_port() -> int:
    """A loopback port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
