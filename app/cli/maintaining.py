"""``aidledger maintain`` and ``aidledger backup``."""

import sys
from pathlib import Path

import click

from app.backup import BackupError, FileInTheWayError, back_up
from app.cli.tools import EXIT_FINDINGS, EXIT_UNAVAILABLE, Tools, pass_tools
from app.totals import upkeep


@click.command()
@click.option("--rebuild", is_flag=True, help="Remove all snapshots first.")
@click.option(
    "--check", is_flag=True, help="Compare the snapshots with the postings, and take none."
)
@pass_tools
def maintain(tools: Tools, *, rebuild: bool, check: bool) -> None:
    """Take the snapshots that keep totals of the past fast. A server does so by itself, once a minute."""
    if check:
        check_snapshots(tools)
        return
    if rebuild:
        upkeep.drop_snapshots(tools.database)
    taken = upkeep.take_snapshots(tools.database)
    click.echo(describe_snapshots(taken), err=True)


def check_snapshots(tools: Tools) -> None:
    """Exit with 1 where a snapshot is not the sum of the postings."""
    wrong = upkeep.find_wrong_snapshot(tools.database)
    if wrong is not None:
        click.echo(
            f"The snapshot at revision {wrong} is not the sum of the postings;"
            " `aidledger maintain --rebuild` takes all of them afresh.",
            err=True,
        )
        sys.exit(EXIT_FINDINGS)
    click.echo("All snapshots are the sums of the postings.", err=True)


def describe_snapshots(taken: list[int]) -> str:
    """What was done, for people."""
    if not taken:
        return "No snapshot of the sums is due."
    return f"{len(taken)} snapshots of the sums taken, the last at revision {taken[-1]}."


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@pass_tools
def backup(tools: Tools, path: Path) -> None:
    """Copy the whole ledger into a new FILE, also while it is written to. How to restore it: docs/operations.md.

    On SQLite the file is a ledger again. On PostgreSQL it is an archive that pg_dump makes, for pg_restore.
    """
    try:
        size = back_up(tools.database, path)
    except FileInTheWayError as refused:
        raise click.UsageError(str(refused)) from None
    except BackupError as failed:
        click.echo(f"No backup was made. {failed}", err=True)
        sys.exit(EXIT_UNAVAILABLE)
    click.echo(f"{path}: {size} bytes", err=True)
