"""``aidledger request``: legislative requests recorded by hand, in the bodies that their endpoints take, and read."""

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar
from uuid import UUID

import click
from pydantic import ValidationError

from app.cli.tools import Tools, pass_tools
from app.db import WriteSession
from app.kernel.errors import InvalidError
from app.legislation import schemas, service
from app.legislation.api.answers import find_other, iso, one, read_request_name
from app.legislation.domain import Command
from app.legislation.errors import LegislativeRequestNotFoundError
from app.problems import finding_of
from app.transparency.guard import LogGuard
from app.wire import MAX_BODY, BodyTooLargeError, WireModel, parse_json

B = TypeVar("B", bound=WireModel)
F = TypeVar("F", bound=Callable[..., None])

_NAME: Final = click.argument("name")
_BODY: Final = click.argument("body", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print what the endpoint does.")
_VERSION: Final = "The version that this is based on; refused where it has moved on."


@click.group()
def request() -> None:
    """Record requests to parliaments, and read them. NAME is an id or a reference, BODY a file in JSON or - ."""


def _writing(command: F) -> F:
    """The options of what records."""
    actor = click.option("--actor", default="desk", show_default=True, help="Who records it.")
    return actor(_JSON(command))


def _reading(command: F) -> F:
    """The options of what reads."""
    for option in (
        _JSON,
        click.option("--as-of", help="A revision, or an instant with its zone."),
        click.option("--known-on", help="What the public knew at the end of this day."),
        click.option("--on", help="The day; by default today, with all that is on record."),
    ):
        command = option(command)
    return command


@request.command("record")
@_BODY
@_writing
@pass_tools
def record_request(tools: Tools, body: str, actor: str, *, as_json: bool) -> None:
    """Record what a government asks of its parliament."""
    asked = read_body(schemas.LegislativeRequestIn, body)
    _write(tools, actor, lambda _session: asked.to_command(), as_json=as_json)


@request.command("amend")
@_NAME
@_BODY
@click.option("--version", type=int, required=True, help=_VERSION)
@_writing
@pass_tools
def amend_request(
    tools: Tools, name: str, body: str, version: int, actor: str, *, as_json: bool
) -> None:
    """Change fields, all lines or all vehicles, with a reason."""
    asked = read_body(schemas.AmendmentIn, body)
    make = _on_request(tools, name, lambda own: asked.to_command(own, version))
    _write(tools, actor, make, as_json=as_json)


def _add_recording(
    name: str, model: type[schemas.ActionIn | schemas.EnactmentIn], about: str
) -> None:
    @request.command(name, help=about)
    @_NAME
    @_BODY
    @click.option("--version", type=int, help=_VERSION)
    @_writing
    @pass_tools
    def record(
        tools: Tools, name: str, body: str, version: int | None, actor: str, *, as_json: bool
    ) -> None:
        asked = read_body(model, body)
        make = _on_request(tools, name, lambda own: asked.to_command(own, version))
        _write(tools, actor, make, as_json=as_json)


_add_recording(
    "act", schemas.ActionIn, "Record an action: what happened, and what the request became by it."
)
_add_recording(
    "enact",
    schemas.EnactmentIn,
    "Record what became law, line by line; it leaves what is pending.",
)


@request.command("relate")
@_NAME
@_BODY
@click.option("--version", type=int, help=_VERSION)
@_writing
@pass_tools
def record_relation(
    tools: Tools, name: str, body: str, version: int | None, actor: str, *, as_json: bool
) -> None:
    """Say what the request is to another one, such as that it supersedes it."""
    asked = read_body(schemas.RelationIn, body)

    def make(session: WriteSession) -> Command:
        own = _find_id(tools, session, name)
        return asked.to_command(own, find_other(session, tools.clock, own, asked.other), version)

    _write(tools, actor, make, as_json=as_json)


@request.command("show")
@_NAME
@_reading
@pass_tools
def show_request(tools: Tools, /, name: str, *, as_json: bool, **options: str | None) -> None:
    """Print a request as it stands, or stood."""
    params = schemas.OneParams.model_validate(options)
    on, known_on = params.read_days(tools.clock.today())
    with tools.database.reading() as session:
        snapshot = tools.read_snapshot(session, params.as_of)
        stored = service.get_request(session, read_request_name(name), snapshot)
        if not stored.dossier.is_public(known_on):
            raise LegislativeRequestNotFoundError
        answer = one(stored, on, known_on)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _line(answer))


