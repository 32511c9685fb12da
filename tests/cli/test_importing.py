"""A table of pledges goes in by the command line: what is new, what differs, what is refused."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.cli.conftest import Run

HEADER = "reference,version,donor,title,aid_type,amount,currency,announced_on\n"
DENMARK = "DK-X-1,,Denmark,Package one,Military,1000.50,DKK,2023-11-14\n"
SWEDEN = ",,SE,Package two,military,2000,SEK,2023-11\n"
NOWHERE = ",,XX,Package three,military,5,SEK,2023-13\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes a CSV file of these rows."""

    def table(*rows: str) -> str:
        path = tmp_path / "sent.csv"
        path.write_text(HEADER + "".join(rows), encoding="utf-8")
        return str(path)

    return table


def _counts(output: str) -> dict[str, int]:
    counts: dict[str, int] = json.loads(output)["counts"]
    return {name: count for name, count in counts.items() if count}


def test_a_table_is_recorded_once(run: Run, write: Callable[..., str]) -> None:
    path = write(DENMARK, SWEDEN)
    code, output, _ = run("import", path, "--dry-run", "--json")
    assert (code, _counts(output)) == (0, {"new": 2})
    code, output, _ = run("import", path, "--json")
    first = json.loads(output)
    assert (code, first["state"], first["first_revision"], first["last_revision"]) == (
        0, "recorded", 1, 2,
    )  # fmt: skip
    code, output, _ = run("import", path, "--json")
    assert (code, json.loads(output)["id"]) == (0, first["id"])
    assert run("verify")[0] == 0


def test_one_bad_row_refuses_the_file_unless_bad_rows_are_skipped(
    run: Run, write: Callable[..., str]
) -> None:
    path = write(DENMARK, NOWHERE)
    code, output, _ = run("import", path)
    assert code == 65
    assert "B3" not in output
    assert "C3" in output
    assert "unknown-donor" in output
    code, output, _ = run("import", path, "--skip-bad-rows", "--json")
    assert code == 1
    assert _counts(output) == {"new": 1, "refused": 1, "errors": 2}


def test_a_row_that_is_based_on_an_old_version_overwrites_nothing(
    run: Run, write: Callable[..., str]
) -> None:
    run("import", write(DENMARK))
    changed = DENMARK.replace("Package one", "Package 1")
    code, output, _ = run("import", write(changed.replace("DK-X-1,,", "DK-X-1,1,")), "--json")
    assert (code, _counts(output)) == (0, {"changed": 1})
    assert json.loads(output)["rows"][0]["changes"] == [
        {"field": "title", "before": "Package one", "after": "Package 1"}
    ]
    late = changed.replace("DK-X-1,,", "DK-X-1,1,").replace("Package 1", "Another")
    code, output, _ = run("import", write(late), "--json")
    assert (code, _counts(output)) == (65, {"stale": 1, "errors": 1})


def test_the_report_of_every_row_is_a_table(
    run: Run, write: Callable[..., str], tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    run("import", write(DENMARK, NOWHERE), "--report", str(report))
    with report.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["cell"], row["code"]) for row in rows if row["code"]] == [
        ("3", "H3", "invalid-date"), ("3", "C3", "unknown-donor"),
    ]  # fmt: skip


def test_a_workbook_comes_back_with_comments_beside_its_cells(run: Run, tmp_path: Path) -> None:
    book, sent, report = Workbook(), tmp_path / "sent.xlsx", tmp_path / "report.xlsx"
    sheet = book.active
    assert sheet is not None
    for row in (("donor", "title", "aid_type"), ("DK", "One", "military"), ("XX", "Two", "naval")):
        sheet.append(row)
    book.save(sent)
    assert run("import", str(sent), "--report", str(report))[0] == 65
    answered = load_workbook(report).active
    assert answered is not None
    told = {
        cell.coordinate: cell.comment.text
        for row in answered.iter_rows()
        for cell in row
        if cell.comment
    }
    assert sorted(told) == ["A3", "C3"]
    assert "unknown-donor" in told["A3"]


@pytest.mark.parametrize(("name", "code"), [("p.xlsx", 0), ("P.CSV", 0), ("p.ods", 2)])
def test_the_command_writes_the_template(run: Run, tmp_path: Path, name: str, code: int) -> None:
    path = tmp_path / name
    assert run("template", str(path))[0] == code
    assert path.exists() == (code == 0)
