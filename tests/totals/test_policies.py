"""Promise: every policy takes the rate that its name says, the figure bears the name, and what has no rate is told.

The rates were read from the European Central Bank's file with awk, the expected amounts worked with bc.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.db import Database
from app.fx import service as fx
from app.fx.domain import RateTable
from app.fx.domain.imports import Provenance
from tests.client import Api
from tests.clock import StoppedClock
from tests.totals.stories import tell

GIVEN = Provenance(source="Tests", label="by hand", sha256="0" * 64, actor="tests")
MEASURES = ("pledged", "committed", "allocated", "delivered")
R7 = RateTable(
    label="R7", base="EUR", on=date(2022, 10, 3), source="Kiel Institute",
    rates={code: Decimal(rate) for code, rate in (("USD", "0.99"), ("DKK", "7.437"), ("NOK", "10"), ("GBP", "0.87"))},
)  # fmt: skip


@pytest.fixture
def database(app: FastAPI) -> Database:
    """The ledger behind the API."""
    database: Database = app.state.database
    return database


@pytest.fixture
def with_table(database: Database, clock: StoppedClock) -> None:
    with database.transaction() as session:
        fx.record_table(session, R7, GIVEN, clock)


@pytest.fixture
def dollars(api: Api) -> dict[str, Any]:
    """Two million dollars announced on 1 March 2022, one of them committed on a Sunday, 12 November 2023."""
    pledge = api.record_pledge(
        donor="US", currency="USD", amount="2000000.00", announced_on="2022-03-01"
    )
    return api.record_movement(pledge, "committed", amount="1000000.00", on="2023-11-12")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("effective", "936066.65"),  # Friday's 1.0683
        ("announcement", "895896.79"),  # 1.1162, of 1 March 2022
        ("month_average", "925221.11"),  # 1.080822727, the mean of the 22 rates of November 2023
        ("fixed:2022-10-03", "1024170.42"),  # 0.9764
        ("fixed:2022-10-02", "1025851.46"),  # a Sunday: Friday's 0.9748
        ("release:R7", "1010101.01"),  # 0.99
    ],
)
@pytest.mark.usefixtures("with_table", "dollars")
def test_an_amount_takes_the_rate_that_its_policy_names(
    api: Api, policy: str, expected: str
) -> None:
    answer = api.get("/v1/totals", fx=policy)
    assert answer["total"]["amount"] == expected
    assert answer["meta"]["fx"] == policy


@pytest.mark.parametrize(
    ("currency", "expected"),
    [("EUR", "936066.65"), ("USD", "1000000.00"), ("JPY", "151427502")],  # * 161.77 / 1.0683
)
@pytest.mark.usefixtures("dollars")
def test_any_currency_with_rates_can_be_asked_for(api: Api, currency: str, expected: str) -> None:
    assert api.get("/v1/totals", currency=currency)["total"]["amount"] == expected


@pytest.mark.usefixtures("dollars")
def test_a_currency_without_rates_cannot(client: TestClient) -> None:
    answer = client.get("/v1/totals?currency=UAH").json()
    assert (answer["status"], answer["errors"][0]["code"]) == (422, "no-exchange-rate")


# ---------------------------------------------------------------------------------- undated amounts


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("effective", "93.25"),  # 1.0724, of 14 November 2023
        ("announcement", "93.25"),
        ("month_average", "92.52"),  # 1.080822727, of November 2023
        ("fixed:2023-11-12", "93.61"),
    ],
)
def test_an_undated_amount_takes_the_day_of_its_pledges_announcement(
    api: Api, policy: str, expected: str
) -> None:
    pledge = api.record_pledge(donor="US", currency="USD", amount="500.00")
    api.record_movement(pledge, "delivered", amount="100.00")
    answer = api.get("/v1/totals", fx=policy, measure="delivered")
    assert answer["total"]["amount"] == answer["total"]["undated"] == expected


@pytest.mark.parametrize("policy", ["effective", "announcement", "month_average"])
def test_what_has_no_date_at_all_is_left_apart_and_never_guessed(api: Api, policy: str) -> None:
    for currency, amount in (("USD", "100.00"), ("EUR", "7.00")):
        api.record_pledge(donor="US", currency=currency, amount=amount, announced_on=None)
    answer = api.get("/v1/totals", fx=policy, measure="pledged", explain="true")
    assert (answer["total"]["amount"], answer["total"]["pledges"]) == ("7.00", 2)
    apart = {"currency": "USD", "amount": "100.00", "reason": "undated"}
    assert answer["meta"]["left_apart"] == [apart]
    [said] = answer["explanation"]["left_out"]
    assert said["detail"].startswith("Neither the amount nor its pledge has a date")
    assert {**apart, "detail": said["detail"]} == said


@pytest.mark.parametrize(
    ("policy", "expected"), [("fixed:2023-11-14", "93.25"), ("release:R7", "101.01")]
)
@pytest.mark.usefixtures("with_table", "with_prices")
def test_one_rate_for_all_days_needs_no_date_but_constant_prices_do(
    api: Api, policy: str, expected: str
) -> None:
    api.record_pledge(donor="US", currency="USD", amount="100.00", announced_on=None)
    answer = api.get("/v1/totals", fx=policy, measure="pledged")
    assert answer["total"]["amount"] == answer["total"]["undated"] == expected
    assert "left_apart" not in answer["meta"]
    constant = api.get("/v1/totals", fx=policy, measure="pledged", prices="2022")
    assert constant["total"]["amount"] == "0.00"
    assert [one["amount"] for one in constant["meta"]["left_apart"]] == ["100.00"]


def test_a_date_that_is_learnt_of_brings_in_what_was_left_apart(api: Api) -> None:
    pledge = api.record_pledge(donor="US", currency="USD", amount="100.00", announced_on=None)
    api.amend_pledge(pledge, announced_on="2023-11-14")
    then, now = (api.get("/v1/totals", measure="pledged", as_of=moment) for moment in (1, 2))
    assert (then["total"]["amount"], now["total"]["amount"]) == ("0.00", "93.25")
    assert [one["amount"] for one in then["meta"]["left_apart"]] == ["100.00"]
    assert now["meta"]["left_apart"] == []
    changes = api.get("/v1/changes", **{"from": 1}, measure="pledged")
    assert (changes["total"]["before"], changes["total"]["after"]) == ("0.00", "93.25")
    assert changes["meta"]["left_apart"] == [
        {"currency": "USD", "before": "100.00", "after": "0.00", "reason": "undated"}
    ]


def test_the_announcement_is_the_one_that_was_known_at_the_moment(api: Api) -> None:
    pledge = api.record_pledge(donor="US", currency="USD", amount="1000000.00")
    api.record_movement(pledge, "committed", amount="1000000.00", on="2023-12-01")
    before = api.get("/v1/totals", fx="announcement", as_of=2)
    assert before["total"]["amount"] == "932487.88"  # 1.0724, of 14 November 2023
    api.amend_pledge(api.get(f"/v1/pledges/{pledge['id']}"), announced_on="2022-03-01")
    after = api.get("/v1/totals", fx="announcement")
    assert after["total"]["amount"] == "895896.79"  # 1.1162, of 1 March 2022
    assert api.get("/v1/totals", fx="announcement", as_of=2) == before


def test_filters_on_pledges_and_announcements_go_together(
    api: Api, dollars: dict[str, Any]
) -> None:
    api.record_pledge(
        donor="DE", currency="EUR", amount="5.00", title="Another", status="committed"
    )
    answer = api.get("/v1/totals", fx="announcement", q=dollars["title"].lower(), donor="US")
    assert answer["total"]["amount"] == "895896.79"


# --------------------------------------------------------------------------------- constant prices


@pytest.fixture
def with_prices(database: Database, clock: StoppedClock) -> None:
    values = {2021: Decimal("108.5"), 2022: Decimal("118.8"), 2023: Decimal("125.1")}
    with database.transaction() as session:
        fx.record_prices(session, "EUR", values, GIVEN, clock)


@pytest.mark.usefixtures("with_prices", "dollars")
def test_constant_prices_restate_each_amount_from_its_own_year(api: Api) -> None:
    # 1000000 / 1.0683 * 118.8 / 125.1 = 888926.6010
    answer = api.get("/v1/totals", prices="2022", explain="true")
    assert answer["total"]["amount"] == "888926.60"
    assert answer["meta"]["prices"] == {
        "year": 2022, "currency": "EUR", "source": "Tests", "label": "by hand", "import": 1,
    }  # fmt: skip
    assert answer["explanation"]["prices"] == [
        {"year": 2022, "index": "118.8"}, {"year": 2023, "index": "125.1"},
    ]  # fmt: skip


@pytest.mark.usefixtures("with_prices")
def test_amounts_in_the_currency_itself_are_restated_too(api: Api) -> None:
    api.record_pledge(donor="DE", currency="EUR", amount="125.10", status="committed")
    assert api.get("/v1/totals", prices="2022")["total"]["amount"] == "118.80"
    assert "prices" not in api.get("/v1/totals")["meta"]


@pytest.mark.parametrize(
    ("announced_on", "question", "year"),
    [
        ("2023-11-14", "prices=2020", 2020),  # the year whose prices are asked for
        ("2024-02-01", "prices=2022", 2024),  # the year of an amount
        ("2023-11-14", "prices=2022&currency=USD", None),  # no index of prices in dollars
    ],
)
@pytest.mark.usefixtures("with_prices")
def test_a_year_that_no_index_knows_is_an_error_and_never_silent(
    api: Api, client: TestClient, announced_on: str, question: str, year: int | None
) -> None:
    api.record_pledge(
        donor="DE", currency="EUR", amount="1.00", announced_on=announced_on, status="committed"
    )
    answer = client.get(f"/v1/totals?{question}").json()
    assert answer["status"] == 422
    assert [(one["code"], one["year"]) for one in answer["errors"]] == [("no-price-index", year)]


# ------------------------------------------------------------------------------------- explanations


@pytest.mark.usefixtures("dollars")
def test_an_explanation_names_every_cell_and_every_rate_with_its_day_and_source(api: Api) -> None:
    answer = api.get("/v1/totals", currency="JPY", explain="true")
    assert answer["explanation"] == {
        "cells": [
            {
                "donor": "US", "aid_type": "military", "instrument": "in_kind", "on": "2023-11-12",
                "currency": "USD", "native": "1000000.00", "rate_for": "2023-11-12",
                "price_year": None, "amount": "151427502", "pledges": 1, "unvalued": 0, "undated": "0",
            }
        ],
        "rates": [
            {
                "currency": code, "for": "2023-11-12", "on": "2023-11-10", "base": "EUR",
                "rate": rate, "source": "ECB", "provisional": False,
            }
            for code, rate in (("JPY", "161.77"), ("USD", "1.0683"))
        ],
        "prices": [],
        "left_out": [],
    }  # fmt: skip


def test_an_explanation_says_what_is_left_out_and_why(api: Api) -> None:
    api.record_pledge(instrument="authority", amount="900.00", status="committed")
    api.record_pledge(amount=None, currency=None, status="committed")
    api.record_pledge(
        donor="DE", currency="EUR", amount="3.00", announced_on="2023", status="committed"
    )
    left = api.get("/v1/totals", by="month", explain="true")["explanation"]["left_out"]
    assert [{**one, "detail": "…"} for one in left] == [
        {"reason": "frame", "currency": "DKK", "amount": "900.00", "detail": "…"},
        {"reason": "unvalued", "pledges": 1, "detail": "…"},
        {"reason": "no-period", "currency": "EUR", "amount": "3.00", "detail": "…"},
    ]


QUESTIONS = st.fixed_dictionaries(
    {
        "measure": st.sampled_from(MEASURES),
        "by": st.sampled_from(["donor", "aid_type,month", "group", "year,currency"]),
        "currency": st.sampled_from(["EUR", "USD", "JPY", "native"]),
        "fx": st.sampled_from(
            ["effective", "announcement", "month_average", "fixed:2023-06-15", "release:R7"]
        ),
    },
    optional={
        "from": st.sampled_from(["2022", "2023-11-14"]),
        "to": st.sampled_from(["2023-11", "2024"]),
        "donor": st.just("DK,NO"),
        "instrument": st.just("loan,authority"),
        "status": st.sampled_from(["pledged,committed", "delivered"]),
        "as_of": st.integers(0, 60),
    },
)  # fmt: skip


@pytest.mark.parametrize("examples", [40, pytest.param(160, marks=pytest.mark.slow)])
def test_the_cells_of_any_explanation_add_up_to_its_total_to_the_cent(
    api: Api, database: Database, clock: StoppedClock, examples: int
) -> None:
    yen = {**R7.rates, "JPY": Decimal(145)}
    with database.transaction() as session:
        fx.record_table(
            session,
            RateTable(label="R7", base="EUR", on=R7.on, source="Kiel", rates=yen),
            GIVEN,
            clock,
        )
    tell(database, clock, seed=7, count=60)

    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(QUESTIONS)
    def check(question: dict[str, Any]) -> None:
        if question["fx"] == "release:R7" and question.get("as_of") == 0:
            # The table is known since the first entry.
            question = {**question, "as_of": 1}
        answer = api.get("/v1/totals", explain="true", **question)
        cells, total = answer["explanation"]["cells"], answer["total"]
        sums = {
            name: sum((Decimal(cell[name]) for cell in cells), Decimal())
            for name in ("amount", "undated", "pledges", "unvalued")
        }
        for name, value in sums.items():
            if total[name] is not None:
                assert Decimal(total[name]) == value, name
        plain = api.get("/v1/totals", **question)
        assert plain == {name: part for name, part in answer.items() if name != "explanation"}
        _check_every_conversion(answer)

    check()


def _check_every_conversion(answer: dict[str, Any]) -> None:
    """Each cell's amount follows from the rates beside it, by a rule as short as this."""
    target = answer["meta"]["currency"]
    rates = {
        (one["currency"], one["for"]): Decimal(one["rate"])
        for one in answer["explanation"]["rates"]
    }
    for cell in answer["explanation"]["cells"]:
        if cell["rate_for"] is not None:
            source = rates.get((cell["currency"], cell["rate_for"]), Decimal(1))
            into = rates.get((target, cell["rate_for"]), Decimal(1))
            exact = Decimal(cell["native"]) / source * into
            unit = Decimal(1) if target == "JPY" else Decimal("0.01")
            assert abs(exact - Decimal(cell["amount"])) <= unit / 2 + Decimal("1e-12")
