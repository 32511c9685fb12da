"""The ``aidledger`` command."""

import json
import sys
import threading
import webbrowser
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, Final

import click
import uvicorn
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import logs, migrate
from app.access import service as access
from app.access.cli import apikey
from app.access.domain import Role
from app.db import Database
from app.exports import service as exports
from app.exports.schemas import SummaryParams
from app.fx import service as fx
from app.imports import service as imports
from app.imports.domain import ImportReport, Layout, Outcome
from app.journal import service as journal
from app.journal.deps import read_as_of
from app.kernel.clock import Clock, SystemClock
from app.kernel.errors import AppError, InvalidError, UnavailableError
from app.legislation import service as legislation
from app.legislation.schemas import PendingParams, figures_json
from app.main import create_app
from app.settings import Settings, SettingsError
from app.totals import service as totals_service
from app.totals.schemas import TotalsParams, totals_json
from app.transparency.cli import log
from app.transparency.demo import signing_beside, with_own_files
from app.transparency.guard import LogGuard
from reports import REPORTS

EXIT_FINDINGS: Final = 1
EXIT_USAGE: Final = 2
EXIT_BAD_DATA: Final = 65
EXIT_UNAVAILABLE: Final = 69
GRACE_SECONDS: Final = 20
DEMO_KEY_NAME: Final = "demo desk"


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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """Aid Ledger: who promised what, when, in which currency, how far it has got, and how we know.

    Configured by AIDLEDGER_* variables, above all AIDLEDGER_DATABASE_URL.
    """
    context.obj = context.obj or Tools(Settings.from_environment(), SystemClock())
    context.call_on_close(context.obj.close)


cli.add_command(apikey)
cli.add_command(log)


@cli.command()
@pass_tools
def init(tools: Tools) -> None:
    """Bring the database to the schema of this release and load the exchange rates."""
    migrate.upgrade(tools.database)
    with tools.database.transaction() as session:
        loaded = fx.load_reference_rates(session)
    click.echo(
        f"Schema {migrate.current_head(tools.database)};"
        f" {loaded.rows} new exchange rates, the last of {loaded.last_day}.",
        err=True,
    )


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65_535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@pass_tools
def serve(tools: Tools, host: str, port: int, workers: int) -> None:
    """Serve the API. Several workers need PostgreSQL."""
    if workers > 1 and tools.settings.is_sqlite:
        raise click.UsageError(
            "Several workers need PostgreSQL: an embedded SQLite ledger is served by one process."
        )
    run_server(tools.settings, host, port, workers)


