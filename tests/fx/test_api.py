"""Rates over HTTP: loaded by whoever may, listed as they stand, page by page as they stood when the walk began."""

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.access.domain import Role
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key

HRYVNIA = {"on": "2023-11-14", "quote": "UAH", "rate": "38.9123"}
SHA256_DIGITS = 64


@pytest.fixture
def admin(app: FastAPI, client: TestClient, clock: StoppedClock) -> Api:
    return Api(client, make_key(app.state.database, clock, Role.ADMIN))


def body(*rates: dict[str, str], source: str = "NBU") -> dict[str, Any]:
    return {"source": source, "label": "bank.gov.ua", "rates": list(rates or [HRYVNIA])}


def keys(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["quote"], one["on"], one["rate"]) for one in answer["data"]]


def test_a_loaded_rate_is_listed_with_where_it_comes_from(admin: Api) -> None:
    answer = admin.post("/v1/fx/rates", body())
    assert answer.status_code == 201, answer.text
    [outcome] = answer.json()["data"]
    assert (outcome["import"], outcome["new"], outcome["since_revision"]) == (1, 1, 1)
    assert len(outcome["sha256"]) == SHA256_DIGITS
    listed = admin.get("/v1/fx/rates", currency="UAH")
    assert listed["data"] == [
        {"on": "2023-11-14", "base": "EUR", "quote": "UAH", "rate": "38.9123", "source": "NBU", "import": 1}
    ]  # fmt: skip
    [made] = [one for one in admin.get("/v1/fx/sources")["data"] if one["import"]]
    assert (made["sha256"], made["imported_by"]) == (outcome["sha256"], "admin of the tests")


def test_a_pledge_in_a_loaded_currency_converts_from_now_on_and_not_before(admin: Api) -> None:
    admin.record_pledge(donor="DE", currency="UAH", amount="389123.00", status="committed")
    assert admin.client.get("/v1/totals").status_code == 422
    admin.post("/v1/fx/rates", body())
    # 389123 / 38.9123 = 10000
    assert admin.get("/v1/totals")["total"]["amount"] == "10000.00"
    assert admin.client.get("/v1/totals?as_of=1").status_code == 422


def test_an_etag_follows_the_rates(admin: Api) -> None:
    before = admin.client.get("/v1/totals").headers["ETag"]
    admin.post("/v1/fx/rates", body())
    again = admin.client.get("/v1/totals", headers={"If-None-Match": before})
    assert (again.status_code, again.headers["ETag"] == before) == (200, False)


def test_the_same_rates_again_are_no_news(admin: Api) -> None:
    admin.post("/v1/fx/rates", body())
    again = admin.post("/v1/fx/rates", body())
    assert (again.status_code, again.json()["data"][0]["import"]) == (200, None)


def test_a_call_that_is_repeated_is_performed_once(admin: Api) -> None:
    first = admin.post("/v1/fx/rates", body(), **{"Idempotency-Key": "once"})
    again = admin.post("/v1/fx/rates", body(), **{"Idempotency-Key": "once"})
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_who_records_pledges_may_not_load_rates(api: Api) -> None:
    answer = api.post("/v1/fx/rates", body())
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient-role")


@pytest.mark.parametrize(
    ("rates", "pointer", "code"),
    [
        ([{**HRYVNIA, "rate": "0"}], "/rates/0/rate", "invalid-rate"),
        ([HRYVNIA, {**HRYVNIA, "quote": "UAX"}], "/rates/1/quote", "unknown-currency"),
        ([HRYVNIA, {**HRYVNIA, "rate": "39"}], "/rates/1", "repeated-rate"),
        ([{**HRYVNIA, "on": "2026-12-24"}], "/rates/0/on", "date-in-future"),
        ([{**HRYVNIA, "base": "USD"}], "/rates/0/base", "base-not-euro"),
    ],
)
def test_of_rates_that_are_refused_none_is_kept(
    admin: Api, rates: list[dict[str, str]], pointer: str, code: str
) -> None:
    answer = admin.post("/v1/fx/rates", body(*rates))
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert admin.get("/v1/fx/rates", currency="UAH,UAH")["data"] == []


def test_the_list_is_filtered_and_says_of_each_day_what_stands(admin: Api) -> None:
    corrected = {"on": "2023-11-14", "quote": "USD", "rate": "1.0725"}
    admin.post("/v1/fx/rates", body(corrected, source="ECB"))
    days = {"currency": "USD", "from": "2023-11-13", "to": "2023-11-15"}
    expected = [
        ("USD", "2023-11-13", "1.067"),
        ("USD", "2023-11-14", "1.0725"),
        ("USD", "2023-11-15", "1.0868"),
    ]
    assert keys(admin.get("/v1/fx/rates", **days)) == expected
    assert keys(admin.get("/v1/fx/rates", **days, as_of=0))[1] == ("USD", "2023-11-14", "1.0724")
    assert keys(admin.get("/v1/fx/rates", **days, source="NBU")) == []


def test_pages_show_what_stood_when_the_walk_began(admin: Api) -> None:
    admin.post("/v1/fx/rates", body())
    question = {"from": "2023-11-10", "to": "2023-11-15", "currency": "DKK,UAH,USD"}
    whole = admin.get("/v1/fx/rates", **question, limit=500)
    page = admin.get("/v1/fx/rates", **question, limit=3)
    walked = list(page["data"])
    admin.post("/v1/fx/rates", body({**HRYVNIA, "rate": "1"}, {**HRYVNIA, "on": "2023-11-15"}))
    while page["next_cursor"]:
        page = admin.get("/v1/fx/rates", **question, limit=3, cursor=page["next_cursor"])
        walked += page["data"]
    assert walked == whole["data"]
    assert len(walked) == 9
    assert len(admin.get("/v1/fx/rates", **question, limit=500)["data"]) == 10


def test_the_twin_holds_every_line_of_the_list(admin: Api) -> None:
    admin.post("/v1/fx/rates", body())
    question = {"from": "2023-11-13", "to": "2023-11-14", "currency": "UAH,USD"}
    text = admin.client.get("/v1/fx/rates.csv", params={**question, "limit": 1}).text
    assert text.splitlines() == [
        "on,base,quote,rate,source,import",
        "2023-11-14,EUR,UAH,38.9123,NBU,1",
        "2023-11-13,EUR,USD,1.067,ECB,",
        "2023-11-14,EUR,USD,1.0724,ECB,",
    ]


def test_a_cursor_made_by_hand_is_refused(admin: Api) -> None:
    from_list = admin.get("/v1/pledges", limit=1)
    assert from_list["next_cursor"] is None
    answer = admin.client.get("/v1/fx/rates?cursor=WzAsW10sIngiLDBd")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")


def test_the_law_and_the_package_are_named_as_sources(admin: Api) -> None:
    package, law = admin.get("/v1/fx/sources")["data"]
    assert (package["kind"], package["source"]) == ("package", "ECB")
    assert {"quote": "HRK", "since": "2023-01-01", "rate": "7.53450"} in law["rates"]
