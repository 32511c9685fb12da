"""Promise: `aidledger log` makes a key that nobody else reads, signs with it, and never writes over anything."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli
from app.db import Database
from app.settings import Settings
from app.transparency.domain.checkpoints import SignedCheckpoint
from app.transparency.domain.keys import SigningKey, VerifierKey
from tests.clock import StoppedClock
from tests.transparency.build import append
from tests.transparency.test_signing import cut_to

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Run:
    """Runs `aidledger log` with arguments; exit code, standard output, standard error."""
    url = database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("AIDLEDGER_DATABASE_URL", url)
    monkeypatch.setenv("AIDLEDGER_LOG_ORIGIN", "ledger.example.org/log")
    monkeypatch.setenv("AIDLEDGER_LOG_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("AIDLEDGER_LOG_CHECKPOINT_FILE", str(tmp_path / "last"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["aidledger", "log", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


def test_a_key_is_made_signs_and_is_shown(
    run: Run, database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    code, vkey, errors = run("keygen")
    assert code == 0
    key = VerifierKey.parse(vkey.removesuffix("\n"))
    assert key.name == "ledger.example.org/log"
    assert "private key" in errors
    assert run("key") == (0, vkey, "")

    append(database, clock, 5)
    code, output, errors = run("sign")
    assert (code, output) == (0, "")
    assert errors.startswith("Signed: 5 entries")
    code, note, _ = run("checkpoint")
    assert code == 0
    assert SignedCheckpoint.open(note.encode(), [key]).checkpoint.size == 5
    assert (tmp_path / "last").read_text(encoding="utf-8") == note


def test_only_its_owner_can_read_a_key(run: Run, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        run("keygen", "--out", str(tmp_path / "new"))
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    text = (tmp_path / "new").read_text(encoding="utf-8")
    assert SigningKey.parse(text.removesuffix("\n")).name == "ledger.example.org/log"


def test_a_key_is_never_written_over(run: Run, tmp_path: Path) -> None:
    run("keygen")
    before = (tmp_path / "key").read_bytes()
    code, output, errors = run("keygen")
    assert (code, output) == (65, "")
    assert "never written over" in errors
    assert (tmp_path / "key").read_bytes() == before
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    code, *_ = run("keygen", "--out", str(tmp_path / "link"))
    assert code == 65
    assert not (tmp_path / "elsewhere").exists()


def test_a_key_that_others_can_read_is_not_used(run: Run, tmp_path: Path) -> None:
    run("keygen")
    (tmp_path / "key").chmod(0o640)
    code, output, errors = run("sign")
    assert (code, output) == (65, "")
    assert "chmod 600" in errors


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"\xff\n"])
def test_what_is_no_key_is_not_repeated(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_bytes(content)
    code, output, errors = run("sign")
    assert (code, output) == (65, "")
    assert "holds no signing key" in errors
    assert "nonsense" not in errors


def test_without_its_files_the_signer_says_what_it_needs(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIDLEDGER_LOG_KEY_FILE")
    for command in ("sign", "keygen"):
        code, _, errors = run(command)
        assert code == 2
        assert "AIDLEDGER_LOG_KEY_FILE" in errors
    monkeypatch.delenv("AIDLEDGER_LOG_CHECKPOINT_FILE")
    code, *_ = run("sign")
    assert code == 2


@pytest.mark.parametrize("every", ["0s", "5", "m", "1d", "-5m", "5 m", ""])
def test_a_pause_that_is_none_is_refused(run: Run, every: str) -> None:
    run("keygen")
    code, _, errors = run("sign", "--every", every)
    assert code == 2
    assert "5m" in errors


def test_before_the_first_signature_there_is_nothing_to_show(run: Run) -> None:
    code, output, errors = run("checkpoint")
    assert (code, output) == (65, "")
    assert "no signed checkpoint" in errors
    run("keygen")
    code, output, errors = run("sign")
    assert (code, output) == (0, "")
    assert "nothing new" in errors


def test_a_fork_is_refused_in_one_sentence(
    run: Run, database: Database, clock: StoppedClock
) -> None:
    run("keygen")
    append(database, clock, 5)
    run("sign")
    cut_to(database, 3)
    code, output, errors = run("sign")
    assert (code, output) == (65, "")
    assert errors == "The ledger has 3 entries, but 5 were signed for.\n"


def test_the_tree_is_rebuilt(run: Run, database: Database, clock: StoppedClock) -> None:
    append(database, clock, 5)
    code, output, errors = run("rebuild")
    assert (code, output, errors) == (0, "", "The tree has 5 entries.\n")


@pytest.mark.parametrize("origin", ["a b", "a+b", "\u00e4"])
def test_an_origin_that_no_key_can_bear_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    monkeypatch.setenv("AIDLEDGER_LOG_ORIGIN", origin)
    code, _, errors = run("keygen")
    assert code == 2
    assert "AIDLEDGER_LOG_ORIGIN" in errors


def test_the_signer_goes_on_until_it_is_told_to_stop(
    run: Run, database: Database, clock: StoppedClock
) -> None:
    run("keygen")
    append(database, clock, 5)
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "log", "sign", "--every", "1h"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert process.stderr.readline() == "Signing every 1h.\n"
    code = -1
    while code:
        code, *_ = run("checkpoint")
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    process.stderr.close()


def test_settings_name_the_two_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AIDLEDGER_LOG_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.delenv("AIDLEDGER_LOG_CHECKPOINT_FILE", raising=False)
    settings = Settings.from_environment()
    assert settings.log_key_file == tmp_path / "key"
    assert settings.log_checkpoint_file is None
    assert settings.log_origin == "aidledger.local/log"
