"""Whatever people quote is cited alike: totals, changes, what is pending, one pledge, one request."""

from datetime import timedelta
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from tests.client import Api
from tests.clock import StoppedClock
from tests.exports.test_citations import tampered, visit

REQUEST: Final = {
    "reference": "US-LR-1",
    "donor": "US",
    "title": "Supplemental",
    "kind": "supplemental",
    "currency": "USD",
    "requested_on": "2023-10-20",
    "lines": [
        {"component": "military", "amount": "61.40"},
        {"component": "military", "amount": "7.80", "amount_kind": "authority_ceiling"},
        {"component": "humanitarian"},
    ],
}
# What is asked, what its token calls it, and the figure in words.
KINDS: Final = {
    "/v1/cite?measure=pledged&currency=native": ("totals", "DKK 1000.00"),
    "/v1/cite/changes?from=0&measure=pledged&currency=native": (
        "changes",
        "DKK 1000.00, from 0.00 to 1000.00",
    ),
    "/v1/cite/legislative-requests/pending?donor=US&by=donor": (
        "pending",
        "USD 61.40 + USD 7.80 of authority",
    ),
    "/v1/cite/pledges/DK-1": ("pledge", "DKK 1000.00, committed"),
    "/v1/cite/legislative-requests/US-LR-1": (
        "legislative_request",
        "USD 61.40 + USD 7.80 of authority, submitted",
    ),
}
# Made before anything but totals could be cited, of a ledger that began with the same pledge.
OLD_TOKEN: Final = (
    "b2f7fa2953e2ef86b5de34e33a29982dWyJ0b3RhbHMiLCIxIix7ImJ5IjoiYWlkX3R5cGUsZG9ub3IiLCJjdW11"
    "bGF0aXZlIjoiZmFsc2UiLCJjdXJyZW5jeSI6IkVVUiIsImRvbm9yIjoiREsiLCJmaXJtIjoidHJ1ZSIsImZ4Ijoi"
    "YW5ub3VuY2VtZW50IiwibWVhc3VyZSI6ImNvbW1pdHRlZCJ9XQ"
)
every_kind: Final = pytest.mark.parametrize("question", KINDS)


@pytest.fixture
def recorded(api: Api) -> Api:
    """A pledge, and a request to a parliament."""
    api.record_pledge(reference="DK-1", status="committed")
    assert api.post("/v1/legislative-requests", REQUEST).status_code == 201
    return api


def write_on(api: Api) -> None:
    """Change everything that is cited here."""
    api.amend_pledge(api.get("/v1/pledges/DK-1"), amount="1500.00")
    path = f"/v1/legislative-requests/{api.get('/v1/legislative-requests/US-LR-1')['id']}"
    lines = [{"component": "military", "amount": "60.00"}]
    amended = api.patch(path, {"reason": "misread", "lines": lines}, **{"If-Match": '"1"'})
    assert amended.status_code == 200, amended.text
    action = {"on": "2023-11-02", "state": "floor", "body": "House"}
    assert api.post(f"{path}/actions", action).status_code == 201


def with_moment(address: str, at: str) -> str:
    """The question as of a moment."""
    moment = "to" if "/changes" in address else "as_of"
    return f"{address}{'&' if '?' in address else '?'}{moment}={at}"


@every_kind
def test_every_kind_shows_then_and_now(
    recorded: Api, client: TestClient, clock: StoppedClock, question: str
) -> None:
    of, value = KINDS[question]
    cited = visit(client, question)
    assert (cited["of"], cited["difference"]) == (of, "0.00")
    assert cited["citation"].startswith(f"Aid Ledger (2026). {cited['title']}: {value}. Revision 2")
    clock.advance(timedelta(days=80))
    write_on(recorded)
    visited = visit(client, cited["address"])
    assert visited["then"] == cited["then"]
    assert visited["citation"] == cited["citation"]
    assert visited["difference"] == ("-1.40" if "legislative" in question else "500.00")
    assert visited["now"]["revision"] == 5
    # What is now is what is cited now, without a difference.
    again = visit(client, question)
    assert again["then"]["total"] == visited["now"]["total"]
    assert again["then"]["data"] == visited["now"]["data"]
    assert again["difference"] == "0.00"


