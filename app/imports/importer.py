"""What every kind of row must offer: to be compared with the ledger, and to be recorded."""

from collections.abc import Sequence
from typing import Protocol

from app.db import ReadSession, WriteSession
from app.imports.domain.facts import Row, RowReport
from app.kernel.clock import Clock


class Importer(Protocol):
    """What is done with the rows of one layout."""

    def compare(self, session: ReadSession, rows: Sequence[Row], clock: Clock) -> list[RowReport]:
        """Which rows are new, and which the ledger has already, alike or different."""
        ...

    def record(
        self, session: WriteSession, rows: Sequence[Row], *, actor: str, clock: Clock
    ) -> None:
        """Record new rows; findings name the row by its place in ``rows``, as ``/3/amount``."""
        ...
