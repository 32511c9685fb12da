"""What every command is given, and the exit codes (DESIGN section 5)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import click

from app.db import Database, ReadSession
from app.journal.deps import read_snapshot, read_snapshots
from app.journal.domain import Snapshot
from app.kernel.clock import Clock
from app.settings import Settings
from app.transparency.roots import Roots

EXIT_FINDINGS: Final = 1
EXIT_USAGE: Final = 2
EXIT_BAD_DATA: Final = 65
EXIT_UNAVAILABLE: Final = 69


@dataclass
class Tools:
    """What every command is given: settings, database, clock."""

    settings: Settings
    clock: Clock

    @cached_property
    def database(self) -> Database:
        """The ledger's database, opened when a command first needs it."""
        return Database(self.settings)

    def read_snapshot(self, session: ReadSession, as_of: str | None) -> Snapshot:
        """The state of the ledger that ``--as-of`` names, by default the last one.

        Raises:
            InvalidError: ``invalid-as-of`` or ``as-of-in-future``.
        """
        return read_snapshot(self.database, session, self.clock, as_of, find_root=Roots().find)

    def read_snapshots(
        self, session: ReadSession, first: str, last: str | None
    ) -> tuple[Snapshot, Snapshot]:
        """The two states of the ledger that ``--from`` and ``--to`` name.

        Raises:
            InvalidError: as ``read_snapshot``; ``revision-order``.
        """
        return read_snapshots(
            self.database, session, self.clock, first, last, find_root=Roots().find
        )

    def close(self) -> None:
        """Close the connections, if there are any."""
        if "database" in self.__dict__:
            self.database.dispose()


pass_tools: Final = click.make_pass_decorator(Tools)
