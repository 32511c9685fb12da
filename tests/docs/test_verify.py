"""docs/verify.md is true: its scripts and commands prove entries and figures of a ledger, and only what is there."""

import io
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from cryptography.exceptions import InvalidSignature
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import cli
from app.imports import fact_files as imports
from app.transparency.domain.keys import SigningKey
from tests.client import Api
from tests.clock import StoppedClock
from tests.docs import console
from tests.transparency.build import KEY, signer
from verifier import command as verifier

PAGE: Final = Path(__file__).parents[2] / "docs" / "verify.md"
LEDGER: Final = "https://ledger.example.org"
Check = Callable[[int, str], str]


def scripts() -> list[str]:
    """The two scripts of the page: one entry, and one figure."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def check(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Check:
    """Runs the script of the page for a revision and a key; what it prints."""
    script, _ = scripts()

    def urlopen(address: str) -> io.BytesIO:
        answer = client.get(address.removeprefix(LEDGER))
        assert answer.status_code == 200, answer.text
        return io.BytesIO(answer.content)

    def check(revision: int, vkey: str) -> str:
        monkeypatch.setattr("urllib.request.urlopen", urlopen)
        monkeypatch.setattr(sys, "argv", ["check", LEDGER, str(revision), vkey])
        exec(compile(script, str(PAGE), "exec"), {})
        return capsys.readouterr().out

    return check


def test_the_script_of_the_page_proves_each_entry(
    app: FastAPI, api: Api, clock: StoppedClock, tmp_path: Path, check: Check
) -> None:
    for number in range(1, 8):
        api.record_pledge(title=f"Package {number}")
    signer(app.state.database, clock, tmp_path).sign()
    for number in range(1, 8):
        said = check(number, KEY.verifier.text)
        assert said.startswith(f"Entry {number} stands in {KEY.name} of 7 entries: {{")
        assert f"Package {number}" in said
    with pytest.raises(InvalidSignature):
        check(1, SigningKey(KEY.name, bytes(32)).verifier.text)
    with pytest.raises(AssertionError):
        check(8, KEY.verifier.text)


def test_a_figure_in_ten_minutes(
    app: FastAPI,
    client: TestClient,
    clock: StoppedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every command of the page is played, on the demo facts, and says what is printed below it."""
    monkeypatch.chdir(tmp_path)
    log = signer(app.state.database, clock, tmp_path)
    for facts in (imports.FACTS / "pledges.csv", imports.FACTS):
        with app.state.database.transaction() as session:
            rows = imports.read_files(facts, imports.guess_layout(facts))
            imports.import_rows(session, rows, actor="demo facts", clock=clock)
        log.sign()
        if not Path("kept.checkpoint").exists():
            shutil.copyfile("last.checkpoint", "kept.checkpoint")
    variables = {"LEDGER": "", "KEY": KEY.verifier.text}
    [section] = re.findall(
        r"^## A figure.*", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    played = 0
    for words, printed in console.calls(section):
        if words[0] == "curl":
            answer = console.call(client, words, variables)
            assert answer.status_code == 200, words
            if "-o" in words:
                Path(words[words.index("-o") + 1]).write_bytes(answer.content)
            assert not printed or console.is_as_printed(printed, answer), (words, answer.text)
        else:
            said = play([console.fill(word, variables) for word in words], monkeypatch, capsys)
            assert console.is_text(printed, said), (words, said)
        played += 1
    assert played == 8
    exec(compile(scripts()[1], str(PAGE), "exec"), {})
    assert "'donor': 'DE', 'amount': '750000000.00'" in capsys.readouterr().out


def play(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """Run a command of the page that must succeed; what it prints."""
    match words:
        case ["python", "-m", "verifier", *arguments]:
            assert verifier.main(arguments) == 0
        case ["aidledger", *_]:
            monkeypatch.setattr(sys, "argv", words)
            with pytest.raises(SystemExit) as left:
                cli.main()
            assert not left.value.code
        case _:
            pytest.fail(f"nobody plays {words}")
    return capsys.readouterr().out


def test_the_page_names_every_address_of_the_log(app: FastAPI) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for path in app.openapi()["paths"]:
        if path.startswith("/v1/log/"):
            assert path.replace("{level}/{path}", "<L>/<N>").replace("{path}", "<N>") in text
