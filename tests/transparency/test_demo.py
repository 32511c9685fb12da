"""Promise: the demo signs its own log, says so, and a fresh ledger is not taken for a forgery of an old one."""

from pathlib import Path
from time import monotonic, sleep

import pytest

from app.db import Database
from app.settings import Settings
from app.transparency.demo import signing_beside, with_own_files
from app.transparency.files import CheckpointFile, read_key
from tests.clock import StoppedClock
from tests.transparency.build import append, signer

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


def settings_of(database: Database, **named: Path) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return Settings(
        database_url=url,
        log_key_file=named.get("key"),
        log_checkpoint_file=named.get("memory"),
    )


@ON_SQLITE
def test_the_files_stand_beside_the_ledger(tmp_path: Path, database: Database) -> None:
    settings = with_own_files(settings_of(database), database)
    ledger = Path(str(database.url.database))
    assert settings.log_key_file == ledger.with_suffix(".log-key")
    assert settings.log_checkpoint_file == ledger.with_suffix(".log-checkpoint")
    key = read_key(settings.log_key_file)
    assert key.name == "aidledger.local/log"
    assert with_own_files(settings_of(database), database) == settings
    assert read_key(settings.log_key_file) == key


def test_files_that_are_named_are_used(tmp_path: Path, database: Database) -> None:
    given = settings_of(database, key=tmp_path / "k", memory=tmp_path / "c")
    (tmp_path / "c").write_text("mine\n", encoding="utf-8")
    assert with_own_files(given, database) == given
    assert (tmp_path / "c").exists()
    assert read_key(tmp_path / "k").name == "aidledger.local/log"


def test_it_signs_while_it_serves(tmp_path: Path, database: Database, clock: StoppedClock) -> None:
    append(database, clock, 3)
    given = settings_of(database, key=tmp_path / "k", memory=tmp_path / "c")
    settings = with_own_files(given, database)
    with signing_beside(settings, clock):
        deadline = monotonic() + 60
        while not (tmp_path / "c").exists() and monotonic() < deadline:
            sleep(0.05)
    kept = CheckpointFile(tmp_path / "c").find([read_key(tmp_path / "k").verifier])
    assert kept is not None
    assert kept.checkpoint.size == 3


@ON_SQLITE
def test_the_memory_of_a_ledger_that_was_thrown_away_is_put_aside(
    tmp_path: Path, database: Database, clock: StoppedClock
) -> None:
    settings = settings_of(database)
    mine = with_own_files(settings, database)
    assert mine.log_checkpoint_file is not None
    mine.log_checkpoint_file.write_text("of an old ledger\n", encoding="utf-8")
    assert with_own_files(settings, database) == mine
    assert not mine.log_checkpoint_file.exists()
    assert mine.log_checkpoint_file.with_suffix(".log-checkpoint.old").exists()
    # Once there are entries, the memory is of this ledger.
    append(database, clock, 1)
    signer(database, clock, tmp_path).sign()
    mine.log_checkpoint_file.write_text("of this ledger\n", encoding="utf-8")
    with_own_files(settings, database)
    assert mine.log_checkpoint_file.exists()
