"""Promise: what made a total change is told by cause, and each figure is one that can be worked by hand."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.access.domain import Role
from app.db import Database
from app.fx import service as fx
from app.settings import Settings
from tests.application import make_app
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.inputs.ledger import read_problem
from tests.rates import load_rates

CAUSES = ("new", "restated", "reclassified", "moved", "cancelled", "withdrawn")
EUROS = {"donor": "DE", "currency": "EUR", "amount": "100.00"}


def parts(figures: dict[str, Any]) -> dict[str, str]:
    """The parts that are not zero."""
    return {cause: figures[cause] for cause in CAUSES if figures[cause] not in {"0.00", "0"}}


def by_donor(answer: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {row["donor"]: parts(row) for row in answer["data"]}


def withdraw(api: Api, pledge: dict[str, Any], path: str = "") -> None:
    answer = api.post(
        f"/v1/pledges/{pledge['id']}{path}/withdrawal",
        {"reason": "It was an error."},
        **{"If-Match": f'"{pledge["version"]}"'},
    )
    assert answer.status_code == 200, answer.text


def test_a_recorded_pledge_is_new(api: Api) -> None:
    api.record_pledge(**EUROS)
    answer = api.get("/v1/changes", **{"from": 0}, measure="pledged")
    figures = {
        "before": "0.00", "new": "100.00", "restated": "0.00", "reclassified": "0.00",
        "moved": "0.00", "cancelled": "0.00", "withdrawn": "0.00", "change": "100.00",
        "after": "100.00", "pledges_before": 0, "pledges_after": 1, "unvalued_before": 0,
        "unvalued_after": 0,
    }  # fmt: skip
    assert answer["data"] == [{"donor": "DE", **figures}]
    assert answer["total"] == figures
    assert answer["entries"] == dict.fromkeys(CAUSES, 0) | {"new": 1}


def test_a_corrected_amount_is_restated(api: Api) -> None:
    pledge = api.record_pledge(**EUROS)
    api.amend_pledge(pledge, amount="80.00", title="Another title")
    answer = api.get("/v1/changes", **{"from": 1}, measure="pledged")
    assert by_donor(answer) == {"DE": {"restated": "-20.00"}}
    assert (answer["total"]["before"], answer["total"]["after"]) == ("100.00", "80.00")


def test_a_status_that_is_corrected_restates_the_measures_that_it_reaches(api: Api) -> None:
    pledge = api.record_pledge(**EUROS)
    api.amend_pledge(pledge, status="committed")
    assert by_donor(api.get("/v1/changes", **{"from": 1})) == {"DE": {"restated": "100.00"}}
    assert api.get("/v1/changes", **{"from": 1}, measure="pledged")["data"] == []


def test_a_pledge_that_turns_out_to_be_another_donors_is_reclassified(api: Api) -> None:
    pledge = api.record_pledge(**EUROS)
    api.amend_pledge(pledge, donor="NO")
    answer = api.get("/v1/changes", **{"from": 1}, measure="pledged")
    assert by_donor(answer) == {"DE": {"reclassified": "-100.00"}, "NO": {"reclassified": "100.00"}}
    assert parts(answer["total"]) == {}
    assert answer["entries"]["reclassified"] == 1


def test_another_aid_type_shows_only_where_one_is_asked_for(api: Api) -> None:
    pledge = api.record_pledge(**EUROS)
    api.amend_pledge(pledge, aid_type="financial")
    question: dict[str, Any] = {"from": 1, "measure": "pledged"}
    assert api.get("/v1/changes", **question)["data"] == []
    military = api.get("/v1/changes", **question, aid_type="military")
    assert by_donor(military) == {"DE": {"reclassified": "-100.00"}}


def test_a_frame_that_becomes_a_grant_enters_the_totals_as_reclassified(api: Api) -> None:
    pledge = api.record_pledge(**EUROS, instrument="authority")
    api.amend_pledge(pledge, instrument="grant")
    answer = api.get("/v1/changes", **{"from": 0}, measure="pledged")
    assert by_donor(answer) == {"DE": {"reclassified": "100.00"}}
    both = api.get("/v1/changes", **{"from": 0}, measure="pledged", instrument="grant,authority")
    assert by_donor(both) == {"DE": {"new": "100.00"}}


def test_another_day_has_another_rate_and_that_is_reclassified(api: Api) -> None:
    # 107.24 USD are 96.08 EUR at 1.1162 (1 March 2022) and 100.00 EUR at 1.0724 (14 November 2023).
    pledge = api.record_pledge(donor="US", currency="USD", amount="107.24")
    api.amend_pledge(pledge, announced_on="2022-03-01")
    answer = api.get("/v1/changes", **{"from": 1}, measure="pledged")
    [row] = answer["data"]
    assert (row["before"], row["after"]) == ("100.00", "96.08")
    assert parts(row) == {"reclassified": "-3.92"}
    native = api.get("/v1/changes", **{"from": 1}, measure="pledged", currency="native")
    assert native["data"] == []


def test_an_amendment_that_does_both_moves_first_and_restates_in_the_new_place(api: Api) -> None:
    pledge = api.record_pledge(**EUROS)
    api.amend_pledge(pledge, donor="NO", amount="150.00")
    answer = api.get("/v1/changes", **{"from": 1}, measure="pledged")
    assert by_donor(answer) == {
        "DE": {"reclassified": "-100.00"},
        "NO": {"restated": "50.00", "reclassified": "100.00"},
    }
    assert parts(answer["total"]) == {"restated": "50.00"}
    assert (answer["entries"]["restated"], answer["entries"]["reclassified"]) == (1, 1)


def test_an_amendment_that_does_both_is_told_alike_whichever_donors_are_asked_for(api: Api) -> None:
    # As committed, nothing is left of it: it moves to Norway, and there it turns out to be announced only.
    pledge = api.record_pledge(**EUROS, status="committed")
    api.amend_pledge(pledge, donor="NO", status="pledged")
    whole = api.get("/v1/changes", **{"from": 1})
    assert by_donor(whole) == {
        "DE": {"reclassified": "-100.00"},
        "NO": {"restated": "-100.00", "reclassified": "100.00"},
    }
    for donor in ("DE", "NO"):
        alone = api.get("/v1/changes", **{"from": 1}, donor=donor)
        assert alone["data"] == [row for row in whole["data"] if row["donor"] == donor]
    norway = api.get("/v1/changes", **{"from": 1}, donor="NO")
    assert (norway["entries"]["restated"], norway["entries"]["reclassified"]) == (1, 1)
    germany = api.get("/v1/changes", **{"from": 1}, donor="DE")
    assert (germany["entries"]["restated"], germany["entries"]["reclassified"]) == (0, 1)


def test_another_currency_is_a_restatement_in_both(api: Api) -> None:
    pledge = api.record_pledge(**EUROS)
    api.amend_pledge(pledge, currency="DKK", amount="745.80", donor="DK")
    answer = api.get("/v1/changes", **{"from": 1}, measure="pledged", currency="native")
    assert [(row["donor"], row["currency"], parts(row)) for row in answer["data"]] == [
        ("DE", "EUR", {"reclassified": "-100.00"}),
        ("DK", "DKK", {"restated": "745.80"}),
        ("DK", "EUR", {"restated": "-100.00", "reclassified": "100.00"}),
    ]
    assert answer["total"]["change"] is None
    assert [(one["currency"], parts(one)) for one in answer["total"]["by_currency"]] == [
        ("DKK", {"restated": "745.80"}), ("EUR", {"restated": "-100.00"}),
    ]  # fmt: skip


def test_movements_move_and_cancellations_cancel(api: Api) -> None:
    pledge = api.record_pledge(**EUROS)
    api.record_movement(pledge, "committed", amount="60.00", on="2023-12-01")
    api.record_movement(pledge, "cancelled", amount="70.00", on="2024-01-10")
    pledged = api.get("/v1/changes", **{"from": 1}, measure="pledged")
    assert by_donor(pledged) == {"DE": {"cancelled": "-70.00"}}
    assert pledged["entries"] == dict.fromkeys(CAUSES, 0) | {"cancelled": 1}
    committed = api.get("/v1/changes", **{"from": 1})
    assert by_donor(committed) == {"DE": {"moved": "60.00", "cancelled": "-30.00"}}


def test_what_makes_up_for_each_other_is_shown(api: Api) -> None:
    pledge = api.record_pledge(**EUROS)
    api.record_movement(pledge, "cancelled", on="2024-01-10")
    answer = api.get("/v1/changes", **{"from": 0}, measure="pledged")
    assert by_donor(answer) == {"DE": {"new": "100.00", "cancelled": "-100.00"}}
    assert answer["total"]["change"] == "0.00"


def test_what_was_recorded_in_error_is_withdrawn(api: Api) -> None:
    pledge = api.record_pledge(**EUROS, status="committed")
    cancelled = api.record_movement(pledge, "cancelled", amount="30.00", on="2024-01-10")
    withdraw(api, cancelled, f"/movements/{cancelled['movements'][0]['id']}")
    other = api.record_pledge(**{**EUROS, "donor": "NO", "amount": "5.00"})
    withdraw(api, other)
    answer = api.get("/v1/changes", **{"from": 2}, measure="pledged")
    assert by_donor(answer) == {
        "DE": {"withdrawn": "30.00"},
        "NO": {"new": "5.00", "withdrawn": "-5.00"},
    }
    assert answer["entries"] == dict.fromkeys(CAUSES, 0) | {"new": 1, "withdrawn": 2}


def test_a_pledge_without_an_amount_changes_the_counts(api: Api) -> None:
    pledge = api.record_pledge(donor="DE", amount=None, currency=None)
    [row] = api.get("/v1/changes", **{"from": 0}, measure="pledged")["data"]
    assert (row["change"], row["pledges_after"], row["unvalued_after"]) == ("0.00", 1, 1)
    api.amend_pledge(pledge, amount="7.00", currency="EUR")
    [row] = api.get("/v1/changes", **{"from": 1}, measure="pledged")["data"]
    assert (parts(row), row["unvalued_before"], row["unvalued_after"]) == (
        {"restated": "7.00"}, 1, 0,
    )  # fmt: skip
    native = api.get("/v1/changes", **{"from": 0, "to": 1}, measure="pledged", currency="native")
    assert (native["data"][0]["currency"], native["data"][0]["after"]) == (None, "0")


def test_the_parts_add_up_although_each_cell_is_rounded(api: Api) -> None:
    # 0.05 DKK are 0.0067 EUR, 0.10 DKK are 0.0134 EUR and 0.15 DKK are 0.0201 EUR, at 7.4597 DKK for one euro.
    first = api.record_pledge(amount="0.05")
    api.record_pledge(amount="0.05")
    api.amend_pledge(first, amount="0.10")
    [row] = api.get("/v1/changes", **{"from": 1}, measure="pledged")["data"]
    assert (row["before"], row["after"], row["change"]) == ("0.01", "0.02", "0.01")
    assert parts(row) == {"restated": "0.01"}


def test_a_donor_of_which_nothing_changed_is_left_out_and_stays_in_the_total(api: Api) -> None:
    api.record_pledge(**EUROS)
    api.record_pledge(**{**EUROS, "donor": "NO"})
    answer = api.get("/v1/changes", **{"from": 1}, measure="pledged")
    assert [row["donor"] for row in answer["data"]] == ["NO"]
    assert (answer["total"]["before"], answer["total"]["after"]) == ("100.00", "200.00")


def test_between_a_state_and_itself_nothing_changed(api: Api) -> None:
    api.record_pledge(**EUROS)
    answer = api.get("/v1/changes", **{"from": 1, "to": 1}, measure="pledged")
    assert (answer["data"], parts(answer["total"])) == ([], {})
    assert (answer["total"]["before"], answer["total"]["after"]) == ("100.00", "100.00")
    assert set(answer["entries"].values()) == {0}


@pytest.mark.parametrize("currency", ["EUR", "native"])
def test_an_empty_ledger_has_changed_nothing(api: Api, currency: str) -> None:
    answer = api.get("/v1/changes", **{"from": 0}, currency=currency)
    assert (answer["data"], answer["total"]["pledges_after"]) == ([], 0)


def test_a_request_to_a_parliament_is_no_change_of_a_total(api: Api) -> None:
    api.record_pledge(**EUROS)
    body = {"donor": "DE", "title": "Budget", "kind": "annual_budget", "currency": "EUR",
            "requested_on": "2024-02-01", "lines": [{"component": "military", "amount": "5.00"}]}  # fmt: skip
    assert api.post("/v1/legislative-requests", body).status_code == 201
    assert api.get("/v1/changes", **{"from": 1}, measure="pledged")["data"] == []


def test_states_are_revisions_or_instants_and_meta_says_which(api: Api) -> None:
    api.record_pledge(**EUROS)
    answer = api.get("/v1/changes", **{"from": "2026-11-22T09:00:00Z", "to": 1}, donor="DE")
    at = "2026-11-22T10:00:00Z"
    sizes = [
        one.pop("checkpoint")["size"]
        for one in (answer["meta"], answer["meta"]["from"], answer["meta"]["to"])
    ]
    assert sizes == [1, 0, 1]
    assert answer["meta"] == {
        "measure": "committed", "currency": "EUR", "fx": "effective", "fx_as_of": "to", "left_apart": [],
        "provisional_rates": [], "revision": 1, "as_of": at, "from": {"revision": 0, "as_of": None},
        "to": {"revision": 1, "as_of": at}, "filters": {"donor": ["DE"]},
    }  # fmt: skip


@pytest.fixture
def in_september(database: Database, clock: StoppedClock) -> Iterator[Api]:
    """A ledger whose newest exchange rates are of 30 September 2026."""
    with database.transaction() as session:
        load_rates(session, until=date(2026, 9, 30))
    url = database.url.render_as_string(hide_password=False)
    with TestClient(make_app(Settings(database_url=url), clock)) as client:
        yield Api(client, make_key(database, clock, Role.CONTRIBUTOR))


def test_both_totals_take_the_rates_that_were_known_at_the_later_state(
    database: Database, in_september: Api
) -> None:
    # Until the second load, the newest rates stand in for October.
    api = in_september
    api.record_pledge(donor="US", currency="USD", amount="1000.00", announced_on="2026-10-20")
    stood_in = api.get("/v1/totals", measure="pledged", as_of=1)
    with database.transaction() as session:
        fx.load_reference_rates(session)
    api.record_pledge(**EUROS)
    published = api.get("/v1/totals", measure="pledged", as_of=2, donor="US")
    answer = api.get("/v1/changes", **{"from": 1, "to": 2}, measure="pledged")
    assert by_donor(answer) == {"DE": {"new": "100.00"}}
    assert answer["total"]["before"] == published["total"]["amount"]
    assert answer["total"]["before"] != stood_in["total"]["amount"]
    assert (len(stood_in["meta"]["provisional_rates"]), answer["meta"]["provisional_rates"]) == (
        1, [],
    )  # fmt: skip


def test_the_answer_stays_the_same_to_the_byte(api: Api, client: TestClient) -> None:
    pledge = api.record_pledge()
    api.record_movement(pledge, "committed", amount="60.00", on="2023-12-01")
    address = "/v1/changes?from=1&to=2&currency=USD"
    before = client.get(address)
    api.amend_pledge(api.record_pledge(), donor="NO", amount="3.00")
    after = client.get(address)
    assert (after.content, after.headers["ETag"]) == (before.content, before.headers["ETag"])
    again = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("", "missing", "?from"),
        ("from=", "invalid-as-of", "?from"),
        ("from=2023-11", "invalid-as-of", "?from"),
        ("from=-1", "invalid-as-of", "?from"),
        ("from=0&to=tomorrow", "invalid-as-of", "?to"),
        ("from=999999", "as-of-in-future", "?from"),
        ("from=0&to=999999", "as-of-in-future", "?to"),
        ("from=2027-01-01T00:00:00Z", "as-of-in-future", "?from"),
        ("from=1&to=0", "revision-order", "?to"),
        ("from=1&to=2020-01-01T00:00:00Z", "revision-order", "?to"),
        ("from=0&measure=cancelled", "unknown-value", "?measure"),
        ("from=0&currency=dkk", "unknown-currency", "?currency"),
        ("from=0&donor=dk", "unknown-donor", "?donor"),
        ("from=0&group=BRICS", "unknown-group", "?group"),
        ("from=0&fx=today", "unknown-value", "?fx"),
        ("from=0&fx=announcement", "unknown-value", "?fx"),
        ("from=0&fx=release:R7", "unknown-release", "?fx"),
        ("from=0&status=pledged", "unknown-parameter", "?status"),
        ("from=0&as_of=1", "unknown-parameter", "?as_of"),
        ("from=0&by=donor", "unknown-parameter", "?by"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/changes", "/v1/changes.csv"])
def test_what_cannot_be_read_is_refused(
    api: Api, client: TestClient, path: str, query: str, code: str, pointer: str
) -> None:
    api.record_pledge()
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 422, answer.text
    errors = read_problem(answer)["errors"]
    assert [(one["pointer"], one["code"]) for one in errors] == [(pointer, code)]


def test_an_amount_that_cannot_be_converted_is_an_error_also_where_it_is_gone_again(
    api: Api, client: TestClient
) -> None:
    pledge = api.record_pledge(donor="BR", currency="ARS", amount="10.00")
    withdraw(api, pledge)
    answer = client.get("/v1/changes?from=0&measure=pledged")
    assert [one["code"] for one in read_problem(answer)["errors"]] == ["no-exchange-rate"]
    native = api.get("/v1/changes", **{"from": 0}, measure="pledged", currency="native")
    assert by_donor(native) == {"BR": {"new": "10.00", "withdrawn": "-10.00"}}


@pytest.mark.parametrize(
    ("currency", "columns"),
    [("EUR", ["donor", "measure", "in_currency"]), ("native", ["donor", "measure", "currency"])],
)
def test_the_csv_has_the_rows_of_the_json(
    api: Api, client: TestClient, currency: str, columns: list[str]
) -> None:
    pledge = api.record_pledge()
    api.amend_pledge(pledge, donor="NO", amount="900.00")
    query = {"from": "0", "measure": "pledged", "currency": currency}
    answer = client.get("/v1/changes.csv", params=query)
    lines = list(csv.reader(io.StringIO(answer.text)))
    rows = api.get("/v1/changes", **query)["data"]
    assert lines[0][:3] == columns
    assert [dict(zip(lines[0], line, strict=True)) for line in lines[1:]] == [
        {name: str(value) for name, value in
         {**row, "measure": "pledged", columns[2]: row.get("currency", "EUR")}.items()}
        for row in rows
    ]  # fmt: skip
    by_header = client.get("/v1/changes", params=query, headers={"Accept": "text/csv"})
    assert by_header.content == answer.content
    assert 'filename="changes-r0-r2.csv"' in answer.headers["Content-Disposition"]
