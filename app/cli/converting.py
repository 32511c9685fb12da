"""``aidledger fx``: load exchange rates and price indices from files, and list what is known."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import click

from app.cli.asking import text_columns
from app.cli.tools import Tools, pass_tools
from app.fx import service
from app.fx.domain.imports import ImportOutcome, read_label, read_source
from app.fx.schemas import (
    MAX_LABEL,
    RATE_COLUMNS,
    RatesParams,
    outcome_json,
    rate_json,
    sources_json,
)
from app.kernel.canonical import Json
from app.kernel.currencies import get_currency
from app.kernel.errors import InvalidError, ValueRefusedError
from app.kernel.text import clean_text
from app.transparency.guard import LogGuard

T = TypeVar("T")
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def fx() -> None:
    """Load exchange rates and price indices, and list what is known."""


@fx.group()
def prices() -> None:
    """Indices of prices, for amounts in the prices of one year."""


@fx.command("import")
@click.argument("path", type=_FILE)
@click.option("--source", help="Who publishes the rates, such as NBU; where the file does not say.")
@click.option(
    "--as-release", "release", help="Take the file as one table, named so: release:LABEL."
)
@click.option("--label", help="What the file is called; by default its name.")
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, and record nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what POST /v1/fx/rates answers.")
@click.option("--actor", default="import", show_default=True, help="Who loads it.")
@pass_tools
def import_rates(
    tools: Tools,
    path: Path,
    source: str | None,
    release: str | None,
    label: str | None,
    actor: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Load rates: eurofxref-hist.csv or .zip of the European Central Bank, or date,base,quote,rate[,source].

    A rate that is known otherwise is corrected, by a new row; a second time changes nothing.
    """
    if release is not None:
        _read_option("--as-release", read_label, release)
    given = _read_file(path, source, label, actor)
    quotes = service.read_rates(given, tools.clock)
    LogGuard(tools.database, tools.settings.log_checkpoint_file).check_write()
    with tools.database.transaction() as session:
        if release is None:
            outcomes = service.record_quotes(session, quotes, given, tools.clock)
        else:
            outcomes = [service.record_release(session, quotes, given, release, tools.clock)]
        if dry_run:
            session.rollback()
    _report(outcomes, trial=dry_run, as_json=as_json)


@prices.command("import")
@click.argument("path", type=_FILE)
@click.option(
    "--currency", required=True, help="In which the prices are: figures in it can be restated."
)
@click.option("--source", required=True, help="Who publishes the index, such as Eurostat.")
@click.option("--label", help="What the index is called; by default the file's name.")
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, and record nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--actor", default="import", show_default=True, help="Who loads it.")
@pass_tools
def import_prices(
    tools: Tools,
    path: Path,
    currency: str,
    source: str,
    label: str | None,
    actor: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Load a yearly index of prices, year,index; it takes the place of the one before it."""
    _read_option("--currency", get_currency, currency)
    given = _read_file(path, source, label, actor)
    LogGuard(tools.database, tools.settings.log_checkpoint_file).check_write()
    with tools.database.transaction() as session:
        outcome = service.record_prices_file(session, given, currency, tools.clock)
        if dry_run:
            session.rollback()
    _report([outcome], trial=dry_run, as_json=as_json)


@fx.command()
@click.option("--currency", help="Codes, comma-separated.")
@click.option("--source", help="Who publishes them.")
@click.option("--from", "from_", help="First day, month or year.")
@click.option("--to", help="Last day, month or year.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500))
@click.option("--as-of", help="A revision, or an instant with its zone.")
@click.option("--json", "as_json", is_flag=True, help="Print what GET /v1/fx/rates answers.")
@pass_tools
def rates(
    tools: Tools, /, *, from_: str | None, limit: int, as_json: bool, **options: str | None
) -> None:
    """List the rates that stand, by currency, day and source."""
    given = {name: value for name, value in options.items() if value is not None}
    params = RatesParams.model_validate({**given, "from": from_, "limit": limit})
    filters = params.to_filters()
    with tools.database.reading() as session:
        snapshot = tools.read_snapshot(session, params.as_of)
        horizon = service.find_horizon(session, snapshot)
        page, more = service.list_rates_page(
            session, filters, snapshot, horizon, after=None, limit=limit
        )
    data = [rate_json(rate) for rate in page]
    answer = {"data": data, "next_cursor": None, "meta": snapshot.meta()}
    click.echo(json.dumps(answer) if as_json else text_columns(RATE_COLUMNS, data))
    if more:
        click.echo("There are more: --from, --to, --currency and --limit choose.", err=True)


@fx.command()
@click.option("--as-of", help="A revision, or an instant with its zone.")
@click.option("--json", "as_json", is_flag=True, help="Print what GET /v1/fx/sources answers.")
@pass_tools
def sources(tools: Tools, as_of: str | None, *, as_json: bool) -> None:
    """List where rates and prices come from."""
    with tools.database.reading() as session:
        snapshot = tools.read_snapshot(session, as_of)
        data = sources_json(service.list_sources(session, snapshot))
    answer: Json = {"data": data, "next_cursor": None, "meta": snapshot.meta()}
    click.echo(json.dumps(answer) if as_json else _describe_sources(data))


def _read_option(option: str, read: Callable[[str], T], text: str) -> T:
    """The value of an option, refused as the parameter of a call is refused."""
    try:
        return read(text)
    except ValueRefusedError as refused:
        raise InvalidError([refused.at(option)]) from None


def _read_file(path: Path, source: str | None, label: str | None, actor: str) -> service.GivenFile:
    named = label or path.name
    return service.GivenFile(
        raw=path.read_bytes(),
        label=_read_option("--label", lambda text: clean_text(text, max_length=MAX_LABEL), named),
        source=None if source is None else _read_option("--source", read_source, source),
        actor=actor,
    )


def _report(outcomes: list[ImportOutcome], *, trial: bool, as_json: bool) -> None:
    data: list[Json] = [outcome_json(outcome, trial=trial) for outcome in outcomes]
    if as_json:
        click.echo(json.dumps({"data": data, "next_cursor": None, "meta": {}}))
        return
    for outcome in outcomes:
        click.echo(_describe(outcome, trial=trial))


def _describe(outcome: ImportOutcome, *, trial: bool) -> str:
    counts = f"{outcome.new} new, {len(outcome.corrected)} corrected, {outcome.unchanged} unchanged"
    became = (
        "nothing recorded" if trial or not outcome.recorded else f"import {outcome.recorded.id}"
    )
    lines = [f"{outcome.source}, {outcome.label}: {counts}; {became}"]
    lines += [
        f"  {one.currency} {one.on}: {one.before:f} becomes {one.after:f}"
        for one in outcome.corrected
    ]
    return "\n".join(lines)


def _describe_sources(data: list[Json]) -> str:
    names = ("import", "kind", "source", "label", "base", "rows", "first_day", "last_day")
    return text_columns(names, [one for one in data if isinstance(one, dict)])
