"""docs/verify.md is true: its script proves an entry of a running ledger, and only what is there."""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from cryptography.exceptions import InvalidSignature
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.transparency.domain.keys import SigningKey
from tests.client import Api
from tests.clock import StoppedClock
from tests.transparency.build import KEY, signer

PAGE: Final = Path(__file__).parents[2] / "docs" / "verify.md"
LEDGER: Final = "https://ledger.example.org"
Check = Callable[[int, str], str]


@pytest.fixture
def check(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Check:
    """Runs the script of the page for a revision and a key; what it prints."""
    [script] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

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


def test_the_page_names_every_address_of_the_log(app: FastAPI) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for path in app.openapi()["paths"]:
        if path.startswith("/v1/log/"):
            assert path.replace("{level}/{path}", "<L>/<N>").replace("{path}", "<N>") in text
