"""The commands `aidledger log keygen`, `sign`, `checkpoint`, `key` and `rebuild`."""

import re
import signal
from pathlib import Path
from threading import Event
from typing import Final, Protocol

import click

from app.db import Database
from app.kernel.clock import Clock
from app.settings import Settings
from app.transparency import files, service
from app.transparency.domain.checkpoints import SignedCheckpoint
from app.transparency.files import CheckpointFile
from app.transparency.signer import Signer

_DURATION: Final = re.compile(r"([1-9][0-9]{0,5})(s|m|h)", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}


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


@click.group()
def log() -> None:
    """Sign the log, and show what was signed."""


@log.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new file; by default AIDLEDGER_LOG_KEY_FILE.",
)
@click.pass_obj
def keygen(tools: Tools, out: Path | None) -> None:
    """Make the log's signing key in a new file, and print its public half, alone, on standard output."""
    path = _given(out or tools.settings.log_key_file, "--out or AIDLEDGER_LOG_KEY_FILE")
    key = files.make_key(path, tools.settings.log_origin)
    click.echo(key.verifier.text)
    click.echo(
        f"The private key is in {path}. Publish the line above: with it anybody can check what the log signs.",
        err=True,
    )


@log.command()
@click.option("--every", help="Go on, with this pause: 30s, 5m or 1h.")
@click.pass_obj
def sign(tools: Tools, every: str | None) -> None:
    """Sign what is new, once it is proved to continue the last checkpoint that was signed."""
    seconds = None if every is None else _read_duration(every)
    signer = open_signer(tools)
    if seconds is None:
        click.echo(describe(signer.sign()), err=True)
        return
    stop = Event()
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, lambda _signal, _frame: stop.set())
    click.echo(f"Signing every {every}.", err=True)
    signer.run(seconds, stop)


@log.command()
@click.pass_obj
def checkpoint(tools: Tools) -> None:
    """Print the newest published checkpoint."""
    with tools.database.reading() as session:
        click.echo(service.get_newest_checkpoint(session).note, nl=False)


@log.command()
@click.pass_obj
def key(tools: Tools) -> None:
    """Print the public key: of the key file where there is one, else that of the newest checkpoint."""
    path = tools.settings.log_key_file
    if path is not None and path.exists():
        click.echo(files.read_key(path).verifier.text)
        return
    with tools.database.reading() as session:
        click.echo(service.get_newest_checkpoint(session).vkey)


@log.command()
@click.pass_obj
def rebuild(tools: Tools) -> None:
    """Make the stored hashes of the tree anew from the entries."""
    with tools.database.transaction() as session:
        size = service.rebuild(session)
    click.echo(f"The tree has {size} entries.", err=True)


def open_signer(tools: Tools) -> Signer:
    """The signer that the settings describe.

    Raises:
        UsageError: they do not say where its two files are.
        LogFileError: the key cannot be used.
    """
    path = _given(tools.settings.log_key_file, "AIDLEDGER_LOG_KEY_FILE")
    memory = _given(tools.settings.log_checkpoint_file, "AIDLEDGER_LOG_CHECKPOINT_FILE")
    return Signer(tools.database, files.read_key(path), CheckpointFile(memory), tools.clock)


def describe(signed: SignedCheckpoint | None) -> str:
    """What was signed, for people."""
    if signed is None:
        return "There is nothing new to sign."
    size = signed.checkpoint.size
    return f"Signed: {size} entries, root {signed.checkpoint.root.hex()}."


def _given(path: Path | None, name: str) -> Path:
    if path is None:
        raise click.UsageError(f"Say where with {name}.")
    return path


def _read_duration(text: str) -> int:
    found = _DURATION.fullmatch(text)
    if not found:
        raise click.UsageError("--every is 30s, 5m or 1h.")
    return int(found[1]) * _SECONDS[found[2]]
