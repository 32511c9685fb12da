"""The tree's root at any revision, quickly: what an answer names, so that it can be checked against the log."""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Final

from app.db import ReadSession
from app.transparency import service
from app.transparency.domain.tree import Node
from app.transparency.errors import LogDamagedError, LogForkError

# Some 100 bytes each.
REMEMBERED: Final = 4_096


class Roots:
    """Works roots out and remembers them, for the first entries of a ledger never change.

    A revision that has just been written costs a read of the entries behind the last one that was asked for. What a
    process remembers, any other one works out by itself.
    """

    def __init__(self) -> None:
        self._roots: OrderedDict[int, bytes] = OrderedDict()
        self._size = 0
        self._edge: Mapping[Node, bytes] = {}
        self._lock = Lock()

    def find(self, session: ReadSession, revision: int) -> bytes | None:
        """The root over the entries up to ``revision``; ``None`` where some are missing, which `verify` explains."""
        with self._lock:
            root = self._roots.get(revision)
            if root is not None:
                self._roots.move_to_end(revision)
                return root
            size, edge = self._size, self._edge
        try:
            edge = service.edge_at(session, revision, *((size, edge) if size <= revision else ()))
        except (LogForkError, LogDamagedError):
            return None
        root = service.root_of(revision, edge)
        with self._lock:
            if revision > self._size:
                self._size, self._edge = revision, edge
            self._roots[revision] = root
            while len(self._roots) > REMEMBERED:
                self._roots.popitem(last=False)
        return root
