"""The command line says what the endpoints say, and its exit codes are those of DESIGN section 5."""

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.cli import serving
from app.imports import fact_files as imports
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


def test_alerts_prints_what_somebody_should_look_at(run: Run) -> None:
    run("import", str(imports.FACTS))
    asked = ("alerts", "--on", "2023-11-30", "--donor", "US")
    code, output, _ = run(*asked, "--json")
    answer = json.loads(output)
    # The floor was silent since 9 November; fifteen days later it is the 24th.
    [alert] = answer["data"]
    assert (code, alert["reference"], alert["began_on"]) == (0, "US-2023-10", "2023-11-24")
    assert (answer["meta"]["on"], answer["meta"]["ceased"]) == ("2023-11-30", "false")
    code, output, _ = run(*asked)
    assert output.split()[:5] == ["2023-11-24", "warning", "no_action", "US-2023-10", "floor"]
    code, output, _ = run("alerts", "--on", "2021-01-01")
    assert (code, output.strip()) == (0, "")


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


@pytest.mark.parametrize("report", ["journal", "pledges", "timeline"])
def test_export_writes_a_workbook_with_its_checksum(run: Run, tmp_path: Path, report: str) -> None:
    run("import", str(imports.FACTS / "pledges.csv"))
    code, _, errors = run("export", report, "--as-of", "100")
    assert (code, "revision 100" in errors) == (0, True)
    content = (tmp_path / f"{report}.xlsx").read_bytes()
    beside = (tmp_path / f"{report}.xlsx.sha256").read_text()
    assert beside == f"{sha256(content).hexdigest()}  {report}.xlsx\n"
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    # Nobody looks at a bar that is written to a file.
    assert errors.count("\n") == 1
    assert not list(tmp_path.glob("*.part"))


def test_a_large_workbook_has_the_options_of_its_address(run: Run) -> None:
    assert run("export", "journal", "--donor", "DK")[0] == 2
    assert run("export", "pledges", "--currency", "XXX")[0] == 65


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
        (("alerts", "--rule", "mood"), 65),
        (("alerts", "--ceased", "perhaps"), 2),
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
