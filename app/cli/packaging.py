"""``aidledger package``: the whole ledger as a data package."""

from pathlib import Path

import click

from app.cli.tools import Tools, pass_tools
from app.exports.whole_ledger import write_ledger


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--as-of", help="A revision, or an instant with its zone.")
@pass_tools
def package(tools: Tools, /, *, out: Path, as_of: str | None) -> None:
    """Write every record as tables with types and keys, what GET /v1/ledger.zip answers."""
    with tools.database.reading() as session, out.open("wb") as file:
        found = tools.read_snapshot(session, as_of)
        snapshot = tools.read_snapshot(session, str(found.revision))
        write_ledger(session, file, snapshot, origin=tools.settings.log_origin)
        size = file.tell()
    click.echo(f"package: {out}, {size} bytes, revision {snapshot.revision}", err=True)
