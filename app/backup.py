"""Copies the whole ledger into one new file while it is written to: one state of it, checked before it counts."""

import os
import shlex
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL

from app.db import Database
from app.settings import child_environment

_OWNER_ONLY: Final = stat.S_IRUSR | stat.S_IWUSR
_SCHEMA: Final = "SELECT version_num FROM alembic_version"


class BackupError(Exception):
    """There is no backup, and why."""


class FileInTheWayError(BackupError):
    """Nothing is written over."""


def back_up(database: Database, path: Path) -> int:
    """Write the ledger to a new file; returns its size in bytes.

    On SQLite the file is a ledger again; on PostgreSQL it is an archive for ``pg_restore``. It bears its name only
    once it is complete, and only its owner can read it.

    Raises:
        FileInTheWayError: the file, or an unfinished one beside it, is there already.
        BackupError: it could not be written, or is not sound.
    """
    copy: Callable[[Database, Path], None] = _copy if database.is_sqlite else _dump
    try:
        with _new_file(path) as draft:
            copy(database, draft)
    except OSError as error:
        raise BackupError(f"{error.filename or path}: {error.strerror}") from None
    except sqlite3.Error as error:
        raise BackupError(f"SQLite: {error}") from None
    return path.stat().st_size


def dump_command(url: URL, path: Path) -> list[str]:
    """What dumps a PostgreSQL database; the password is never part of it."""
    place = URL.create(
        "postgresql",
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query={name: value for name, value in url.query.items() if name != "password"},
    ).render_as_string()
    return ["pg_dump", "--format=custom", "--no-password", f"--file={path}", f"--dbname={place}"]


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """A draft beside it, which takes its name once the block has ended well, and is gone otherwise."""
    draft = path.with_name(f"{path.name}.part")
    if path.exists():
        raise FileInTheWayError(f"{path} is there already; a backup is never written over.")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    except FileExistsError:
        what = f"{draft} is there: another backup is being made, or one was cut short."
        raise FileInTheWayError(what) from None
    try:
        yield draft
        _sync(draft)
        if path.exists():
            raise FileInTheWayError(f"{path} came to be meanwhile.")
        draft.rename(path)
        _sync(path.parent)
    finally:
        with suppress(OSError):
            draft.unlink()


def _copy(database: Database, draft: Path) -> None:
    """The online backup of SQLite, in one step: it reads one state, and in WAL mode nobody waits for it."""
    source = Path(str(database.url.database))
    if not source.is_file():
        raise BackupError(f"There is no ledger at {source}.")
    with closing(database.engine.raw_connection()) as pooled, closing(_open(draft)) as copy:
        connection: Any = pooled.driver_connection
        connection.backup(copy)
        # One file, with nothing beside it: whoever serves it turns the write-ahead log on again.
        copy.execute("PRAGMA journal_mode=DELETE")
        [schema] = connection.execute(_SCHEMA).fetchone()
    with closing(_open(draft)) as copy:
        [verdict] = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise BackupError(f"The copy is damaged: {verdict}")
        if copy.execute(_SCHEMA).fetchone() != (schema,):
            raise BackupError("The copy is not at the schema of the ledger.")


def _open(draft: Path) -> sqlite3.Connection:
    return sqlite3.connect(draft, isolation_level=None)


def _dump(database: Database, draft: Path) -> None:
    """``pg_dump`` reads one state too; its archive counts once ``pg_restore`` can read its table of contents."""
    command = dump_command(database.url, draft)
    if shutil.which(command[0]) is None:
        raise BackupError(
            "pg_dump is not installed here. Where it is, with the password in PGPASSWORD or PGPASSFILE:\n"
            f"  {shlex.join(command)}"
        )
    password = database.url.password or database.url.query.get("password")
    _run(command, child_environment(PGPASSWORD=str(password)) if password else child_environment())
    if shutil.which("pg_restore"):
        _run(["pg_restore", "--list", str(draft)], child_environment())


def _run(command: list[str], environment: dict[str, str]) -> None:
    finished = subprocess.run(  # noqa: S603 -- a fixed program and no shell; arguments are ours and the operator's
        command, env=environment, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise BackupError(f"{command[0]}: {finished.stderr.strip()}")


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, outlast a power cut; where a system cannot, they are there even so."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
