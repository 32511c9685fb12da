"""``aidledger import``."""

import json
import sys
from pathlib import Path

import click

from app.cli.tools import EXIT_FINDINGS, Tools, pass_tools
from app.imports import service as imports
from app.imports.domain.facts import ImportReport, Layout, Outcome
from app.totals import upkeep
from app.transparency.guard import LogGuard


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--as", "layout", type=click.Choice([one.value for one in Layout]), help="What the file holds."
)
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, and record nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--actor", default="import", show_default=True, help="Who records it.")
@pass_tools
def import_file(
    tools: Tools, path: Path, layout: str | None, actor: str, *, dry_run: bool, as_json: bool
) -> None:
    """Record what a file or a folder of facts holds; a second time changes nothing."""
    chosen = Layout(layout) if layout else imports.guess_layout(path)
    report = run_import(tools, path, chosen, actor, dry_run=dry_run)
    upkeep.take_snapshots(tools.database)
    click.echo(json.dumps(report.to_json(), indent=2) if as_json else describe_import(report))
    if not report.is_clean:
        sys.exit(EXIT_FINDINGS)


def run_import(
    tools: Tools, path: Path, layout: Layout, actor: str, *, dry_run: bool
) -> ImportReport:
    """Read and record in one transaction, which a dry run or a refused row undoes."""
    rows = imports.read_files(path, layout)
    LogGuard(tools.database, tools.settings.log_checkpoint_file).check_write()
    with tools.database.transaction() as session:
        report = imports.import_rows(session, rows, actor=actor, clock=tools.clock, dry_run=dry_run)
        if report.revision is None:
            session.rollback()
    return report


def describe_import(report: ImportReport) -> str:
    """The report for people: a line of counts, then each row that needs a look."""
    counts = ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items())
    lines = [
        f"{counts}; "
        + ("nothing recorded" if report.revision is None else f"revision {report.revision}")
    ]
    for row in report.rows:
        if row.outcome in {Outcome.DIFFERENT, Outcome.REFUSED}:
            place = f"{row.row.file}:{row.row.line} {row.row.name}"
            lines.append(f"  {place}: {row.outcome.value}: {'; '.join(row.findings)}")
    return "\n".join(lines)
