"""What every command is given, and the exit codes (DESIGN section 5)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import click

from app.db import Database
from app.kernel.clock import Clock
from app.settings import Settings

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

    def close(self) -> None:
        """Close the connections, if there are any."""
        if "database" in self.__dict__:
            self.database.dispose()


pass_tools: Final = click.make_pass_decorator(Tools)
