"""``aidledger verify`` and ``aidledger log bundle``: the ledger checked against itself, or by who does not trust us."""

import json
import sys
from pathlib import Path
from typing import Final

import click
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from app.audit import service as audits
from app.audit.service import Audit
from app.cli.tools import EXIT_FINDINGS, Tools, pass_tools
from app.exports.bundle import write_bundle
from app.transparency import service as transparency
from app.transparency.errors import LogFileError
from app.transparency.files import CheckpointFile
from verifier import command as verifier
from verifier.check import read_checkpoint
from verifier.checkpoint import Checkpoint
from verifier.errors import MalformedError, VerificationError
from verifier.note import VerifierKey
from verifier.progress import ProgressLine

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--bundle", type=_FILE, help="Check this export offline, not the database.")
@click.option("--workbook", type=_FILE, help="Work out this summary's figures from the bundle.")
@click.option("--since", type=_FILE, help="An older checkpoint that the log must continue.")
@click.option("--key", help="The log's verifier key, name+id+key, from whoever you trust.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@pass_tools
def verify(
    tools: Tools,
    /,
    *,
    bundle: Path | None,
    workbook: Path | None,
    since: Path | None,
    key: str | None,
    as_json: bool,
) -> None:
    """Check that nothing was changed, and name the first bad revision. Exit codes: 0 right, 1 wrong, 2 unreadable.

    Without --bundle the whole database is checked against its own entries: hashes, versions, postings, sums,
    projections, the log's tree, its published checkpoints, and the last one in AIDLEDGER_LOG_CHECKPOINT_FILE.
    """
    if workbook and not bundle:
        raise click.UsageError("--workbook is checked against --bundle.")
    if (bundle or since) and key is None:
        raise click.UsageError("A signature is checked with --key.")
    if key is not None and not (bundle or since):
        raise click.UsageError("--key is what --bundle or --since is checked with.")
    if bundle:
        sys.exit(verifier.run(bundle, key or "", since, workbook, as_json=as_json))
    try:
        older = [read_checkpoint(since, VerifierKey.parse(key or ""))] if since else []
        found = _audit(tools, [*older, *_remembered(tools)])
    except VerificationError as error:
        sys.exit(verifier.fail(error, as_json=as_json))
    click.echo(json.dumps(found.to_json()) if as_json else describe_audit(found))
    if not found.is_clean:
        sys.exit(EXIT_FINDINGS)


def _remembered(tools: Tools) -> list[Checkpoint]:
    """What the signer signed last, where the settings say where that is; the place is trusted as it is."""
    path = tools.settings.log_checkpoint_file
    try:
        last = CheckpointFile(path).find() if path else None
    except LogFileError as unusable:
        raise MalformedError(unusable.detail) from None
    if last is None:
        return []
    return [Checkpoint(last.checkpoint.origin, last.checkpoint.size, last.checkpoint.root)]


def _audit(tools: Tools, checkpoints: list[Checkpoint]) -> Audit:
    try:
        with ProgressLine() as line, tools.database.reading() as session:
            return audits.audit(session, checkpoints=checkpoints, progress=line.show)
    except (OperationalError, ProgrammingError):
        # It does not answer, or was never set up: that says nothing about what it holds.
        raise
    except DatabaseError as error:
        raise MalformedError(f"The database cannot be read: {error.orig}") from None


def describe_audit(found: Audit) -> str:
    """What was found, for people: the first fault first."""
    if found.is_clean:
        return f"Revision {found.revision}: every entry, posting, sum and version is as recorded."
    lines = [f"{found.faults.count} faults, the first ones:", *map(str, found.faults.first)]
    further = found.faults.count - len(found.faults.first)
    return "\n".join([*lines, f"and {further} more"] if further else lines)


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option(
    "--size",
    type=click.IntRange(min=1),
    help="End at the checkpoint of this size, by default at the newest.",
)
@pass_tools
def bundle(tools: Tools, out: Path, size: int | None) -> None:
    """Write the ledger up to a published checkpoint as one file that anybody can check offline."""
    draft = out.with_name(f"{out.name}.part")
    with ProgressLine() as line, tools.database.reading() as session:
        if size is None:
            signed = transparency.get_newest_checkpoint(session)
        else:
            signed = transparency.get_checkpoint(session, size, "--size")
        with draft.open("wb") as file:
            write_bundle(
                session, file, signed, progress=lambda done, all_: line.show("Entries", done, all_)
            )
    draft.replace(out)
    click.echo(f"{out}: {out.stat().st_size} bytes, revision {signed.size}", err=True)
