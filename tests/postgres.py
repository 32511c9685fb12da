"""A throw-away PostgreSQL cluster: made, started, and thrown away with the test run that needs it."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest

GIVEN: Final = "AIDLEDGER_TEST_POSTGRES_URL"
REQUIRED: Final = "AIDLEDGER_REQUIRE_POSTGRES"
DEBIAN: Final = Path("/usr/lib/postgresql")
# Tests kill servers of ours, never the machine: what the cluster has written need not reach the disk.
SETTINGS: Final = (
    "-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=128MB"
)


def skip_or_fail(reason: str) -> None:
    """Skip, or fail where somebody said that PostgreSQL must be there (CI does)."""
    if os.environ.get(REQUIRED):
        pytest.fail(reason)
    pytest.skip(reason)


def find_binaries() -> Path | None:
    """The folder with initdb and pg_ctl: on the path, or where Debian puts the newest version."""
    found = shutil.which("pg_ctl")
    if found and shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(DEBIAN.glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


class Cluster:
    """A running cluster on a free loopback port; its data folder goes with it."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries = binaries
        self.folder = folder
        self.port = free_port()
        # initdb refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None

    def url(self, database: str, role: str = "postgres") -> str:
        """The address of a database, for SQLAlchemy."""
        return f"postgresql+psycopg://{role}@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        """Make the data folder."""
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-D", str(self.folder / "data"), "-A", "trust", "-U", "postgres",
                  "--no-locale", "-E", "UTF8", "--no-sync")  # fmt: skip

    def start(self, settings: str = SETTINGS) -> None:
        """Start, and wait until it answers."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {settings}"
        )
        log = str(self.folder / "log")
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", options, "start"
        )

    def stop(self) -> None:
        """Stop at once."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def restart(self) -> None:
        """Stop at once, as a crash does, and start with the settings of the last start."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w",
                  "-l", str(self.folder / "log"), "restart")  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        result = subprocess.run(
            [str(self.binaries / program), *arguments],
            user=self.user, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if result.returncode:
            message = f"{program}: {result.stdout} {result.stderr}"
            raise RuntimeError(message)


@contextmanager
def run_cluster(folder: Path, settings: str = SETTINGS) -> Iterator[Cluster]:
    """A cluster for as long as the block lasts; skips where PostgreSQL is not installed."""
    binaries = find_binaries()
    if binaries is None:
        skip_or_fail("PostgreSQL is not installed (initdb and pg_ctl)")
    assert binaries is not None
    # The server's user must be able to reach its folder through those above it.
    for parent in (folder, *folder.parents[:2]):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(0o755)
    cluster = Cluster(binaries, folder)
    try:
        cluster.make()
        cluster.start(settings)
    except RuntimeError as error:
        skip_or_fail(f"PostgreSQL does not start: {error}")
    try:
        yield cluster
    finally:
        cluster.stop()


def execute(url: str, statement: str) -> None:
    """Run one statement outside a transaction, as CREATE DATABASE wants it."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
