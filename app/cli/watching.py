"""``aidledger alerts``."""

import json
from typing import Any, Final

import click

from app.cli.tools import Tools, pass_tools
from app.legislation.schemas.alerts import AlertParams, alert_json
from app.legislation.service.alerts import list_alerts

_COLUMNS: Final = ("began_on", "severity", "rule", "reference", "state", "sentence")


@click.command()
@click.option("--on", help="The day, by default today.")
@click.option("--donor", help="Codes, comma-separated.")
@click.option("--rule", help="Comma-separated.")
@click.option("--state", help="States of the requests, comma-separated.")
@click.option(
    "--ceased",
    type=click.Choice(["true", "false", "any"]),
    default="false",
    show_default=True,
    help="Alerts that stand no longer: none, only these, or all.",
)
@click.option("--known-on", help="What the public knew at the end of this day.")
@click.option("--as-of", help="A revision, or an instant with its zone.")
@click.option("--json", "as_json", is_flag=True, help="Print what the endpoint answers, all of it.")
@pass_tools
def alerts(tools: Tools, /, *, as_json: bool, **options: str | None) -> None:
    """Print what somebody should look at in the requests that are pending."""
    given = {name: value for name, value in options.items() if value is not None}
    params = AlertParams.model_validate(given)
    with tools.database.reading() as session:
        snapshot = tools.read_snapshot(session, params.as_of)
        query = params.to_query(tools.clock.today(), snapshot.day)
        found = list_alerts(session, query, snapshot)
    data = [alert_json(alert) for alert in found]
    meta = {**snapshot.meta(), **query.to_json()}
    answer = {"data": data, "next_cursor": None, "meta": meta}
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _text(data))


def _text(data: list[dict[str, Any]]) -> str:
    """One line for each alert; nothing where there is none."""
    lines = [[str(row[name]) for name in _COLUMNS] for row in data]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
