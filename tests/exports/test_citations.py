"""A cited figure is found again as it was, whatever is recorded or loaded later, and nobody changes it unnoticed."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.access.domain import Role
from app.exports.citing.references import escape_bibtex
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key

QUESTION = "measure=pledged&donor=DK"


def cite(client: TestClient, question: str = QUESTION) -> dict[str, Any]:
    answer = client.get(f"/v1/cite?{question}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def visit(client: TestClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def tampered(address: str, change: Any) -> str:
    """The address with its question changed, and the digest as it was."""
    head, token = address[: len("/v1/cite/")], address.rpartition("/")[2]
    payload = json.loads(urlsafe_b64decode(token[32:] + "=" * (-len(token[32:]) % 4)))
    change(payload)
    written = json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()
    return head + token[:32] + urlsafe_b64encode(written).decode().rstrip("=")


def test_a_citation_shows_then_and_now(api: Api, client: TestClient, clock: StoppedClock) -> None:
    pledge = api.record_pledge(amount="1000.00", currency="DKK")
    cited = cite(client)
    # The European Central Bank's rate of 14 November 2023 was 7.4597 kroner for one euro.
    assert cited["then"]["total"]["amount"] == "134.05"
    assert cited["difference"] == "0.00"
    clock.advance(timedelta(days=80))
    api.amend_pledge(pledge, amount="2000.00")
    api.record_pledge(donor="NO", currency="NOK")
    visited = visit(client, cited["address"])
    assert visited["then"] == cited["then"]
    assert visited["now"]["total"]["amount"] == "268.11"
    assert visited["difference"] == "134.06"
    assert visited["address"] == cited["address"]
    assert visited["citation"] == (
        "Aid Ledger (2026). Pledged aid to Ukraine (Donor: DK): EUR 134.05. Revision 1, as of 2026-11-22T10:00:00Z. "
        + cited["address"]
    )
    assert client.get(cited["links"]["then"]).json()["total"] == cited["then"]["total"]
    assert client.get(cited["links"]["now"]).json()["total"] == visited["now"]["total"]


def test_the_same_question_at_the_same_revision_has_one_address(
    api: Api, client: TestClient
) -> None:
    api.record_pledge()
    first = cite(client)["address"]
    assert cite(client, f"{QUESTION}&by=donor&currency=EUR&of=totals")["address"] == first
    assert cite(client, f"{QUESTION}&as_of=1")["address"] == first


def test_rates_that_are_loaded_later_change_what_is_and_not_what_was(
    app: FastAPI, api: Api, client: TestClient, clock: StoppedClock
) -> None:
    api.record_pledge(amount="1000.00", currency="UAH")
    admin = {"Authorization": f"Bearer {make_key(app.state.database, clock, Role.ADMIN)}"}

    def load(rate: str) -> None:
        rates = [{"on": "2023-11-14", "base": "EUR", "quote": "UAH", "rate": rate}]
        body = {"source": "NBU", "label": "bank.gov.ua", "rates": rates}
        assert client.post("/v1/fx/rates", json=body, headers=admin).status_code == 201
        clock.advance(timedelta(minutes=1))

    load("40")
    shown = client.get(f"/v1/totals?{QUESTION}").json()["total"]["amount"]
    # As of the revision there is no rate yet: what is cited is what is shown.
    cited = cite(client)
    assert cited["then"]["total"]["amount"] == shown == "25.00"
    clock.advance(timedelta(minutes=1))
    load("50")
    visited = visit(client, cited["address"])
    assert visited["then"]["total"]["amount"] == "25.00"
    assert visited["now"]["total"]["amount"] == "20.00"


@pytest.mark.parametrize(
    "change",
    [
        lambda payload: payload[2].update(donor="NO"),
        lambda payload: payload[2].update(measure="committed"),
        lambda payload: payload.__setitem__(1, "2"),
        lambda payload: payload.__setitem__(1, "999"),
        lambda payload: payload.__setitem__(1, "2099-01-01T00:00:00Z"),
    ],
)
def test_an_address_that_was_changed_is_noticed(api: Api, client: TestClient, change: Any) -> None:
    pledge = api.record_pledge()
    address = cite(client)["address"]
    api.amend_pledge(pledge, amount="5.00")
    answer = client.get(tampered(address, change))
    assert (answer.status_code, answer.json()["code"]) == (409, "citation-differs")
    assert visit(client, address)["then"]["total"]["amount"] == "134.05"


@pytest.mark.parametrize(
    "change",
    [
        lambda payload: payload[2].update(donor="canary"),
        lambda payload: payload[2].update(explain="true"),
        lambda payload: payload[2].update(explain=True),
        lambda payload: payload[2].update(cumulative="canary"),
        lambda payload: payload.append(1),
        lambda payload: payload.__setitem__(0, "canary"),
        lambda payload: payload.__setitem__(1, 1),
        lambda payload: payload.__setitem__(2, []),
        lambda payload: payload.clear(),
    ],
)
def test_an_address_that_nobody_gave_is_not_found(
    api: Api, client: TestClient, change: Any
) -> None:
    api.record_pledge()
    address = tampered(cite(client)["address"], change)
    for suffix in ("", ".bib", ".csl.json"):
        assert client.get(address + suffix).status_code == 404
    for token in ("x", "0" * 32, "0" * 32 + "====", "0" * 32 + "a", "0" * 5_000, "é"):
        assert client.get(f"/v1/cite/{token}").status_code == 404


def test_another_spelling_of_a_token_is_not_found(api: Api, client: TestClient) -> None:
    api.record_pledge()
    address = cite(client)["address"]
    for spelling in (address + "A", address.upper(), address.replace("-", "+")):
        if spelling != address:
            assert client.get(spelling).status_code == 404


def test_reference_managers_read_it(api: Api, client: TestClient) -> None:
    api.record_pledge()
    address = cite(client)["address"]
    entry = client.get(f"{address}.bib")
    assert entry.headers["content-type"] == "application/x-bibtex"
    assert entry.text.startswith("@misc{aidledger-r1-")
    assert f"url = {{{address}}}" in entry.text
    [item] = client.get(f"{address}.csl.json").json()
    assert item["type"] == "dataset"
    assert item["issued"] == {"date-parts": [[2026, 11, 22]]}
    assert item["URL"] == address
    for suffix, media in (
        (".bib", "application/x-bibtex"),
        (".csl.json", "application/vnd.citationstyles.csl+json"),
    ):
        by_header = client.get(address, headers={"Accept": media})
        assert by_header.content == client.get(address + suffix).content


@pytest.mark.parametrize(
    "text", ["}", "{", "\\input{x}", "a}, note={x", "100% & more_#$~^", "\\", '"; @misc{x', "\n}"]
)
def test_no_search_text_breaks_out_of_bibtex(api: Api, client: TestClient, text: str) -> None:
    api.record_pledge(title=f"about {text.strip()}")
    answer = client.get("/v1/cite", params={"q": text.strip(), "measure": "pledged"})
    assert answer.status_code == 200, answer.text
    entry = client.get(answer.json()["address"] + ".bib").text
    assert entry.count("{") == entry.count("}")
    assert entry.count("@misc{") == 1 or "@misc" in text
    assert len(entry.splitlines()) == 9
    assert client.get(answer.json()["address"] + ".csl.json").status_code == 200


@given(st.text())
def test_an_escaped_text_is_balanced_and_holds_no_bare_sign(text: str) -> None:
    escaped = escape_bibtex(text)
    depth = 0
    for sign in escaped:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert 0 <= depth <= 1
    assert depth == 0
    assert "\n" not in escaped


def test_amounts_in_several_currencies_are_cited_side_by_side(api: Api, client: TestClient) -> None:
    api.record_pledge(amount="10.00", currency="DKK")
    api.record_pledge(donor="NO", amount="20.00", currency="NOK")
    cited = cite(client, "measure=pledged&currency=native")
    assert "DKK 10.00 + NOK 20.00" in cited["citation"]
    assert cited["difference"] is None


def test_an_empty_ledger_can_be_cited(client: TestClient) -> None:
    cited = cite(client)
    assert cited["then"]["total"]["amount"] == "0.00"
    assert client.get(cited["address"] + ".bib").status_code == 200
    assert client.get(cited["address"] + ".csl.json").status_code == 200
