"""Promise: by any policy and in the prices of any year, a workbook shows what ``/v1/totals`` answers, and its rates."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from fastapi import FastAPI
from openpyxl.workbook import Workbook
from starlette.testclient import TestClient

from app.fx import service as fx
from app.fx.domain import RateTable
from app.fx.domain.imports import Provenance
from tests.client import Api
from tests.clock import StoppedClock
from tests.reports.look import column, opened

GIVEN: Final = Provenance(source="Tests", label="by hand", sha256="0" * 64, actor="tests")
MEASURES: Final = ("pledged", "committed", "allocated", "delivered")
PRICES: Final = {
    "EUR": {2021: "108.5", 2022: "118.8", 2023: "125.1", 2024: "128.0"},
    "USD": {2022: "292.7", 2023: "304.7", 2024: "313.7"},
}
RELEASE: Final = {"USD": "0.99", "DKK": "7.437", "NOK": "10", "GBP": "0.87"}
QUESTIONS: Final = (
    "fx=announcement",
    "fx=month_average",
    "fx=fixed:2022-10-03&currency=USD",
    "fx=release:tests-2022",
    "prices=2022",
    "prices=2022&currency=USD&fx=announcement",
    "prices=2023&from=2023-06&to=2024-01&group=NATO",
    "as_of=3&instrument=in_kind,grant",
)
each: Final = pytest.mark.parametrize("question", QUESTIONS)


@pytest.fixture
def recorded(app: FastAPI, api: Api, clock: StoppedClock) -> Api:
    """Pledges of three years and four currencies, with steps in other years than their announcement."""
    with app.state.database.transaction() as session:
        for currency, values in PRICES.items():
            indices = {year: Decimal(text) for year, text in values.items()}
            fx.record_prices(session, currency, indices, GIVEN, clock)
        rates = {code: Decimal(text) for code, text in RELEASE.items()}
        table = RateTable(
            label="tests-2022", base="EUR", on=date(2022, 10, 3), source="Kiel", rates=rates
        )
        fx.record_table(session, table, GIVEN, clock)
    dollars = api.record_pledge(
        donor="US", currency="USD", amount="2000000.00", announced_on="2022-03-01"
    )
    api.record_movement(dollars, "committed", amount="1000000.00", on="2023-11-12")
    api.record_pledge(donor="DK", amount="70000000.00", status="delivered", instrument="grant")
    api.record_pledge(donor="DE", currency="EUR", amount="125.10", status="committed")
    api.record_pledge(donor="DK", amount="33.33", announced_on="2024-01", status="allocated")
    kroner = api.record_pledge(
        donor="NO", currency="NOK", amount="995.55", announced_on="2022-12-31", aid_type="financial"
    )
    api.record_movement(kroner, "delivered", amount="995.55", on="2024-02-09")
    return api


def cents(value: object) -> int:
    """A cell in cents; none is nothing."""
    return round(Decimal(str(value or 0)) * 100)


def totals(api: Api, question: str, **more: str) -> dict[str, Any]:
    asked = dict(part.split("=") for part in question.split("&"))
    found: dict[str, Any] = api.get("/v1/totals", **{**asked, "explain": "true", **more})
    return found


def workbook(client: TestClient, name: str, question: str) -> Workbook:
    answer = client.get(f"/v1/reports/{name}.xlsx?{question}")
    assert answer.status_code == 200, answer.text
    return opened(answer.content)


def rates_on(book: Workbook) -> set[tuple[str, str, str, float]]:
    """Currency, the day it is for, the day it is of, and the rate; none where nothing was converted."""
    columns = [
        column(book, "Rates", name) for name in ("Currency", "For amounts of", "Rate of", "Units")
    ]
    rows = zip(*columns, strict=True)
    return {(str(code), str(asked), str(on), float(value)) for code, asked, on, value in rows if on}


def rates_of(answers: list[dict[str, Any]]) -> Iterator[tuple[str, str, str, float]]:
    for rate in (one for answer in answers for one in answer["explanation"]["rates"]):
        yield rate["currency"], rate["for"], rate["on"], float(rate["rate"])


def alike(rates: set[tuple[str, str, str, float]]) -> set[tuple[str, str, str, float]]:
    """With months for days where a rate is one of a month, as the explanation has it."""
    return {(code, asked[:7], on[:7], value) for code, asked, on, value in rates}


def by(book: Workbook, tab: str, key: str, value: str) -> dict[str, int]:
    found = zip(column(book, tab, key), column(book, tab, value), strict=True)
    return {str(name): cents(amount) for name, amount in found if amount}


def rows(answer: dict[str, Any], key: str) -> dict[str, int]:
    return {row[key]: cents(row["amount"]) for row in answer["data"] if cents(row["amount"])}


def check_terms(book: Workbook, question: str) -> None:
    """The cover says how everything was converted, and the workbook's own checks hold."""
    cover = " ".join(str(cell) for row in book["Cover"].iter_rows(values_only=True) for cell in row)
    for year in ("2022", "2023"):
        assert (f"In prices of {year}" in cover) is (f"prices={year}" in question)
    assert ("tests-2022" in cover) is ("release" in question)
    assert set(column(book, "Checks", "Result")) == {"OK"}