@request.command("timeline")
@_NAME
@_reading
@pass_tools
def show_timeline(tools: Tools, /, name: str, *, as_json: bool, **options: str | None) -> None:
    """Print what happened to a request and to its vehicles, and what lies ahead."""
    params = schemas.OneParams.model_validate(options)
    asked, known_on = params.read_days(tools.clock.today())
    with tools.database.reading() as session:
        snapshot = tools.read_snapshot(session, params.as_of)
        on = asked or (snapshot.day if params.as_of else None) or tools.clock.today()
        stored = service.get_request(session, read_request_name(name), snapshot)
        if not stored.dossier.is_public(known_on):
            raise LegislativeRequestNotFoundError
        told = schemas.timeline_json(stored.dossier, on, known_on)
    answer = told | {"meta": {**snapshot.meta(), "on": iso(on), "known_on": iso(known_on)}}
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _steps(answer))


def read_body(model: type[B], path: str) -> B:
    """The body in a file, or from standard input for ``-``, as the endpoint would read it.

    Raises:
        BodyTooLargeError: it has more than ``MAX_BODY`` bytes.
        MalformedJsonError, DuplicateKeyError, InvalidEncodingError: it is no JSON that one can rely on.
        InvalidError: it is not of the model.
    """
    with click.open_file(path, "rb") as file:
        raw: bytes = file.read(MAX_BODY + 1)
    if len(raw) > MAX_BODY:
        raise BodyTooLargeError(f"A body has at most {MAX_BODY} bytes.", limit=MAX_BODY)
    try:
        return model.model_validate(parse_json(raw))
    except ValidationError as error:
        raise InvalidError([finding_of(item) for item in _as_of_body(error)]) from None


def _as_of_body(error: ValidationError) -> list[dict[str, Any]]:
    return [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]


def _on_request(
    tools: Tools, name: str, to_command: Callable[[UUID], Command]
) -> Callable[[WriteSession], Command]:
    """Makes the command once it is known which request it is about."""
    return lambda session: to_command(_find_id(tools, session, name))


def _find_id(tools: Tools, session: WriteSession, name: str) -> UUID:
    snapshot = tools.read_snapshot(session, None)
    return service.get_request(session, read_request_name(name), snapshot).request.id


def _write(
    tools: Tools, actor: str, make: Callable[[WriteSession], Command], *, as_json: bool
) -> None:
    """Record a command in one transaction, and print the request as it is then."""
    LogGuard(tools.database, tools.settings.log_checkpoint_file).check_write()
    with tools.database.transaction() as session:
        [recorded] = service.record(session, [make(session)], actor=actor, clock=tools.clock)
        answer = one(recorded.stored, None)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _line(answer))


def _line(answer: dict[str, Any]) -> str:
    """``US-2023-10, version 3: floor, blocked; revision 12``."""
    state = ", ".join([answer["state"] or "no state yet", *answer["flags"]])
    return (
        f"{answer['reference']}, version {answer['version']}: {state};"
        f" revision {answer['meta']['revision']}"
    )


def _steps(answer: dict[str, Any]) -> str:
    """One line for each step, those ahead under a line of their own."""
    past = [f"{step['on']}  {_what(step)}" for step in answer["data"]]
    ahead = [f"{step['on']}  {_what(step)}" for step in answer["ahead"]]
    return "\n".join([*past, *(["ahead:", *ahead] if ahead else [])])


def _what(step: dict[str, Any]) -> str:
    action = step["action"]
    parts = (step.get("state"), *step.get("flags", ()), action["body"], action["text"])
    return "  ".join(part for part in parts if part)