@every_kind
def test_the_address_of_its_own_gives_the_same_figures(
    recorded: Api, client: TestClient, clock: StoppedClock, question: str
) -> None:
    address = visit(client, question)["address"]
    clock.advance(timedelta(days=80))
    write_on(recorded)
    visited = visit(client, address)
    for name in ("then", "now"):
        shown = visit(client, visited["links"][name])
        if "total" in shown:
            assert shown["total"] == visited[name]["total"]
            assert shown["data"] == visited[name]["data"]
        elif "lines" in shown:
            assert shown["state"] == visited[name]["total"]["state"]
            told = [{key: line[key] for key in row} for line, row in
                    zip(shown["lines"], visited[name]["data"], strict=True)]  # fmt: skip
            assert told == visited[name]["data"]
        else:
            assert shown["amount"] == visited[name]["total"]["amount"]
            stages = {row["stage"]: row["amount"] for row in visited[name]["data"]}
            assert shown["stages"] == stages


@every_kind
def test_one_moment_has_one_address(recorded: Api, client: TestClient, question: str) -> None:
    first = visit(client, question)["address"]
    assert visit(client, question)["address"] == first
    assert visit(client, with_moment(question, "2"))["address"] == first


@every_kind
def test_reference_managers_read_every_kind(
    recorded: Api, client: TestClient, question: str
) -> None:
    cited = visit(client, question)
    value = KINDS[question][1]
    entry = client.get(cited["links"]["bibtex"]).text
    assert entry.startswith("@misc{aidledger-r2-")
    assert f"{value}}}" in entry
    [item] = client.get(cited["links"]["csl"]).json()
    assert (item["title"], item["version"]) == (f"{cited['title']}: {value}", "2")


@every_kind
@pytest.mark.parametrize(
    "change",
    [
        lambda payload: payload.__setitem__(1, "1"),
        lambda payload: payload.__setitem__(1, "99"),
        lambda payload: payload[2].update(
            {"id": "00000000-0000-7000-8000-000000000000"}
            if "id" in payload[2]
            else {"donor": "NO"}
        ),
    ],
)
def test_of_every_kind_a_change_is_noticed(
    recorded: Api, client: TestClient, question: str, change: Any
) -> None:
    address = visit(client, question)["address"]
    for suffix in ("", ".bib", ".csl.json"):
        answer = client.get(tampered(address, change) + suffix)
        assert (answer.status_code, answer.json()["code"]) == (409, "citation-differs")


@every_kind
@pytest.mark.parametrize(
    "change",
    [
        lambda payload: payload[2].update(surprise="1"),
        lambda payload: payload[2].update(id="canary"),
        lambda payload: payload[2].update(as_of="1"),
        lambda payload: payload.__setitem__(0, "canary"),
    ],
)
def test_of_every_kind_what_nobody_gave_is_not_found(
    recorded: Api, client: TestClient, question: str, change: Any
) -> None:
    assert client.get(tampered(visit(client, question)["address"], change)).status_code == 404


def test_a_token_of_the_first_release_of_citations_stays_valid(
    recorded: Api, client: TestClient
) -> None:
    visited = visit(client, f"/v1/cite/{OLD_TOKEN}")
    assert visited["citation"].startswith(
        "Aid Ledger (2026). Committed aid to Ukraine (Donor: DK): EUR 134.05. Revision 1,"
    )
    assert visited["question"]["fx"] == "announcement"


def test_what_is_pending_is_about_the_day_of_the_citation_and_then_about_today(
    recorded: Api, client: TestClient, clock: StoppedClock
) -> None:
    question = "/v1/cite/legislative-requests/pending?by=donor"
    cited = visit(client, question)
    assert cited["title"] == "Aid to Ukraine pending before parliaments on 2026-11-22"
    clock.advance(timedelta(days=2))
    # Nothing was recorded meanwhile, and yet it is another day.
    later = visit(client, question)
    assert later["title"].endswith("on 2026-11-24")
    assert later["address"] != cited["address"]
    assert visit(client, cited["address"])["then"]["on"] == "2026-11-22"
    assert visit(client, cited["address"])["now"]["on"] == "2026-11-24"
    assert visit(client, later["address"])["then"] == later["then"]


