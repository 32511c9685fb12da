"""``aidledger totals``, ``changes``, ``pending``, ``export``, ``openapi`` and ``version``."""

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from pydantic import BaseModel

from app.cli import exporting
from app.cli.tools import Tools, pass_tools
from app.exports.asking import ASKS
from app.legislation import service as legislation
from app.legislation.schemas import PendingParams, figures_json
from app.main import create_app
from app.totals import service as totals_service
from app.totals.schemas import (
    ChangesParams,
    TotalsParams,
    changes_json,
    explained_json,
    totals_json,
)

P = TypeVar("P", bound=BaseModel)


@click.command()
@click.option("--measure", default="committed", show_default=True)
@click.option("--by", default="donor", show_default=True, help="Comma-separated, one to three.")
@click.option("--currency", default="EUR", show_default=True, help="ISO 4217 code, or native.")
@click.option("--fx", help="effective, announcement, month_average, fixed:DATE or release:LABEL.")
@click.option("--prices", help="The year in whose prices amounts are given.")
@click.option("--explain", is_flag=True, help="Add the cells, the rates and what is left out.")
@click.option("--cumulative", is_flag=True)
@click.option("--firm", is_flag=True, help="Without pledges that wait for a parliament.")
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
    tools: Tools,
    /,
    *,
    as_json: bool,
    cumulative: bool,
    explain: bool,
    firm: bool,
    from_: str | None,
    **options: str | None,
) -> None:
    """Print totals."""
    given = {name: value for name, value in options.items() if value is not None}
    flags = {"cumulative": str(cumulative).lower(), "firm": str(firm).lower()}
    params = TotalsParams.model_validate({**given, "from": from_, **flags})
    query = params.to_query()
    with tools.database.reading() as session:
        snapshot = tools.read_snapshot(session, params.as_of)
        if explain:
            answer = explained_json(
                *totals_service.explain_totals(session, query, snapshot), snapshot
            )
        else:
            answer = totals_json(totals_service.read_totals(session, query, snapshot), snapshot)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(text_table(answer) + (f"\n\n{_explained(answer)}" if explain else ""))


@click.command()
@click.option(
    "--from", "from_", required=True, help="The earlier state: a revision, or an instant."
)
@click.option("--to", help="The later state; by default now.")
@click.option("--measure", default="committed", show_default=True)
@click.option("--currency", default="EUR", show_default=True, help="ISO 4217 code, or native.")
@click.option("--fx", help="effective, fixed:DATE or release:LABEL.")
@click.option("--donor", help="Codes, comma-separated.")
@click.option("--group")
@click.option("--aid-type")
@click.option("--instrument")
@click.option("--json", "as_json", is_flag=True, help="Print what GET /v1/changes answers.")
@pass_tools
def changes(tools: Tools, /, *, as_json: bool, from_: str, **options: str | None) -> None:
    """Print what made a total change between two states of the ledger."""
    given = {name: value for name, value in options.items() if value is not None}
    params = ChangesParams.model_validate({**given, "from": from_})
    query = params.to_query()
    with tools.database.reading() as session:
        earlier, later = tools.read_snapshots(session, params.from_, params.to)
        found = totals_service.read_changes(session, query, earlier, later)
        answer = changes_json(found, earlier, later)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else text_table(answer))


def text_table(answer: dict[str, Any]) -> str:
    """Rows as columns of text, numbers to the right, the total last."""
    total = dict(answer["total"])
    rows = [*answer["data"], total]
    names = [name for name in rows[0] if name != "by_currency"]
    return text_columns(names, [*answer["data"], {names[0]: "total", **total}])


