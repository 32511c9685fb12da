"""``aidledger verify`` and ``aidledger log bundle``: the ledger checked against itself, or by who does not trust us."""

import json
import sys
from pathlib import Path
from typing import Final

import click

from app.audit import service as audits
from app.audit.service import Audit
from app.cli.tools import EXIT_FINDINGS, Tools, pass_tools
from app.exports.bundle import SignedHead, write_bundle
from verifier import command as verifier
from verifier.check import read_checkpoint
from verifier.checkpoint import Checkpoint
from verifier.errors import VerificationError
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

    Without --bundle the whole database is checked against its own entries: hashes, versions, postings, roll-up,
    projections.
    """
    if workbook and not bundle:
        raise click.UsageError("--workbook is checked against --bundle.")
    if (bundle or since) and key is None:
        raise click.UsageError("A signature is checked with --key.")
    if bundle:
        sys.exit(verifier.run(bundle, key or "", since, workbook, as_json=as_json))
    try:
        older = [read_checkpoint(since, VerifierKey.parse(key or ""))] if since else []
    except VerificationError as error:
        sys.exit(verifier.fail(error, as_json=as_json))
    found = _audit(tools, older)
    click.echo(json.dumps(found.to_json()) if as_json else describe_audit(found))
    if not found.is_clean:
        sys.exit(EXIT_FINDINGS)


def _audit(tools: Tools, checkpoints: list[Checkpoint]) -> Audit:
    with ProgressLine() as line, tools.database.reading() as session:
        return audits.audit(session, checkpoints=checkpoints, progress=line.show)


def describe_audit(found: Audit) -> str:
    """What was found, for people: the first fault first."""
    if found.is_clean:
        return f"Revision {found.revision}: every entry, posting, sum and version is as recorded."
    lines = [f"{found.faults.count} faults, the first ones:", *map(str, found.faults.first)]
    further = found.faults.count - len(found.faults.first)
    return "\n".join([*lines, f"and {further} more"] if further else lines)


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--checkpoint", type=_FILE, help="End at this checkpoint.", required=True)
@pass_tools
def bundle(tools: Tools, out: Path, checkpoint: Path) -> None:
    """Write the ledger up to a checkpoint as one file that anybody can check offline."""
    note = checkpoint.read_bytes()
    origin, size, *_ = note.decode().split("\n")
    draft = out.with_name(f"{out.name}.part")
    with ProgressLine() as line, tools.database.reading() as session, draft.open("wb") as file:
        write_bundle(
            session,
            file,
            SignedHead(origin, int(size), note),
            created=tools.clock.now(),
            progress=lambda done, total: line.show("Entries", done, total),
        )
    draft.replace(out)
    click.echo(f"{out}: {out.stat().st_size} bytes, revision {size}", err=True)
