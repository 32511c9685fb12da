"""docs/use-the-data.md tells the truth: its Python runs against a live server, and prints what stands below it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from app.db import Database
from app.settings import Settings
from tests import processes
from tests.architecture.source import ROOT
from tests.clock import StoppedClock
from tests.conftest import ENGINES, making_databases
from tests.imports.test_facts import import_facts

PAGE: Final = (ROOT / "docs" / "use-the-data.md").read_text(encoding="utf-8")
SNIPPET: Final = re.compile(
    r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", re.MULTILINE | re.DOTALL
)
# In a snippet or in the text, with its query. What one puts in oneself is the beginning here.
ADDRESS: Final = re.compile(r"/v1/[^\s\"'`)]+")
TYPED: Final = re.compile(r'\{"(\w+)", (?:type number|Int64\.Type)\}')


@pytest.fixture(scope="module", params=ENGINES)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[processes.Server]:
    """A server process with the demo ledger, which the tests only read."""
    folder = tmp_path_factory.mktemp("served")
    with making_databases(request.param, request, folder) as make:
        url = make(True)
        database = Database(Settings(database_url=url))
        import_facts(database, StoppedClock())
        database.dispose()
        with processes.serving(url, folder / "server.log") as server:
            yield server


def test_every_python_snippet_runs_and_prints_what_stands_below_it(
    server: processes.Server, tmp_path: Path
) -> None:
    snippets = SNIPPET.findall(PAGE)
    assert len(snippets) == PAGE.count("```python") == 7
    for code, printed in snippets:
        finished = subprocess.run(
            [sys.executable, "-W", "error", "-c", code.replace("localhost:8000", f"127.0.0.1:{server.port}")],
            capture_output=True, text=True, timeout=processes.CALL_SECONDS, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert finished.returncode == 0, (code, finished.stderr)
        assert finished.stdout == printed, code


def test_every_address_of_the_page_leads_somewhere(server: processes.Server) -> None:
    paths = {path.replace("REVISION", "0") for path in ADDRESS.findall(PAGE)}
    assert len(paths) > 20
    with server.client() as client:
        for path in paths:
            # That of changes alone says nothing without a question.
            address = f"{path}?from=1" if path == "/v1/changes" else path
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.text)


def test_excel_is_told_to_read_columns_that_there_are(server: processes.Server) -> None:
    [address] = set(
        re.findall(r'Csv\.Document\(Web\.Contents\("http://localhost:8000([^"]+)"', PAGE)
    )
    names = TYPED.findall(PAGE)
    assert names
    with server.client() as client:
        header = client.get(address).text.splitlines()[0].split(",")
    assert set(names) <= set(header)


def test_pandas_reads_every_format_alike(server: processes.Server, tmp_path: Path) -> None:
    code = f"""
import pandas as pd
url = "http://127.0.0.1:{server.port}/v1/pledges"
options = dict(dtype=str, keep_default_na=False, na_values=[""])
table = pd.read_csv(url + ".csv", **options)
lines = pd.read_json(url + ".ndjson", lines=True, dtype=False, convert_dates=False)
exact = pd.read_parquet(url + ".parquet")
print(len(table), list(table.columns) == list(lines.columns) == list(exact.columns),
      list(table["reference"]) == list(lines["reference"]) == list(exact["reference"]))
"""
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert finished.stdout == "177 True True\n", finished.stderr
