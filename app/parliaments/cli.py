"""``aidledger import legislation``: the actions of one vehicle, from its parliament's own files."""

import json
import sys
from pathlib import Path
from typing import Final, Protocol

import click

from app.db import Database
from app.kernel.clock import Clock
from app.kernel.errors import ValueRefusedError
from app.legislation.domain import VehicleName, parse_vehicle_name
from app.parliaments import service
from app.parliaments.domain.report import ImportReport
from app.parliaments.readers.files import MAX_BYTES, SourceFile
from app.parliaments.readers.reports import read_reports
from app.settings import Settings
from app.transparency.guard import LogGuard

EXIT_FINDINGS: Final = 1
EXIT_BAD_DATA: Final = 65


class Tools(Protocol):
    """What a command is given as the object of its context."""

    @property
    def settings(self) -> Settings:
        """How the process runs."""
        ...

    @property
    def database(self) -> Database:
        """The database of the ledger."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock of the process."""
        ...


@click.command("legislation")
@click.argument(
    "paths",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--vehicle", help='Whose actions they are: "US/118/H.R. 815".')
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, and record nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--actor", default="import", show_default=True, help="Who records it.")
@click.pass_obj
def import_legislation(
    tools: Tools,
    paths: tuple[Path, ...],
    vehicle: str | None,
    actor: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Record what happened to a bill, from BILLSTATUS, congress.gov, data.json or our own CSV or JSON.

    Several FILEs are answers of the congress.gov API about one bill. A second time nothing is new.

    Exit codes: 0 everything is in the ledger, 1 the ledger says something else in places, 65 nothing is recorded.
    """
    name = _read_name(vehicle) if vehicle else None
    report = run_import(tools, paths, name, actor, dry_run=dry_run)
    click.echo(json.dumps(report.to_json(), indent=2) if as_json else describe(report))
    if not report.is_clean:
        sys.exit(EXIT_BAD_DATA if report.findings else EXIT_FINDINGS)


def run_import(
    tools: Tools,
    paths: tuple[Path, ...],
    vehicle: VehicleName | None,
    actor: str,
    *,
    dry_run: bool,
) -> ImportReport:
    """Read and record in one transaction, which a dry run or a finding undoes."""
    reading = read_reports([SourceFile(path.name, _read_bytes(path)) for path in paths])
    LogGuard(tools.database, tools.settings.log_checkpoint_file).check_write()
    with tools.database.transaction() as session:
        report = service.import_actions(
            session, reading, vehicle=vehicle, actor=actor, clock=tools.clock, dry_run=dry_run
        )
        if report.revision is None:
            session.rollback()
    return report


def describe(report: ImportReport) -> str:
    """The report for people: a line of counts, then whatever needs a look."""
    counts = ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items())
    recorded = "nothing recorded" if report.revision is None else f"revision {report.revision}"
    new = " (new)" if report.is_new else ""
    lines = [f"{report.vehicle or 'no vehicle'}{new}: {counts}; {recorded}"]
    lines += [f"  {one}" for one in report.findings]
    lines += [
        f"  {one.action.place}: {one.outcome.value}: {one.detail}"
        for one in report.compared
        if one.detail
    ]
    lines += [
        f"  {one.place or report.vehicle}: {one.detail} ({one.code})" for one in report.suggestions
    ]
    return "\n".join(lines)


def _read_bytes(path: Path) -> bytes:
    """At most one byte more than a reader takes: it will say that the file is too large."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _read_name(text: str) -> VehicleName:
    try:
        return parse_vehicle_name(text)
    except ValueRefusedError as refused:
        raise click.BadParameter(refused.detail, param_hint="--vehicle") from None
