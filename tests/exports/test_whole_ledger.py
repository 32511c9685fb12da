"""The whole ledger as a data package: every record, with types and keys that a second reader finds right."""

import csv
import io
import json
import subprocess
import sys
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.cli import cli
from app.cli.tools import Tools
from app.db import Database
from tests.clock import StoppedClock
from tests.docs import test_api as page
from tests.imports.test_facts import import_facts
from tests.small_ledger import record_small_ledger

# In a process of its own, because the library warns of what it will become.
CHECK = """
import json, sys
from frictionless import Package
report = Package(sys.argv[1]).validate()
print(json.dumps(report.flatten(["fieldName", "rowNumber", "type", "message"])[:20]))
print(json.dumps({task.name: task.stats.get("rows", 0) for task in report.tasks}))
"""


def check(folder: Path, content: bytes) -> dict[str, int]:
    """The rows of each table, once frictionless has nothing to say against any of them."""
    file = folder / "ledger.zip"
    file.write_bytes(content)
    command = [sys.executable, "-W", "ignore", "-c", CHECK, str(file)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert finished.returncode == 0, finished.stderr
    errors, rows = finished.stdout.splitlines()[-2:]
    assert json.loads(errors) == []
    found: dict[str, int] = json.loads(rows)
    return found


def unpack(content: bytes) -> tuple[dict[str, Any], dict[str, list[dict[str, str]]]]:
    with ZipFile(io.BytesIO(content)) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    descriptor = json.loads(files.pop("datapackage.json"))
    tables = {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text, newline="")))
        for name, text in files.items()
    }
    return descriptor, tables


@pytest.fixture
def recorded(app: FastAPI, clock: StoppedClock) -> Database:
    database: Database = app.state.database
    record_small_ledger(database, clock)
    return database


def test_every_record_is_there_and_every_key_leads_somewhere(
    recorded: Database, client: TestClient, tmp_path: Path
) -> None:
    content = client.get("/v1/ledger.zip").content
    rows = check(tmp_path, content)
    assert (rows["entries"], rows["pledges"], rows["movements"], rows["requests"]) == (12, 5, 2, 1)
    assert rows["actions"] == 2
    descriptor, tables = unpack(content)
    assert descriptor["ledger"]["revision"] == 12
    assert {one["name"]: one["rows"] for one in descriptor["resources"]} == rows
    # What was recorded in error is there, and says so.
    assert {one["reference"]: one["status"] for one in tables["pledges"]}["DE-1"] == "withdrawn"


def test_the_postings_add_up_to_the_totals(recorded: Database, client: TestClient) -> None:
    _, tables = unpack(client.get("/v1/ledger.zip").content)
    sums: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for one in tables["postings"]:
        sums[one["stage"], one["donor"], one["currency"]] += Decimal(one["amount"])
    every = "in_kind,grant,loan,guarantee,authority"
    for stage in ("pledged", "committed", "allocated", "delivered"):
        address = f"/v1/totals?measure={stage}&currency=native&instrument={every}"
        for row in client.get(address).json()["data"]:
            if row["currency"] is not None:
                key = (stage, row["donor"], row["currency"])
                assert sums.pop(key) == Decimal(row["amount"])
    assert not any(sums.values())


def test_a_revision_has_one_package(
    recorded: Database, client: TestClient, clock: StoppedClock, tmp_path: Path
) -> None:
    first = client.get("/v1/ledger.zip").content
    clock.advance(timedelta(days=3))
    assert client.get("/v1/ledger.zip?as_of=12").content == first
    out = tmp_path / "ledger.zip"
    tools = Tools(client.app.state.settings, clock)  # type: ignore[attr-defined]
    cli.main(["package", "--out", str(out), "--as-of", "12"], obj=tools, standalone_mode=False)
    assert out.read_bytes() == first
    assert unpack(client.get("/v1/ledger.zip?as_of=0").content)[1]["pledges"] == []


def test_the_demo_ledger_is_a_valid_package(
    app: FastAPI, client: TestClient, clock: StoppedClock, tmp_path: Path
) -> None:
    import_facts(app.state.database, clock)
    rows = check(tmp_path, client.get("/v1/ledger.zip").content)
    assert (rows["pledges"], rows["requests"]) == (177, 20)


def test_a_ledger_with_everything_in_it_is_a_valid_package(
    app: FastAPI, client: TestClient, clock: StoppedClock, tmp_path: Path
) -> None:
    for _ in page.walk(app, client, clock, tmp_path):
        pass
    rows = check(tmp_path, client.get("/v1/ledger.zip").content)
    hanging = ("enactments", "enacted_lines", "funding", "dependencies", "relations")
    assert all(rows[name] for name in (*hanging, "vehicle_links", "vehicle_actions"))