def run_server(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until a signal says stop; calls that are under way are finished first."""
    logs.configure(settings.log_level)
    uvicorn.run(
        # Several workers are processes of their own, and build what they serve from the environment.
        "app.main:serve_app" if workers > 1 else partial(create_app, settings),
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


@cli.command("import")
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


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65_535))
@click.option("--no-browser", is_flag=True, help="Do not open the address.")
@pass_tools
def demo(tools: Tools, host: str, port: int, *, no_browser: bool) -> None:
    """Set up a ledger with the demo facts, make a key, and serve."""
    migrate.upgrade(tools.database)
    settings = with_own_files(tools.settings, tools.database)
    with tools.database.transaction() as session:
        fx.load_reference_rates(session)
    report = run_import(tools, imports.FACTS, Layout.FACTS, "demo facts", dry_run=False)
    key = renew_demo_key(tools)
    address = f"http://{host}:{port}"
    click.echo(f"Aid Ledger: {address}  ({describe_import(report).splitlines()[0]})")
    click.echo(f"Key of this demo, role contributor: {key}")
    click.echo(
        f"It signs its own log, with the key in {settings.log_key_file}. In earnest the process that serves"
        " holds no key: see `aidledger log sign`."
    )
    if not no_browser:
        threading.Timer(1.5, webbrowser.open, [address]).start()
    tools.database.dispose()
    with signing_beside(settings, tools.clock):
        run_server(settings, host, port, workers=1)


def renew_demo_key(tools: Tools) -> str:
    """A fresh key for the desk of the demo; the one of an earlier start is revoked."""
    with tools.database.transaction() as session:
        for held in access.list_keys(session):
            if held.name == DEMO_KEY_NAME:
                access.revoke_key(session, held.key_id, tools.clock)
        new = access.create_key(
            session, name=DEMO_KEY_NAME, role=Role.CONTRIBUTOR, valid_for=timedelta(days=30),
            clock=tools.clock, created_by="demo",
        )  # fmt: skip
    return new.text


@cli.command()
@click.option("--measure", default="committed", show_default=True)
@click.option("--by", default="donor", show_default=True, help="Comma-separated, one to three.")
@click.option("--currency", default="EUR", show_default=True, help="EUR, USD or native.")
@click.option("--cumulative", is_flag=True)
@click.option("--from", "from_", help="First day, month or year.")
@click.option("--to", help="Last day, month or year.")
@click.option("--donor", help="Codes, comma-separated.")
@click.option("--group")
@click.option("--aid-type")
@click.option("--instrument")
@click.option("--status")
@click.option("--as-of", help="A revision, or an instant with its zone.")
@click.option("--json", "as_json", is_flag=True, help="Print what GET /v1/totals answers.")
@pass_tools
def totals(
    tools: Tools, /, *, as_json: bool, cumulative: bool, from_: str | None, **options: str | None
) -> None:
    """Print totals."""
    given = {name: value for name, value in options.items() if value is not None}
    params = TotalsParams.model_validate(
        {**given, "from": from_, "cumulative": str(cumulative).lower()}
    )
    query = params.to_query()
    with tools.database.reading() as session:
        snapshot = journal.read_snapshot(session, read_as_of(params.as_of), now=tools.clock.now())
        answer = totals_json(totals_service.read_totals(session, query, snapshot), snapshot)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else text_table(answer))


def text_table(answer: dict[str, Any]) -> str:
    """Rows as columns of text, numbers to the right, the total last."""
    rows = [*answer["data"], {**answer["total"]}]
    names = [name for name in rows[0] if name != "by_currency"]
    cells = [names] + [
        [str(row.get(name, "total" if name == names[0] else "")) for name in names] for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    )


@cli.command()
@click.option("--on", help="The day, by default today.")
@click.option(
    "--by", default="donor,component", show_default=True, help="Comma-separated, one to three."
)
@click.option("--currency", default="native", show_default=True, help="native, EUR or USD.")
@click.option("--donor", help="Codes, comma-separated.")
@click.option("--component", help="Comma-separated.")
@click.option("--as-of", help="A revision, or an instant with its zone.")
@click.option("--json", "as_json", is_flag=True, help="Print what the endpoint answers.")
@pass_tools
def pending(tools: Tools, /, *, as_json: bool, **options: str | None) -> None:
    """Print what parliaments have been asked for and have not decided."""
    given = {name: value for name, value in options.items() if value is not None}
    params = PendingParams.model_validate(given)
    query = params.to_query(tools.clock.today())
    with tools.database.reading() as session:
        snapshot = journal.read_snapshot(session, read_as_of(params.as_of), now=tools.clock.now())
        answer = figures_json(legislation.read_pending(session, query, snapshot))
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else text_table(answer))


@cli.command()
@click.argument("report", type=click.Choice(sorted(REPORTS)))
@click.option(
    "--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True
)
@click.option("--currency", default="EUR", show_default=True, help="EUR or USD.")
@click.option("--donor", help="Codes, comma-separated.")
@click.option("--group")
@click.option("--aid-type")
@click.option("--from", "from_", help="First day, month or year.")
@click.option("--to", help="Last day, month or year.")
@click.option("--on", help="The day whose pending requests are shown, by default today.")
@click.option("--as-of", help="A revision, or an instant with its zone.")
@pass_tools
def export(
    tools: Tools, /, *, report: str, out: Path, from_: str | None, **options: str | None
) -> None:
    """Write a report as an Excel workbook."""
    given = {name: value for name, value in options.items() if value is not None}
    params = SummaryParams.model_validate({**given, "from": from_})
    query = params.to_query(tools.clock.today())
    with tools.database.reading() as session:
        snapshot = journal.read_snapshot(session, read_as_of(params.as_of), now=tools.clock.now())
        content = exports.build_summary(session, query, snapshot, tools.clock)
    out.write_bytes(content)
    click.echo(f"{report}: {out}, {len(content)} bytes, revision {snapshot.revision}", err=True)


@cli.command()
def openapi() -> None:
    """Print the description of the API."""
    click.echo(json.dumps(create_app().openapi(), indent=2))


@cli.command()
def version() -> None:
    """Print the version."""
    click.echo(installed_version("aidledger"))


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
        sys.exit(130)
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
