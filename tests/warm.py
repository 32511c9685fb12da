"""Runs `aidledger` commands in processes forked from one that has imported the application: its imports take seconds.

Each process of tests has a warm one at most, which ends with it. What is forked is a process like any other, with an
environment, standard streams and a death of its own.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parent.parent
# A command and its environment go in one message.
MESSAGE_BYTES: Final = 128 * 1024


class Forked:
    """A command that runs, as far as tests ask ``subprocess.Popen`` about one.

    Attributes:
        pid: of its process.
        returncode: what it ended with, negative for a signal; ``None`` as long as nobody knows.
    """

    def __init__(self, status: IO[bytes]) -> None:
        self._status = status
        self.pid = int(status.readline())
        self.returncode: int | None = None

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without a warning."""
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """What it ended with, if it has ended."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """What it ends with.

        Raises:
            subprocess.TimeoutExpired: it does not end in so many seconds.
        """
        ended = self._look(timeout)
        if ended is None:
            raise subprocess.TimeoutExpired("aidledger", timeout or 0)
        return ended

    def _look(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], seconds)[0]:
            with self._status:
                self.returncode = int(self._status.readline())
        return self.returncode


def start(
    arguments: Sequence[str], environment: Mapping[str, str], out: IO[bytes], err: IO[bytes]
) -> Forked:
    """Start `aidledger` with these arguments."""
    reading, writing = os.pipe()
    message = json.dumps([list(arguments), dict(environment)]).encode()
    socket.send_fds(_line(), [message], [out.fileno(), err.fileno(), writing])
    os.close(writing)
    return Forked(os.fdopen(reading, "rb", buffering=0))


@cache
def _line() -> socket.socket:
    """The line to the warm process, which ends with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"], cwd=ROOT, stdin=theirs.fileno()
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _serve() -> list[str] | None:
    """Fork until the line ends; in what was forked, give its arguments."""
    waited_for: dict[int, int] = {}

    def reap(*_: object) -> None:
        for child in list(waited_for):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                with os.fdopen(waited_for.pop(child), "w") as told:
                    told.write(f"{os.waitstatus_to_exitcode(status)}\n")

    line = socket.socket(fileno=0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, reap)
    while True:
        message, streams, *_ = socket.recv_fds(line, MESSAGE_BYTES, 3)
        if not message:
            return None
        arguments, environment = json.loads(message)
        out, err, told = streams
        # Not before it is known that somebody waits for it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        child = os.fork()
        if child == 0:
            line.detach()  # or it would close standard input once nobody looks at it
            _become(environment, out, err)
            return ["aidledger", *arguments]
        os.write(told, f"{child}\n".encode())
        waited_for[child] = told
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.close(out)
        os.close(err)


def _become(environment: Mapping[str, str], out: int, err: int) -> None:
    """A process of its own, with nothing of the warm one but what it has imported."""
    for number in (signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.closerange(3, 64)
    os.environ.clear()
    os.environ.update(environment)


def main() -> None:
    """What the warm process does; each process that it forks leaves this by its own way."""
    import app.main  # noqa: F401, PLC0415 -- the point: it is there before the fork, and only here
    from app import cli  # noqa: PLC0415 -- as above

    arguments = _serve()
    if arguments is not None:
        sys.argv = arguments
        cli.main()


if __name__ == "__main__":
    main()
