"""Served SQLite ledgers whose disk can be filled up and freed again, in the two ways in which a disk is full."""

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests import processes
from tests.processes import Server

ROOM: Final = 200_000
SIZE: Final = 8 * 2**20
# Becomes the server, on a file system of its own that nobody else sees, and that goes when it ends.
MOUNT: Final = 'mount -t tmpfs -o size="$0" tmpfs "$1" && cp "$2" "$1" && shift 2 && exec "$@"'
NAMESPACE: Final = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, str(SIZE))


@dataclass(frozen=True)
class Disk:
    """What a test does with a disk.

    Attributes:
        server: who serves the ledger.
        fill: leaves little room or none.
        free: makes room again.
        show: the address of the ledger at rest, for whoever audits it.
    """

    server: Server
    fill: Callable[[], None]
    free: Callable[[], None]
    show: Callable[[], str]


@contextmanager
def limited_files(ledger: Path, log: Path) -> Iterator[Disk]:
    """No file of the server's may grow beyond what the write-ahead log has now, and a little: ``EFBIG``."""
    url = f"sqlite:///{ledger}"
    with processes.serving(url, log) as server:

        def limit(size: int) -> None:
            hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, hard))

        def fill() -> None:
            limit(ledger.with_name(f"{ledger.name}-wal").stat().st_size + ROOM)

        yield Disk(server, fill, lambda: limit(resource.RLIM_INFINITY), lambda: url)


@contextmanager
def small_disk(ledger: Path, log: Path) -> Iterator[Disk]:
    """The file system has no block left: ``ENOSPC``. Skips where the kernel gives nobody a file system."""
    folder = ledger.with_name("disk")
    folder.mkdir()
    launcher = (*NAMESPACE, str(folder), str(ledger))
    if not shutil.which("unshare") or subprocess.run([*launcher, "true"], check=False).returncode:
        pytest.skip("a file system of the test's own cannot be mounted here (unshare)")
    with processes.serving(f"sqlite:///{folder / ledger.name}", log, launcher=launcher) as server:
        inside = Path(f"/proc/{server.process.pid}/root{folder}")
        ballast = inside / "ballast"

        def fill() -> None:
            # More than fits: what fits is written before the rest is refused.
            with suppress(OSError):
                ballast.write_bytes(bytes(SIZE))

        def show() -> str:
            # SQLite follows links by their names, and would look for it on our side of the wall.
            shutil.copytree(inside, copy := folder.with_name("copy"))
            return f"sqlite:///{copy / ledger.name}"

        yield Disk(server, fill, ballast.unlink, show)
