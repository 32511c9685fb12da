"""These stories are told at the command line: its fixtures stand here as well."""

from tests.cli.conftest import command, run

__all__ = ["command", "run"]