def text_columns(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as columns of text under their names, all but the first to the right."""
    cells = [list(names)] + [[str(row.get(name, "")) for name in names] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    )


def _explained(answer: dict[str, Any]) -> str:
    """The tables of an explanation, one below the other, without those that are empty."""
    tables = (
        (name, answer["explanation"][name]) for name in ("cells", "rates", "prices", "left_out")
    )
    return "\n\n".join(
        f"{name.replace('_', ' ')}\n{text_columns(list(dict.fromkeys(key for row in rows for key in row)), rows)}"
        for name, rows in tables
        if rows
    )


@click.command()
@click.option("--on", help="The day, by default today.")
@click.option(
    "--by", default="donor,component", show_default=True, help="Comma-separated, one to three."
)
@click.option("--currency", default="native", show_default=True, help="native, EUR or USD.")
@click.option("--donor", help="Codes, comma-separated.")
@click.option("--component", help="Comma-separated.")
@click.option("--state", help="Comma-separated.")
@click.option("--kind", help="Comma-separated.")
@click.option("--known-on", help="What the public knew at the end of this day.")
@click.option("--fx", help="Whose day's rate converts: requested_on, or on.")
@click.option("--as-of", help="A revision, or an instant with its zone.")
@click.option("--json", "as_json", is_flag=True, help="Print what the endpoint answers.")
@pass_tools
def pending(tools: Tools, /, *, as_json: bool, **options: str | None) -> None:
    """Print what parliaments have been asked for and have not decided."""
    given = {name: value for name, value in options.items() if value is not None}
    params = PendingParams.model_validate(given)
    with tools.database.reading() as session:
        snapshot = tools.read_snapshot(session, params.as_of)
        query = params.to_query(tools.clock.today(), snapshot.day)
        answer = figures_json(legislation.read_pending(session, query, snapshot))
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else text_table(answer))


@click.command()
@click.argument("report", type=click.Choice(sorted(ASKS)))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="By default REPORT.xlsx, here.",
)
@click.option("--currency", help="EUR or USD; of legislation also native, which is its default.")
@click.option("--donor", help="Codes, comma-separated.")
@click.option("--measure", help="Of timeline and changes, by default committed.")
@click.option("--prices", help="Of pledges: the year in whose prices amounts are given.")
@click.option("--group", help="Of pledges.")
@click.option("--aid-type", help="Of pledges, comma-separated.")
@click.option("--instrument", help="Of pledges, comma-separated.")
@click.option("--status", help="Of pledges, comma-separated.")
@click.option("--from", "from_", help="First day, month or year; of changes the earlier state.")
@click.option("--to", help="Last day, month or year; of changes the later state.")
@click.option("--component", help="Of legislation, comma-separated.")
@click.option("--state", help="Of legislation, comma-separated.")
@click.option("--kind", help="Of legislation, comma-separated.")
@click.option("--known-on", help="Of legislation: what the public knew at the end of this day.")
@click.option(
    "--fx",
    help="Which rate: of pledges a policy; of legislation requested_on or on, whose day it is.",
)
@click.option("--on", help="The day whose pending requests are shown, by default today.")
@click.option("--as-of", help="A revision, or an instant with its zone.")
@pass_tools
def export(tools: Tools, /, *, report: str, out: Path | None, **options: str | None) -> None:
    """Write a report as an Excel workbook, and FILE.sha256 beside FILE."""
    given = {name.strip("_"): value for name, value in options.items() if value is not None}
    path = out or Path(f"{report}.xlsx")
    for name in _NEEDED.get(report, ()):
        if name not in given:
            raise click.UsageError(f"This report needs --{name}: {_NEEDED[report][name]}")
    ask, params = ASKS[report]
    asked = ask(tools, _read_params(params, given))
    rows = exporting.write_report(tools, asked, path)
    exporting.write_checksum(path)
    size, revision = path.stat().st_size, asked.snapshot.revision
    click.echo(f"{report}: {path}, {rows} rows, {size} bytes, revision {revision}", err=True)


_NEEDED: Final = {
    "changes": {"from": "it compares two states; name the earlier one."},
    "donor": {"donor": "it is about one."},
}


def _read_params(params: type[P], given: dict[str, str]) -> P:
    """The options as the query string of the report.

    Raises:
        UsageError: the report has no such option.
    """
    known = {field.alias or name for name, field in params.model_fields.items()}
    for name in sorted(given.keys() - known):
        option = f"--{name.replace('_', '-')}"
        raise click.UsageError(f"This report has no option {option}.")
    return params.model_validate(given)


@click.command()
def openapi() -> None:
    """Print the description of the API."""
    click.echo(json.dumps(create_app().openapi(), indent=2))


@click.command()
def version() -> None:
    """Print the version."""
    click.echo(installed_version("aidledger"))
