"""The commands `aidledger apikey create`, `list` and `revoke`."""

from datetime import datetime, timedelta
from typing import Final, Protocol

import click

from app.access import service
from app.access.domain import DEFAULT_DAYS, MAX_DAYS, ApiKey, Role
from app.access.schemas import ApiKeysOut
from app.db import Database
from app.kernel.clock import Clock, format_instant

CREATED_BY: Final = "command line"
_HEADINGS: Final = ("id", "name", "role", "created", "expires", "state")


class Tools(Protocol):
    """What a command is given as the object of its context."""

    @property
    def database(self) -> Database:
        """The database of the ledger."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock of the process."""
        ...


@click.group()
def apikey() -> None:
    """Make, list and revoke API keys."""


@apikey.command()
@click.option("--name", required=True, help="Who holds it; the actor of what is recorded with it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option(
    "--valid-days", type=click.IntRange(1, MAX_DAYS), default=DEFAULT_DAYS, show_default=True
)
@click.pass_obj
def create(tools: Tools, name: str, role: str, valid_days: int) -> None:
    """Make a key and print it, alone, on standard output."""
    with tools.database.transaction() as session:
        new = service.create_key(
            session,
            name=name,
            role=Role(role),
            valid_for=timedelta(days=valid_days),
            clock=tools.clock,
            created_by=CREATED_BY,
        )
    click.echo(new.text)
    click.echo("Keep this key: it is shown once, and only its digest is stored.", err=True)


@apikey.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print what GET /v1/api-keys answers.")
@click.pass_obj
def print_keys(tools: Tools, *, as_json: bool) -> None:
    """List all keys, without their secrets."""
    with tools.database.reading() as session:
        keys = service.list_keys(session)
    now = tools.clock.now()
    click.echo(ApiKeysOut.of(keys, now).model_dump_json() if as_json else _table(keys, now))


@apikey.command()
@click.argument("key_id")
@click.pass_obj
def revoke(tools: Tools, key_id: str) -> None:
    """Take the key with this id back."""
    with tools.database.transaction() as session:
        key = service.revoke_key(session, key_id, tools.clock)
    click.echo(f"Revoked {key.key_id} ({key.name}).", err=True)


def _table(keys: list[ApiKey], now: datetime) -> str:
    rows = [_HEADINGS, *(_cells(key, now) for key in keys)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _cells(key: ApiKey, now: datetime) -> tuple[str, ...]:
    return (
        key.key_id,
        key.name,
        key.role.value,
        format_instant(key.created_at),
        format_instant(key.expires_at),
        key.state_at(now).value,
    )
