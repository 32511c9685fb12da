"""A proxy in front of PostgreSQL that can lose the answer to a COMMIT, which is the worst moment to lose a connection.

The database has committed and the service will never be told.
"""

import select
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Final

from sqlalchemy import make_url

# The statement as the driver sends it, and the tag of its success (PostgreSQL manual, section 55.7).
COMMIT: Final = b"COMMIT\x00"
# No farewell: a connection that is closed with this set is reset.
AT_ONCE: Final = struct.pack("ii", 1, 0)
CHUNK: Final = 65_536
PATIENCE_SECONDS: Final = 0.2


class CommitLosingProxy:
    """Relays connections, each in a thread of its own.

    Attributes:
        lost: how many answers to a COMMIT were lost so far.
    """

    def __init__(self, target: tuple[str, int], is_lost: Callable[[], bool]) -> None:
        """Listen on a free loopback port.

        Args:
            target: the database's host and port.
            is_lost: asked at every COMMIT whether its answer shall be lost.
        """
        self.lost = 0
        self._target, self._is_lost = target, is_lost
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stop = Event()
        self._threads = [Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    def close(self) -> None:
        """Drop all connections."""
        self._stop.set()
        while self._threads:
            self._threads.pop().join()

    def _accept(self) -> None:
        with self._listener:
            while not self._stop.is_set():
                if select.select([self._listener], [], [], PATIENCE_SECONDS)[0]:
                    client, _ = self._listener.accept()
                    thread = Thread(target=self._relay, args=(client,))
                    self._threads.append(thread)
                    thread.start()

    def _relay(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(self._target) as server:
            doomed = False
            while not self._stop.is_set():
                for source in select.select([client, server], [], [], PATIENCE_SECONDS)[0]:
                    data = source.recv(CHUNK)
                    if not data:
                        return
                    if source is client:
                        doomed = COMMIT in data and self._is_lost()
                        server.sendall(data)
                    elif doomed and COMMIT in data:
                        self.lost += 1
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                        return
                    else:
                        client.sendall(data)


@contextmanager
def losing_commits(
    url: str, is_lost: Callable[[], bool]
) -> Iterator[tuple[CommitLosingProxy, str]]:
    """A proxy for as long as the block lasts, and the database's address through it."""
    real = make_url(url)
    proxy = CommitLosingProxy((str(real.host), real.port or 5432), is_lost)
    through = real.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    try:
        yield proxy, through
    finally:
        proxy.close()