def test_a_day_that_is_named_stays(recorded: Api, client: TestClient, clock: StoppedClock) -> None:
    cited = visit(client, "/v1/cite/legislative-requests/pending?on=2023-10-19")
    assert "2023-10-19: nothing" in cited["citation"]
    clock.advance(timedelta(days=2))
    assert visit(client, cited["address"])["now"]["on"] == "2023-10-19"


def test_pending_amounts_of_several_currencies_have_no_difference(
    recorded: Api, client: TestClient
) -> None:
    other = {**REQUEST, "reference": "NO-LR-1", "donor": "NO", "currency": "NOK"}
    assert recorded.post("/v1/legislative-requests", other).status_code == 201
    cited = visit(client, "/v1/cite/legislative-requests/pending")
    assert cited["difference"] is None
    assert "NOK 61.40 + NOK 7.80 of authority + USD 61.40" in cited["citation"]


def test_an_unknown_amount_is_cited_as_unknown(recorded: Api, client: TestClient) -> None:
    pledge = recorded.record_pledge(reference="DE-1", donor="DE", amount=None, currency=None)
    cited = visit(client, "/v1/cite/pledges/DE-1")
    assert "no amount published, pledged" in cited["citation"]
    assert cited["difference"] is None
    recorded.amend_pledge(pledge, amount="5.00", currency="EUR")
    visited = visit(client, cited["address"])
    assert (visited["now"]["total"]["amount"], visited["difference"]) == ("5.00", None)


def test_what_was_recorded_in_error_is_still_found_as_it_was(
    recorded: Api, client: TestClient
) -> None:
    addresses = [
        visit(client, f"/v1/cite/{path}")["address"]
        for path in ("pledges/DK-1", "legislative-requests/US-LR-1")
    ]
    for path in ("/v1/pledges/DK-1", "/v1/legislative-requests/US-LR-1"):
        found = recorded.get(path)
        address = f"{path.rpartition('/')[0]}/{found['id']}/withdrawal"
        gone = recorded.post(address, {"reason": "twice"}, **{"If-Match": '"1"'})
        assert gone.status_code == 200, gone.text
    pledge, request = (visit(client, address) for address in addresses)
    assert pledge["then"]["total"]["status"] == "committed"
    assert pledge["now"]["total"]["status"] == "withdrawn"
    assert request["then"]["total"]["withdrawn"] is False
    assert request["now"]["total"]["withdrawn"] is True


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/v1/cite/pledges/XX-9", 404),
        ("/v1/cite/pledges/canary canary", 404),
        ("/v1/cite/pledges/DK-1?as_of=0", 404),
        ("/v1/cite/legislative-requests/XX-9", 404),
        ("/v1/cite/legislative-requests/US-LR-1?known_on=canary", 422),
        ("/v1/cite/legislative-requests/pending?on=2099-01-01", 422),
        ("/v1/cite/legislative-requests/pending?by=canary", 422),
        ("/v1/cite/changes", 422),
        ("/v1/cite/changes?from=2&to=1", 422),
        ("/v1/cite/changes?from=99", 422),
        ("/v1/cite/changes?from=0&to=99", 422),
        ("/v1/cite/changes?from=0&fx=announcement", 422),
    ],
)
def test_what_cannot_be_read_cannot_be_cited(
    recorded: Api, client: TestClient, address: str, status: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    assert "canary" not in answer.text


def test_both_names_of_a_record_give_one_address(recorded: Api, client: TestClient) -> None:
    for path in ("pledges/DK-1", "legislative-requests/US-LR-1"):
        found = recorded.get(f"/v1/{path}")["id"]
        named = visit(client, f"/v1/cite/{path}")["address"]
        assert visit(client, f"/v1/cite/{path.rpartition('/')[0]}/{found}")["address"] == named


def test_a_request_is_cited_on_a_day(recorded: Api, client: TestClient) -> None:
    write_on(recorded)
    cited = visit(client, "/v1/cite/legislative-requests/US-LR-1?on=2023-10-31")
    assert cited["title"].endswith("US-LR-1 of United States: Supplemental, on 2023-10-31")
    assert cited["then"]["total"]["state"] == "submitted"
    assert cited["then"]["on"] == "2023-10-31"
    assert visit(client, cited["links"]["then"])["state"] == "submitted"
