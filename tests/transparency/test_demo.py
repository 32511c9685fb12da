"""Promise: the demo signs its own log, says so, and a fresh ledger is not taken for a forgery of an old one."""

from pathlib import Path
from time import monotonic, sleep

from app.db import Database
from app.settings import Settings
from app.transparency.demo import signing_beside, with_own_files
from app.transparency.files import CheckpointFile, read_key
from tests.clock import StoppedClock
from tests.transparency.build import append, signer


def embedded(path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{path}")


def test_the_files_stand_beside_the_ledger(tmp_path: Path, database: Database) -> None:
    settings = (
        with_own_files(
            Settings(database_url=str(database.url.render_as_string(hide_password=False))), database
        )
        if database.is_sqlite
        else with_own_files(
            Settings(log_key_file=tmp_path / "k", log_checkpoint_file=tmp_path / "c"), database
        )
    )
    assert settings.log_key_file is not None
    assert settings.log_checkpoint_file is not None
    assert settings.log_key_file.parent == tmp_path
    assert settings.log_checkpoint_file.parent == tmp_path
    key = read_key(settings.log_key_file)
    assert key.name == "aidledger.local/log"
    again = with_own_files(settings, database)
    assert again == settings
    assert read_key(settings.log_key_file) == key


def test_it_signs_while_it_serves(tmp_path: Path, database: Database, clock: StoppedClock) -> None:
    append(database, clock, 3)
    url = database.url.render_as_string(hide_password=False)
    given = Settings(
        database_url=url, log_key_file=tmp_path / "k", log_checkpoint_file=tmp_path / "c"
    )
    settings = with_own_files(given, database)
    with signing_beside(settings, clock):
        deadline = monotonic() + 60
        while not (tmp_path / "c").exists() and monotonic() < deadline:
            sleep(0.05)
    kept = CheckpointFile(tmp_path / "c").find([read_key(tmp_path / "k").verifier])
    assert kept is not None
    assert kept.checkpoint.size == 3


def test_the_memory_of_a_ledger_that_was_thrown_away_is_put_aside(
    tmp_path: Path, database: Database, clock: StoppedClock
) -> None:
    if not database.is_sqlite:
        return
    settings = Settings(database_url=database.url.render_as_string(hide_password=False))
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