@each
def test_the_summary(recorded: Api, client: TestClient, question: str) -> None:
    book = workbook(client, "summary", question)
    answers = [totals(recorded, question, measure=measure) for measure in MEASURES]
    for measure, answer in zip(MEASURES, answers, strict=True):
        assert by(book, "By donor", "Code", measure.capitalize()) == rows(answer, "donor")
    assert alike(rates_on(book)) == alike(set(rates_of(answers)))
    check_terms(book, question)


@each
def test_the_timeline(recorded: Api, client: TestClient, question: str) -> None:
    book = workbook(client, "timeline", f"{question}&measure=pledged")
    answer = totals(recorded, question, measure="pledged", by="month")
    shown = by(book, "By month", "Month", "All aid")
    assert {month[:7]: amount for month, amount in shown.items() if month[:2] == "20"} == rows(
        answer, "month"
    )
    assert alike(rates_on(book)) == alike(set(rates_of([answer])))
    check_terms(book, question)


@each
def test_the_report_on_a_donor(recorded: Api, client: TestClient, question: str) -> None:
    asked = f"{question}&donor=US"
    book = workbook(client, "donor", asked)
    answers = [totals(recorded, asked, measure=measure, by="aid_type") for measure in MEASURES]
    for measure, answer in zip(MEASURES, answers, strict=True):
        found = by(book, "By aid type", "Aid type", measure.capitalize())
        assert {name.lower(): amount for name, amount in found.items()} == rows(answer, "aid_type")
    assert alike(rates_on(book)) == alike(set(rates_of(answers)))
    check_terms(book, question)


@pytest.mark.parametrize("policy", ["month_average", "fixed:2022-10-03", "release:tests-2022"])
def test_the_report_on_changes(recorded: Api, client: TestClient, policy: str) -> None:
    question = f"from=1&to=4&measure=pledged&fx={policy}"
    book = workbook(client, "changes", question)
    answer = recorded.get("/v1/changes", **dict(part.split("=") for part in question.split("&")))
    after = totals(recorded, f"fx={policy}", measure="pledged", as_of="4")
    found = by(book, "Changes", "Code", "After")
    changed = {row["donor"]: cents(row["after"]) for row in answer["data"]}
    assert {donor: found[donor] for donor in changed} == changed
    assert sum(found.values()) == cents(answer["total"]["after"]) == cents(after["total"]["amount"])
    assert alike(set(rates_of([after]))) <= alike(rates_on(book))
    assert set(column(book, "Checks", "Result")) == {"OK"}


def test_reports_refuse_what_totals_refuse(recorded: Api, client: TestClient) -> None:
    for question, code in (
        ("prices=1999", "no-price-index"),
        ("fx=release:R99", "unknown-release"),
        ("fx=canary", "unknown-value"),
        ("prices=canary", "invalid-year"),
    ):
        expected = client.get(f"/v1/totals?{question}").json()["errors"]
        assert [one["code"] for one in expected] == [code]
        for name in ("summary.xlsx", "timeline.xlsx", "donor.xlsx?donor=DK"):
            path = f"/v1/reports/{name}{'&' if '?' in name else '?'}{question}"
            answer = client.get(path)
            assert (answer.status_code, answer.json()["errors"]) == (422, expected)
