"""Promise: a backup that is made while others write is one state of the ledger, whole and continuing what was signed.

It never takes the place of a file, bears its name only once it is complete, and tells nobody the password.
"""

import os
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from app import backup
from app.backup import BackupError, FileInTheWayError, back_up
from app.cli import cli
from app.cli.tools import Tools
from app.db import Database
from app.journal import service as journal
from app.pledges import service as pledges
from app.pledges.domain import RecordPledge
from app.settings import Settings
from tests import postgres, processes
from tests.clock import StoppedClock
from tests.small_ledger import SIZE, identity, record_small_ledger
from tests.transparency.build import KEY, signer
from tests.writers import Team

_serial: Final = count()
ONE_ENGINE: Final = pytest.mark.parametrize("engine_name", ["sqlite"])
Restore = Callable[[Path], str]


@pytest.fixture
def restore(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Restore]:
    """Restores a backup as docs/operations.md says; the address of the copy."""
    made: list[str] = []
    if engine_name == "postgresql" and not (shutil.which("pg_dump") and shutil.which("pg_restore")):
        postgres.skip_or_fail("PostgreSQL's client programs are not on the path")

    def restore(path: Path) -> str:
        if engine_name == "sqlite":
            copy = tmp_path / f"restored-{next(_serial)}.db"
            shutil.copyfile(path, copy)
            return f"sqlite:///{copy}"
        server: str = request.getfixturevalue("postgres_server")
        name = f"restored_{os.getpid()}_{next(_serial)}"
        postgres.execute(server, f"CREATE DATABASE {name}")
        made.append(name)
        url = make_url(server).set(database=name)
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        command = ["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={plain}", str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return url.render_as_string(hide_password=False)

    yield restore
    for name in made:
        server = request.getfixturevalue("postgres_server")
        postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True)
class Held:
    """What a ledger holds."""

    payloads: list[bytes]

    @classmethod
    def at(cls, url: str) -> "Held":
        database = Database(Settings(database_url=url))
        with database.reading() as session:
            head = journal.head_revision(session)
            held = cls(journal.list_payloads(session, after=0, until=head))
        database.dispose()
        return held


def test_a_backup_amid_writing_is_one_state_of_the_ledger(
    fresh_database_url: Callable[[bool], str], restore: Restore, tmp_path: Path, clock: StoppedClock
) -> None:
    url, path, signed = fresh_database_url(False), tmp_path / "copy", tmp_path / "last.checkpoint"
    team, database = Team(2, seed=3), Database(Settings(database_url=url))
    with (
        processes.serving(url, tmp_path / "log") as server,
        server.client(processes.make_key(url)) as client,
        team.writing(client),
    ):
        team.wait_for_answers(30)
        signer(database, clock, tmp_path).sign()
        answered = len(team.calls)
        made = processes.run("backup", url, str(path))
        assert made.returncode == 0, made.stderr
        team.wait_for_answers(10)
    database.dispose()
    copy = restore(path)
    live, held = Held.at(url).payloads, Held.at(copy).payloads
    assert answered <= len(held) < len(live)
    assert held == live[: len(held)]
    verdict = processes.run("verify", copy, "--since", str(signed), "--key", KEY.verifier.text)
    assert (verdict.returncode, verdict.stderr) == (0, ""), verdict.stdout
    assert verdict.stdout.startswith(f"Revision {len(held)}: ")


def test_a_copy_can_be_written_to_and_signed_on(
    database: Database, restore: Restore, tmp_path: Path, clock: StoppedClock
) -> None:
    record_small_ledger(database, clock)
    signer(database, clock, tmp_path).sign()
    assert back_up(database, tmp_path / "copy") == (tmp_path / "copy").stat().st_size
    again = Database(Settings(database_url=restore(tmp_path / "copy")))
    record_one_more(again, clock)
    signed = signer(again, clock, tmp_path).sign()
    assert signed is not None
    assert signed.checkpoint.size == SIZE + 1
    again.dispose()


def record_one_more(database: Database, clock: StoppedClock) -> None:
    command = RecordPledge(
        pledge_id=identity(70), donor="SE", title="Later", aid_type="financial", reference="SE-1"
    )
    with database.transaction() as session:
        pledges.record(session, [command], actor="desk", clock=clock)


@ONE_ENGINE
def test_the_copy_is_one_file_that_only_its_owner_reads(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(database, folder / "copy.db")
    assert [one.name for one in folder.iterdir()] == ["copy.db"]
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600
    with closing(sqlite3.connect(folder / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@ONE_ENGINE
@pytest.mark.parametrize("name", ["copy.db", "copy.db.part"])
def test_a_file_that_is_there_stays_as_it_is(database: Database, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"dear to somebody")
    with pytest.raises(FileInTheWayError):
        back_up(database, tmp_path / "copy.db")
    assert (tmp_path / name).read_bytes() == b"dear to somebody"
    tools = Tools(Settings(database_url=str(database.url)), StoppedClock())
    refused = CliRunner().invoke(cli, ["backup", str(tmp_path / "copy.db")], obj=tools)
    assert (refused.exit_code, f"{name} is there" in refused.stderr) == (2, True)


@ONE_ENGINE
def test_what_cannot_be_copied_leaves_nothing(database: Database, tmp_path: Path) -> None:
    source = Path(str(database.url.database))
    nowhere = Database(Settings(database_url=f"sqlite:///{tmp_path}/nowhere.db"))
    with pytest.raises(BackupError, match="no ledger at"):
        back_up(nowhere, tmp_path / "copy.db")
    with pytest.raises(BackupError, match="No such file"):
        back_up(database, tmp_path / "no folder" / "copy.db")
    database.dispose()
    content = bytearray(source.read_bytes())
    content[4096 * 3 : 4096 * 60] = b"\x07" * 4096 * 57
    source.write_bytes(content)
    with pytest.raises(BackupError, match=r"SQLite|damaged"):
        back_up(database, tmp_path / "copy.db")
    assert list(tmp_path.glob("copy*")) == []
    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_where_pg_dump_is_missing_it_is_said_what_to_do(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match=f"pg_dump --format=custom .*--file={tmp_path}/copy"):
        back_up(database, tmp_path / "copy")
    assert list(tmp_path.glob("copy*")) == []


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_dump_that_fails_says_why(database: Database, tmp_path: Path) -> None:
    gone = Database(Settings(database_url=str(database.url.set(database="nothing"))))
    with pytest.raises(BackupError, match=r'pg_dump: .*database "nothing" does not exist'):
        back_up(gone, tmp_path / "copy")
    assert list(tmp_path.glob("copy*")) == []


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://desk:s3cret@db.example.org:5433/aid?sslmode=require",
        "postgresql+psycopg://desk@db.example.org:5433/aid?sslmode=require&password=s3cret",
    ],
)
def test_the_password_is_never_on_the_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    seen: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(
        backup, "_run", lambda command, environment: seen.append((command, environment))
    )
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    back_up(Database(Settings(database_url=address)), tmp_path / "copy")
    (command, environment), (listing, _) = seen
    assert "s3cret" not in " ".join([*command, *listing])
    assert environment["PGPASSWORD"] == "s3cret"
    assert command[0] == "pg_dump"
    assert command[-1] == "--dbname=postgresql://desk@db.example.org:5433/aid?sslmode=require"
