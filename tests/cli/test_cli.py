"""The command line says what the endpoints say, and its exit codes are those of DESIGN section 5."""

import json
from pathlib import Path
from typing import Any

import pytest

from app import migrate
from app.cli import serving
from app.imports import service as imports
from app.settings import Settings
from tests.cli.conftest import Run


def test_init_can_be_repeated(run: Run) -> None:
    code, output, errors = run("init")
    assert (code, output) == (0, "")
    assert "0 new exchange rates" in errors


def test_facts_come_in_and_totals_come_out(run: Run) -> None:
    code, output, _ = run("import", str(imports.FACTS))
    assert code == 0
    assert output.startswith("211 new, 0 unchanged")
    code, output, _ = run("totals", "--measure", "committed", "--donor", "DE", "--json")
    # Two rows of the facts: 450 and 300 million euro.
    assert json.loads(output)["data"] == [
        {"donor": "DE", "amount": "750000000.00", "pledges": 2, "unvalued": 0, "undated": "0.00"}
    ]
    code, output, _ = run("totals", "--by", "year,donor", "--donor", "DE,BE")
    assert output.splitlines()[0].split() == [
        "year",
        "donor",
        "amount",
        "pledges",
        "unvalued",
        "undated",
    ]
    assert output.splitlines()[-1].startswith("total")


def test_changes_prints_what_made_a_total_change(run: Run) -> None:
    run("import", str(imports.FACTS))
    asked = ("changes", "--from", "0", "--donor", "DE")
    code, output, _ = run(*asked, "--json")
    answer = json.loads(output)
    [row] = answer["data"]
    assert (code, row["after"], answer["meta"]["from"]["revision"]) == (0, "750000000.00", 0)
    assert row["new"] == row["change"] == row["after"]
    code, output, _ = run(*asked)
    assert output.splitlines()[0].split()[:4] == ["donor", "before", "new", "restated"]
    assert output.splitlines()[-1].startswith("total")


def test_pending_prints_what_was_asked_of_congress(run: Run) -> None:
    run("import", str(imports.FACTS / "legislative_requests.json"))
    code, output, _ = run(
        "pending", "--on", "2022-05-01", "--by", "donor", "--donor", "US", "--json"
    )
    [row] = json.loads(output)["data"]
    assert (code, row["amount"], row["authority"]) == (0, "28000000000.00", "5000000000.00")


def test_export_writes_a_workbook(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "summary.xlsx"
    code, _, errors = run("export", "summary", "--out", str(out))
    assert code == 0
    assert out.read_bytes().startswith(b"PK")
    assert "revision 0" in errors


def test_findings_are_exit_code_1_and_name_the_row(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "movements.csv"
    path.write_bytes((imports.FACTS / "movements.csv").read_bytes())
    code, output, _ = run("import", str(path))
    assert code == 1
    assert "movements.csv:2 NO-2022-02: refused: reference" in output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("totals", "--by", "colour"), 65),
        (("totals", "--measure", "promised"), 65),
        (("pending", "--on", "yesterday"), 65),
        (("totals", "--nonsense"), 2),
        (("changes",), 2),
        (("changes", "--from", "1"), 65),
        (("changes", "--from", "0", "--to", "yesterday"), 65),
        (("no-such-command",), 2),
        (("import", "nowhere.csv"), 2),
        (("version",), 0),
        (("--help",), 0),
    ],
)
def test_exit_codes(run: Run, arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments)[0] == code


def test_an_unreachable_database_is_exit_code_69(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDLEDGER_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    code, output, errors = run("totals")
    assert (code, output) == (69, "")
    assert "does not answer as it should" in errors


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDLEDGER_POOL_SIZE", "many")
    code, _, errors = run("totals")
    assert code == 2
    assert "AIDLEDGER_POOL_SIZE" in errors


def test_several_workers_need_postgresql(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDLEDGER_DATABASE_URL", "sqlite:///ledger.db")
    code, _, errors = run("serve", "--workers", "2")
    assert code == 2
    assert "PostgreSQL" in errors


def test_the_description_of_the_api_is_printed(run: Run) -> None:
    code, output, _ = run("openapi")
    assert code == 0
    assert "/v1/totals" in json.loads(output)["paths"]


def test_demo_loads_the_facts_once_and_makes_a_key_each_time(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Any] = []
    monkeypatch.setattr(
        serving, "run_server", lambda *given, **named: served.append((given, named))
    )
    _, first, _ = run("demo", "--no-browser", "--port", "8123")
    _, second, _ = run("demo", "--no-browser", "--port", "8123")
    assert "211 new" in first
    assert "211 unchanged" in second
    keys = {
        line.split(": ")[1]
        for text in (first, second)
        for line in text.splitlines()
        if "Key" in line
    }
    assert len(keys) == 2
    assert isinstance(served[0][0][0], Settings)
    assert served[0][0][1:] == ("127.0.0.1", 8123)


def test_a_database_that_was_never_migrated_is_told_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AIDLEDGER_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    code, _, errors = run("totals")
    assert code == 69
    assert "aidledger init" in errors
    assert migrate.expected_head() == "0009_awaited"
