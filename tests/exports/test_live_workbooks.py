"""Promise: a program that calculates finds what stands beside our formulas, and so does one that only reads.

The ledger is the demo's: 211 facts with a story to tell in every stage, currency and precision.
"""

import io
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pandas as pd  # type: ignore[import-untyped]
import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from starlette.testclient import TestClient

from app.cli.importing import run_facts
from app.cli.tools import Tools
from app.imports import fact_files as imports
from app.imports.domain.facts import Layout
from app.main import create_app
from app.settings import Settings
from tests.clock import StoppedClock
from tests.exports.office import recalculated

REPORTS: Final = {
    "summary": "/v1/reports/summary.xlsx",
    "summary of some": "/v1/reports/summary.xlsx?donor=DK,DE,US&from=2022-06&to=2024&currency=USD&fx=announcement",
    "timeline": "/v1/reports/timeline.xlsx?measure=allocated",
    "donor": "/v1/reports/donor.xlsx?donor=DK",
    "changes": "/v1/reports/changes.xlsx?from=60&measure=pledged",
    "legislation": "/v1/reports/legislation.xlsx?on=2023-12-31",
    "legislation in euro": "/v1/reports/legislation.xlsx?on=2023-12-31&currency=EUR&fx=on",
}
EACH: Final = pytest.mark.parametrize("report", REPORTS)


@pytest.fixture(scope="module")
def files(
    _sqlite_templates: Callable[[bool], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """Every workbook of the demo's ledger, as it is answered."""
    path = tmp_path_factory.mktemp("live") / "ledger.db"
    shutil.copyfile(_sqlite_templates(True), path)
    settings, clock = Settings(database_url=f"sqlite:///{path}"), StoppedClock()
    tools = Tools(settings, clock)
    run_facts(tools, imports.FACTS, Layout.FACTS, "tests", dry_run=False)
    tools.close()
    app = create_app(settings, clock)
    with TestClient(app) as client:
        answers = {name: client.get(address) for name, address in REPORTS.items()}
    app.state.database.dispose()
    assert {answer.status_code for answer in answers.values()} == {200}
    return {name: answer.content for name, answer in answers.items()}


def formulas(file: bytes) -> dict[tuple[str, str], str]:
    """Every formula of a workbook, by sheet and address."""
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in load_workbook(io.BytesIO(file)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def read(book: Workbook, place: tuple[str, str]) -> Any:
    tab, address = place
    return book[tab][address].value


@EACH
def test_an_office_program_works_out_what_we_wrote(
    files: dict[str, bytes], report: str, tmp_path: Path
) -> None:
    file = files[report]
    ours = load_workbook(io.BytesIO(file), data_only=True)
    with warnings.catch_warnings():
        # openpyxl does not understand the charts that LibreOffice writes.
        warnings.simplefilter("ignore", UserWarning)
        theirs = recalculated(file, tmp_path)
    places = formulas(file)
    assert len(places) > 50
    # Sums are of whole numbers, so not even the last bit may differ; a text is the verdict of a check.
    assert {place: read(theirs, place) for place in places} == {
        place: read(ours, place) for place in places
    }
    assert {
        cell.value for cell in theirs["Checks"]["D"] if isinstance(cell.value, int | float)
    } == {0}


@EACH
def test_every_check_is_ok_in_the_file_itself(files: dict[str, bytes], report: str) -> None:
    book = load_workbook(io.BytesIO(files[report]), data_only=True)
    verdicts = [cell.value for cell in book["Checks"]["E"] if cell.value not in {None, "Result"}]
    assert len(verdicts) > 10
    assert set(verdicts) == {"OK"}


@EACH
def test_no_workbook_refers_to_anything_outside(files: dict[str, bytes], report: str) -> None:
    with ZipFile(io.BytesIO(files[report])) as packed:
        relations = [packed.read(name) for name in packed.namelist() if name.endswith(".rels")]
        sheets = [packed.read(name) for name in packed.namelist() if "worksheets/sheet" in name]
    assert not any(b"External" in part for part in relations)
    assert not any(b"<hyperlink" in part for part in sheets)


def test_names_lead_to_the_key_figures(files: dict[str, bytes]) -> None:
    book = load_workbook(io.BytesIO(files["summary"]), data_only=True)
    cards = [cell.value for cell in book["Cover"][5]][:4]
    named = []
    for stage in ("pledged", "committed", "allocated", "delivered"):
        [(tab, address)] = book.defined_names[f"Total_{stage}"].destinations
        named.append(book[tab][address.replace("$", "")].value)
    assert cards == named
    assert all(isinstance(value, int | float) and value > 0 for value in named)


def test_pandas_adds_the_postings_up_to_the_totals(files: dict[str, bytes]) -> None:
    file = io.BytesIO(files["summary"])
    postings = pd.read_excel(file, sheet_name="Postings", header=6, engine="openpyxl")
    donors = pd.read_excel(file, sheet_name="By donor", header=None, engine="openpyxl")
    start = int(donors.index[donors[0] == "Donor"][0])
    table = donors.iloc[start + 1 :].set_axis(donors.iloc[start], axis="columns")
    for stage in ("Pledged", "Committed", "Allocated", "Delivered"):
        chosen = postings[postings["Stage"] == stage]
        cents = chosen.groupby("Code")["Minor units"].sum()
        for _, row in table.dropna(subset=["Code"]).iterrows():
            assert cents.get(row["Code"], 0) == round(row[stage] * 100)
        [whole] = table[table["Donor"] == "All donors"][stage]
        assert cents.sum() == round(whole * 100)


def test_a_changed_line_is_told_by_the_checks(files: dict[str, bytes], tmp_path: Path) -> None:
    """Of 61.4 billion USD asked for in October 2023, one line turns out to be a million more."""
    book: Any = load_workbook(io.BytesIO(files["legislation"]))
    sheet = book["Pending lines"]
    [head] = [row for row in sheet.iter_rows() if row[0].value == "Request"]
    place = {cell.value: cell.column for cell in head}
    row = next(cell.row for cell in sheet["A"] if cell.value == "US-2023-10")
    sheet.cell(row, place["Amount"]).value += 1_000_000
    changed = io.BytesIO()
    book.save(changed)
    found = recalculated(changed.getvalue(), tmp_path)
    told = {line[0]: line[1:5] for line in found["Checks"].iter_rows(values_only=True)}
    assert told["Pending: all, Money, USD"] == (
        61_401_000_000,
        61_400_000_000,
        1_000_000,
        "Differs",
    )
    assert told["All checks"][3] == "Differs"


def test_a_changed_posting_is_told_by_the_checks(files: dict[str, bytes], tmp_path: Path) -> None:
    """The formulas are alive: a hundred more in one row is a hundred more in the total."""
    book: Any = load_workbook(io.BytesIO(files["changes"]))
    sheet = book["Changes"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "Denmark")
    sheet.cell(row, 4).value += 100
    changed = io.BytesIO()
    book.save(changed)
    found = recalculated(changed.getvalue(), tmp_path)["Checks"]
    told = {line[0]: line[3:5] for line in found.iter_rows(values_only=True)}
    assert told["Denmark, after"] == (100, "Differs")
    assert told["All checks"][1] == "Differs"
