"""A release goes in whole, a second time changes nothing, and a re-issue changes what it changed and nothing else."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from pyarrow import parquet

from app.exports.formats import Format
from tests.cli.conftest import Run
from tests.imports.kiel.workbook import (
    Sheets,
    dirty_rows,
    line,
    midnight,
    save,
    summary,
    to_bytes,
    valued,
    workbook,
)

Import = Callable[..., dict[str, Any]]
FIRST = (
    valued("DKM1", amount=75, currency="DKK", item="rifle", quantity=10),
    line("DKM2", currency=".", total="."),
    valued("NOM1", "Norway", 20, on=midnight(2022, 4, 5)),
    valued("NOM2", "Norway", 5),
)


@pytest.fixture
def bring(run: Run, tmp_path: Path) -> Import:
    """Imports a workbook with these sheets; what the command prints as JSON."""

    def imported(sheets: Sheets, *options: str, code: int = 0, name: str = "r7.xlsx") -> Any:
        found, output, errors = run(
            "import", str(save(tmp_path / name, sheets)), "--json", *options
        )
        assert found == code, output + errors
        return json.loads(output)

    return imported


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """The difference to the release before: for each donor what happened, with the effect on its total."""
    return {
        one["donor"]: {name: change["effect"] for name, change in one["changes"].items()}
        for one in answer["difference"]["donors"]
    }


def kinds(answer: dict[str, Any]) -> dict[str, list[str]]:
    return {one["external_id"]: one["changes"] for one in answer["difference"]["packages"]}


def counts(answer: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in answer["counts"].items() if count}


def test_a_release_comes_in_whole_and_is_known_by_its_headers(bring: Import, run: Run) -> None:
    answer = bring(workbook(*dirty_rows()))
    assert (answer["layout"], answer["coverage"]) == ("kiel", "2022-01-24/2022-10-03")
    assert answer["counts"]["new"] == 18
    assert answer["counts"]["errors"] == 0
    assert run("verify")[0] == 0


def test_a_second_time_changes_nothing_whether_the_bytes_are_the_same_or_not(
    bring: Import, run: Run, tmp_path: Path
) -> None:
    sheets = workbook(*dirty_rows())
    first = bring(sheets)
    content = (tmp_path / "r7.xlsx").read_bytes()
    again = bring({**sheets, "Another sheet": [("a remark",)]})
    assert (again["state"], again["first_revision"]) == ("unchanged", None)
    assert counts(again)["unchanged"] == 18
    assert again["difference"] == {"packages": [], "donors": []}
    # The same bytes are known by their hash, and the first import is shown.
    path = tmp_path / "r7.xlsx"
    path.write_bytes(content)
    assert json.loads(run("import", str(path), "--json")[1])["id"] == first["id"]


def test_a_re_issue_gives_exactly_its_difference(bring: Import) -> None:
    bring(workbook(*FIRST))
    rows = [
        FIRST[0],
        valued("DKM2", amount=150, currency="DKK"),  # one value added
        valued(
            "NOM1", "Norway", 20, on=midnight(2022, 5, 5)
        ),  # one date moved, one package dropped
    ]
    tried = bring(workbook(*rows), "--dry-run")
    answer = bring(workbook(*rows))
    for one in (tried, answer):
        assert kinds(one) == {
            "DKM2": ["newly-disclosed"], "NOM1": ["moved-in-date"], "NOM2": ["gone"],
        }  # fmt: skip
        assert told(one) == {
            "DK": {"newly-disclosed": {"DKK": "150.00"}},
            "NO": {"moved-in-date": {}, "gone": {"EUR": "-5.00"}},
        }
    # What is gone is told and stays.
    assert (answer["first_revision"], answer["last_revision"]) == (5, 6)
    assert (counts(answer)["changed"], counts(answer)["gone"]) == (2, 1)


def test_what_is_gone_is_withdrawn_when_that_is_asked_for(bring: Import, run: Run) -> None:
    bring(workbook(*FIRST))
    answer = bring(workbook(*FIRST[:3]), "--withdraw-missing")
    assert kinds(answer) == {"NOM2": ["gone"]}
    assert (answer["first_revision"], answer["last_revision"]) == (5, 5)
    assert kinds(bring(workbook(*FIRST[:3], line("DKM9")))) == {"DKM9": ["new"]}
    assert run("verify")[0] == 0


def test_what_was_restated_and_reclassified_is_told_with_its_sums(bring: Import) -> None:
    bring(workbook(*FIRST))
    rows = [
        valued("DKM1", amount=70, currency="DKK", item="rifle", quantity=12),
        FIRST[1],
        valued("NOM1", "Norway", 20, on=midnight(2022, 4, 5), aid_type="Humanitarian", form="Grant"),
        valued("NOM2", "Sweden", 5),
        valued("EUF1", "EU (Commission and Council)", 9, aid_type="Financial", form="Loan"),
    ]  # fmt: skip
    answer = bring(workbook(*rows))
    assert told(answer) == {
        "DK": {"restated": {"DKK": "-5.00"}, "redescribed": {}},
        "EU": {"new": {"EUR": "9.00"}},
        "NO": {"reclassified": {"EUR": "-5.00"}, "redescribed": {}},
        "SE": {"reclassified": {"EUR": "5.00"}},
    }
    [amended] = [one for one in answer["rows"] if one["external_id"] == "DKM1"]
    assert {one["field"] for one in amended["changes"]} == {"amount", "items"}


def test_lines_alone_may_change(bring: Import) -> None:
    bring(workbook(*FIRST))
    listed = valued("DKM1", amount=75, currency="DKK", item="rifle", quantity=11)
    answer = bring(workbook(listed, *FIRST[1:]))
    assert kinds(answer) == {"DKM1": ["redescribed"]}
    assert answer["difference"]["donors"][0]["effect"] == {}


def test_a_movement_that_somebody_recorded_does_not_stand_in_the_way(
    bring: Import, run: Run, tmp_path: Path
) -> None:
    bring(workbook(*FIRST))
    moved = tmp_path / "movements.csv"
    moved.write_text(
        "reference,stage,amount,currency,on,source_url,note\n"
        "NOM1,delivered,20.00,EUR,2022-06-01,https://www.regjeringen.no/a,\n"
    )
    assert run("import", str(moved))[0] == 0
    assert counts(bring({**workbook(*FIRST), "More": [("x",)]}))["unchanged"] == 4


def test_a_row_that_cannot_be_recorded_refuses_the_release(bring: Import) -> None:
    answer = bring(workbook(*FIRST, valued("XXM1", "Ruritania")), code=65)
    assert (answer["state"], answer["first_revision"]) == ("refused", None)
    skipped = bring(workbook(*FIRST, valued("XXM1", "Ruritania")), "--skip-bad-rows", code=1)
    assert (counts(skipped)["new"], counts(skipped)["refused"]) == (4, 1)


def test_the_difference_is_told_to_people_as_well(bring: Import, run: Run, tmp_path: Path) -> None:
    bring(workbook(*FIRST))
    path = save(tmp_path / "next.xlsx", workbook(*FIRST[:1], valued("NOM1", "Norway", 21)))
    code, output, _ = run("import", str(path), "--dry-run")
    assert code == 0
    assert "  NO: 1 restated +1.00 EUR; 1 moved in date; 1 gone -5.00 EUR" in output.splitlines()


FLAT_HEADERS = (
    "activity_id,donor,announcement_date,aid_type_general,measure,reporting_currency,"
    "source_reported_value,tot_activity_value,tot_sub_activity_value"
)


def test_the_flat_csv_of_later_releases_follows_a_workbook(
    bring: Import, run: Run, tmp_path: Path
) -> None:
    def bring_flat(*rows: str) -> Any:
        path = tmp_path / "release.csv"
        path.write_text("\n".join((FLAT_HEADERS, *rows, "")), encoding="utf-8")
        code, output, errors = run("import", str(path), "--json")
        assert code == 0, errors
        return json.loads(output)

    bring(workbook(*FIRST))
    moved = "NOM1,Norway,2022-04-05,Military,Allocation,EUR,20,20,20"
    added = "SEM9,Sweden,2024-02-20,Military,Commitment,SEK,7100000000,7100000000,"
    answer = bring_flat(moved, added)
    assert answer["layout"] == "kiel"
    changes = kinds(answer)
    assert (changes["DKM1"], changes["DKM2"], changes["NOM2"]) == (["gone"], ["gone"], ["gone"])
    assert changes["SEM9"] == ["new"]
    assert "moved-in-stage" in changes["NOM1"]
    assert told(answer)["SE"] == {"new": {"SEK": "7100000000.00"}}
    again = bring_flat(added, moved)
    assert (again["state"], again["first_revision"]) == ("unchanged", None)
    assert set(kinds(again)) == {"DKM1", "DKM2", "NOM2"}
    assert run("verify")[0] == 0


# ------------------------------------------------------------------------------------------ reconciliation


def test_the_ledger_agrees_with_the_workbook_or_says_why_not(
    bring: Import, run: Run, tmp_path: Path
) -> None:
    sheets = workbook(
        *FIRST,
        valued("EPM1", "European Peace Facility", 500),
        sums=summary(("Denmark", 0, 0, 10), ("Norway", 0, 0, 25)),
    )
    path = str(save(tmp_path / "tracker.xlsx", sheets))
    assert run("reconcile", path)[0] == 1, "nothing was imported yet"
    bring(sheets)
    code, output, _ = run("reconcile", path, "--json")
    answer = json.loads(output)
    assert (code, answer["explained"], answer["release"], answer["revision"]) == (
        0,
        True,
        "kiel-r7",
        5,
    )
    assert (answer["equal"], answer["different"]) == (6, 1)
    assert answer["rates"]["DKK"] == "7.5"
    [row] = [one for one in answer["data"] if one["causes"]]
    assert (row["donor"], row["causes"][0]["cause"]) == ("EPF", "not-in-summary")
    code, output, _ = run("reconcile", path)
    assert code == 0
    assert "6 sums agree, 1 differ" in output
    assert "not-in-summary      EPM1 (S6)" in output


def test_a_reconciliation_is_a_table_in_every_format(
    bring: Import, run: Run, tmp_path: Path
) -> None:
    sheets = workbook(
        *FIRST,
        valued("EPM1", "European Peace Facility", 500),
        sums=summary(("Denmark", 0, 0, 10), ("Norway", 0, 0, 25)),
    )
    path = str(save(tmp_path / "tracker.xlsx", sheets))
    bring(sheets)
    files = {form: tmp_path / f"reconciled.{form}" for form in Format}
    for file in files.values():
        assert run("reconcile", path, "--out", str(file))[0] == 0
    output = run("reconcile", path, "--json")[1]
    assert json.loads(files[Format.JSON].read_text()) == json.loads(output)
    rows = list(csv.DictReader(files[Format.CSV].read_text().splitlines()))
    assert [row["donor"] for row in rows if row["cause"]] == ["EPF"]
    assert sum(row["cause"] == "" for row in rows) == 6
    lines = [json.loads(line) for line in files[Format.NDJSON].read_text().splitlines()]
    assert [{name: cell or "" for name, cell in line.items()} for line in lines] == rows
    table = parquet.read_table(files[Format.PARQUET])
    assert [str(one or "") for one in table["cause"].to_pylist()] == [row["cause"] for row in rows]
    assert table["ledger"].to_pylist() == [Decimal(row["ledger"]) for row in rows]
    with ZipFile(files[Format.ZIP]) as packed:
        assert packed.read("reconciliation.csv") == files[Format.CSV].read_bytes()


def test_a_ledger_that_moved_on_is_found_out(bring: Import, run: Run, tmp_path: Path) -> None:
    bring(workbook(*FIRST))
    older = workbook(valued("NOM1", "Norway", 18), FIRST[3], sums=summary(("Norway", 0, 0, 23)))
    code, output, _ = run("reconcile", str(save(tmp_path / "older.xlsx", older)), "--json")
    assert code == 1
    causes = [cause for one in json.loads(output)["data"] for cause in one["causes"]]
    assert causes == [
        {"cause": "ledger-differs", "amount": "2.00", "package": "NOM1", "cell": "S2"}
    ]


def test_a_file_without_sums_cannot_be_reconciled(run: Run, tmp_path: Path) -> None:
    for sheets in (workbook(*FIRST, sums=[("nothing",)]), {"Sheet1": [("a", "b")]}):
        path = str(save(tmp_path / "none.xlsx", sheets))
        code, _, errors = run("reconcile", path)
        assert code == 65
        assert "sums" in errors
    assert run("reconcile", str(save(tmp_path / "r.xlsx", workbook())), "--measure", "allocation")[0] == 65  # fmt: skip


def test_a_hostile_file_is_refused_by_the_gate(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes(to_bytes(workbook(*FIRST))[:2_000])
    assert run("reconcile", str(path))[0] == 65
    assert run("import", str(path), "--as", "kiel")[0] == 65


def test_cents_are_kept_and_fractions_rounded_half_to_even(bring: Import) -> None:
    answer = bring(workbook(valued("NOM1", "Norway", Decimal("10.125"))))
    assert told(answer) == {"NO": {"new": {"EUR": "10.12"}}}


def test_the_reconciliation_is_a_workbook_too(bring: Import, run: Run, tmp_path: Path) -> None:
    sheets = workbook(
        *FIRST,
        valued("EPM1", "European Peace Facility", 500),
        sums=summary(("Denmark", 0, 0, 10), ("Norway", 0, 0, 25)),
    )
    bring(sheets)
    path, out = str(save(tmp_path / "tracker.xlsx", sheets)), tmp_path / "beside.xlsx"
    code, output, errors = run("reconcile", path, "--json", "--out", str(out))
    assert code == 0, errors
    answer = json.loads(output)
    book = load_workbook(out, data_only=True)
    [table] = book["Sums"].tables.values()
    head, *body = ([cell.value for cell in row] for row in book["Sums"][table.ref])
    shown = [dict(zip(head, row, strict=True)) for row in body]
    # A summary without a row for the donor has no sum, which is not a sum of nothing.
    for title, name in (
        ("Workbook", "workbook"),
        ("Ledger", "ledger"),
        ("Difference", "difference"),
    ):
        assert [row[title] for row in shown] == [
            row[name] and float(row[name]) for row in answer["data"]
        ]
        [(tab, cell)] = book.defined_names[f"Total_{name}"].destinations
        total = sum(Decimal(row[name] or 0) for row in answer["data"])
        assert book[tab][cell.replace("$", "")].value == total
    assert {row["Verdict"] for row in shown} == {"Equal", "Explained"}
    assert {row["Rest"] for row in shown} == {0}
