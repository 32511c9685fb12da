"""``aidledger init``, ``serve`` and ``demo``."""

import signal
import sys
import threading
import webbrowser
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

import click
import uvicorn
from fastapi import FastAPI

from app import logs, migrate
from app.access import service as access
from app.access.domain import Role
from app.cli.importing import describe_facts, run_facts
from app.cli.maintaining import describe_snapshots
from app.cli.tools import Tools, pass_tools
from app.fx import service as fx
from app.imports import fact_files as imports
from app.imports.domain.facts import Layout
from app.main import create_app, spare_collector
from app.settings import Settings
from app.totals import upkeep
from app.transparency.demo import signing_beside, with_own_files

GRACE_SECONDS: Final = 20
# A worker that does not answer for so long is replaced. It must have the time to start on a machine that is busy.
UNHEARD_SECONDS: Final = 60
DEMO_KEY_NAME: Final = "demo desk"


@click.command()
@pass_tools
def init(tools: Tools) -> None:
    """Bring the database to the schema of this release, load the exchange rates, take due snapshots."""
    migrate.upgrade(tools.database)
    with tools.database.transaction() as session:
        loaded = fx.load_reference_rates(session)
    click.echo(
        f"Schema {migrate.current_head(tools.database)};"
        f" {loaded.rows} new exchange rates, the last of {loaded.last_day}.",
        err=True,
    )
    if taken := upkeep.take_snapshots(tools.database):
        click.echo(describe_snapshots(taken), err=True)


@click.command()
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
    # When all calls are finished the server sends itself the signal once more, for us to decide what it means.
    signal.signal(signal.SIGTERM, _leave)
    uvicorn.run(
        # Several workers are processes of their own, and build what they serve from the environment.
        "app.main:serve_app" if workers > 1 else partial(make_app, settings),
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=UNHEARD_SECONDS,
    )


def make_app(settings: Settings) -> FastAPI:
    """The application of the only process that serves."""
    app = create_app(settings, keeps_up=True)
    spare_collector()
    return app


def _leave(_signal: int, _frame: object) -> None:
    """Being asked to stop, and having stopped, is no error."""
    sys.exit(0)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65_535))
@click.option("--no-browser", is_flag=True, help="Do not open the address.")
@pass_tools
def demo(tools: Tools, host: str, port: int, *, no_browser: bool) -> None:
    """Set up a ledger with the demo facts, make a key, and serve."""
    migrate.upgrade(tools.database)
    settings = replace(with_own_files(tools.settings, tools.database), is_demo=True)
    with tools.database.transaction() as session:
        fx.load_reference_rates(session)
    report = run_facts(tools, imports.FACTS, Layout.FACTS, "demo facts", dry_run=False)
    key = renew_demo_key(tools)
    address = f"http://{host}:{port}"
    click.echo(f"Aid Ledger: {address}  ({describe_facts(report).splitlines()[0]})")
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
