"""The ``aidledger`` command."""

import sys
from typing import Final

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.access.cli import apikey
from app.cli import (
    asking,
    converting,
    importing,
    maintaining,
    packaging,
    reconciling,
    requesting,
    serving,
    verifying,
    watching,
)
from app.cli.import_group import import_group
from app.cli.tools import EXIT_BAD_DATA, EXIT_UNAVAILABLE, EXIT_USAGE, Tools
from app.kernel.clock import SystemClock
from app.kernel.errors import AppError, InvalidError, UnavailableError
from app.settings import Settings, SettingsError
from app.transparency.cli import log

INTERRUPTED: Final = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """Aid Ledger: who promised what, when, in which currency, how far it has got, and how we know.

    Configured by AIDLEDGER_* variables, above all AIDLEDGER_DATABASE_URL.
    """
    context.obj = context.obj or Tools(Settings.from_environment(), SystemClock())
    context.call_on_close(context.obj.close)


for command in (
    serving.init,
    serving.serve,
    serving.demo,
    import_group,
    reconciling.reconcile,
    importing.template,
    maintaining.maintain,
    maintaining.backup,
    asking.totals,
    asking.changes,
    asking.pending,
    requesting.request,
    watching.alerts,
    asking.export,
    packaging.package,
    asking.openapi,
    asking.version,
    converting.fx,
    verifying.verify,
    apikey,
    log,
):
    cli.add_command(command)
# The log is a room below the one that writes bundles, so it cannot name the command itself.
log.add_command(verifying.bundle)


def main() -> None:
    """Run the command and turn refusals into messages and exit codes (DESIGN section 5)."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE if isinstance(error, click.UsageError) else error.exit_code)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.Abort:
        sys.exit(INTERRUPTED)
    except SettingsError as error:
        _fail(str(error), EXIT_USAGE)
    except AppError as error:
        _fail(
            _describe(error),
            EXIT_UNAVAILABLE if isinstance(error, UnavailableError) else EXIT_BAD_DATA,
        )
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).splitlines()[0]
        _fail(
            f"The database does not answer as it should: {reason}\n"
            "A new database is set up, and an old one brought up to date, with `aidledger init`.",
            EXIT_UNAVAILABLE,
        )


def _describe(error: AppError) -> str:
    lines = [error.detail]
    if isinstance(error, InvalidError):
        lines += [
            f"  {finding.pointer or '/'}: {finding.detail} ({finding.code})"
            for finding in error.findings
        ]
    return "\n".join(lines)


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)
