"""The command itself, run within the tests' own process: what it prints, and what it ends with."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `aidledger` with arguments; exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["aidledger", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


@pytest.fixture
def run(
    fresh_database_url: Callable[[bool], str],
    monkeypatch: pytest.MonkeyPatch,
    command: Run,
    tmp_path: Path,
) -> Run:
    """The same, on a migrated and empty ledger."""
    # The demo keeps two files where it stands.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIDLEDGER_DATABASE_URL", fresh_database_url(True))
    return command
