"""Vehicles, enactments, relations and the pledges that hang on requests, over HTTP."""

from typing import Any

from starlette.testclient import TestClient

from tests.client import Api

PATH = "/v1/legislative-requests"
VEHICLES = "/v1/vehicles"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
BILL = {"jurisdiction": "US", "session": "118", "identifier": "H.R. 815"}
LINES = [
    {"key": "a", "component": "military", "amount": "100.00"},
    {"key": "b", "component": "financial", "amount": "50.00"},
]


def made(api: Api, path: str, body: Any) -> dict[str, Any]:
    answer = api.post(path, body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def record(api: Api, **fields: Any) -> dict[str, Any]:
    body = {
        "donor": "US",
        "title": "Supplemental",
        "kind": "supplemental",
        "currency": "USD",
        "requested_on": "2023-10-20",
        "lines": LINES,
        "vehicles": [BILL],
        **fields,
    }
    return made(api, PATH, body)


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def refusals(answer: Any) -> list[tuple[str, str]]:
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


def test_a_vehicle_that_is_named_is_recorded_once_and_moves_all_that_it_carries(api: Api) -> None:
    requests = [record(api), record(api, requested_on="2023-10-25")]
    [one, other] = [request["vehicles"][0]["vehicle_id"] for request in requests]
    assert one == other
    # The first entry made the bill and the request, the second only the other request.
    assert api.get(f"{VEHICLES}/{one}")["version"] == 1
    made(api, f"{VEHICLES}/{one}/actions", {"actions": [{"on": "2023-12-06", "state": "floor"}]})
    found = api.get(PATH, state="floor")["data"]
    assert {request["id"] for request in found} == {request["id"] for request in requests}
    assert api.get(f"{PATH}/{requests[0]['id']}", on="2023-12-05")["state"] == "submitted"


def test_the_tag_of_a_request_follows_its_vehicles(client: TestClient, api: Api) -> None:
    request = record(api)
    address, bill = f"{PATH}/{request['id']}", request["vehicles"][0]["vehicle_id"]
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    made(api, f"{VEHICLES}/{bill}/actions", {"actions": [{"on": "2023-12-06", "state": "floor"}]})
    assert client.get(address, headers={"If-None-Match": tag}).json()["state"] == "floor"
    newer = client.get(address).headers["ETag"]
    body = {"title": "Security supplemental", "reason": "Its name"}
    assert api.patch(address, body, **{"If-Match": newer}).json()["version"] == 2


def test_as_of_a_revision_the_vehicle_is_as_it_was_then(api: Api) -> None:
    request = record(api)
    before = request["meta"]["revision"]
    bill = request["vehicles"][0]["vehicle_id"]
    made(api, f"{VEHICLES}/{bill}/actions", {"actions": [{"on": "2023-12-06", "state": "floor"}]})
    assert api.get(f"{PATH}/{request['id']}", as_of=before)["state"] == "submitted"
    assert api.get(f"{VEHICLES}/{bill}", as_of=before)["state"] is None
    assert api.get(f"{PATH}/{request['id']}")["state"] == "floor"


def test_a_second_vehicle_of_one_name_is_refused_and_the_first_is_named(api: Api) -> None:
    first = made(api, VEHICLES, BILL)
    answer = api.post(VEHICLES, BILL)
    assert problem(answer) == (409, "vehicle-exists")
    assert answer.json()["vehicle"] == first["id"]
    assert [one["id"] for one in api.get(VEHICLES, name="US/118/H.R. 815")["data"]] == [first["id"]]


def test_vehicles_are_listed_by_name_page_by_page(api: Api) -> None:
    for number in (3, 1, 2):
        made(api, VEHICLES, {**BILL, "identifier": f"H.R. {number}"})
    made(api, VEHICLES, {"jurisdiction": "DK", "identifier": "L 123", "title": "Ukrainefonden"})
    names, cursor = [], None
    while True:
        given: dict[str, str] = {"cursor": cursor} if cursor else {}
        page = api.get(VEHICLES, limit=2, **given)
        names += [one["name"] for one in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert names == ["DK//L 123", "US/118/H.R. 1", "US/118/H.R. 2", "US/118/H.R. 3"]
    assert [one["name"] for one in api.get(VEHICLES, q="ukrainefonden")["data"]] == ["DK//L 123"]


def test_an_illegal_step_of_a_vehicle_stores_none_of_its_actions(api: Api) -> None:
    bill = made(api, VEHICLES, {**BILL, "introduced_on": "2023-02-02"})
    steps = [{"on": "2023-03-01", "state": "rejected"}, {"on": "2023-04-01", "state": "floor"}]
    answer = api.post(f"{VEHICLES}/{bill['id']}/actions", {"actions": steps})
    assert problem(answer) == (409, "illegal-transition")
    assert (answer.json()["on"], answer.json()["from"]) == ("2023-04-01", "rejected")
    early = [{"on": "2023-02-01", "state": "in_committee"}]
    answer = api.post(f"{VEHICLES}/{bill['id']}/actions", {"actions": early})
    assert refusals(answer) == [("/actions/0/on", "date-order")]
    assert api.get(f"{VEHICLES}/{bill['id']}")["actions"] == []


def test_a_funding_link_over_the_limit_tells_what_is_left(api: Api) -> None:
    pledge = api.record_pledge(donor="US", currency="USD", announced_on="2024-05-01")
    own = f"{PATH}/{record(api)['id']}"
    made(api, f"{own}/enactments", {"on": "2024-04-24", "lines": [{"line": "a"}]})
    body = {"enacted_line": "E1", "pledge": pledge["reference"], "amount": "60.00"}
    linked = made(api, f"{own}/funding", body)
    answer = api.post(f"{own}/funding", {**body, "amount": "40.01"})
    assert problem(answer) == (409, "funding-exceeded")
    assert (answer.json()["left"], answer.json()["currency"]) == ("40.00", "USD")
    withdrawal = f"{own}/enactments/{linked['enactments'][0]['id']}/withdrawal"
    assert problem(api.post(withdrawal, {"reason": "so"})) == (409, "still-funding")
    unknown = {**body, "pledge": "US-0000"}
    assert refusals(api.post(f"{own}/funding", unknown)) == [("/pledge", "unknown-pledge")]


def test_what_the_address_names_is_looked_for_first(api: Api) -> None:
    for path, body in {
        "relations": {"kind": "increases", "other": "US-0000", "effective_on": "2023-12-01"},
        "funding": {"enacted_line": "E1", "pledge": "US-0000", "amount": "1.00"},
        "dependencies": {"pledge": "US-0000"},
    }.items():
        assert problem(api.post(f"{PATH}/{UNKNOWN}/{path}", body)) == (404, "not-found")


def test_the_same_need_is_never_pending_twice(api: Api) -> None:
    old = record(api, requested_on="2023-08-10", reference="US-2023-08", vehicles=[])
    new = record(api)
    amounts = {"on": "2023-10-25", "by": "donor"}
    assert api.get(f"{PATH}/pending", **amounts)["total"]["amount"] == "300.00"
    relation = {"kind": "supersedes", "other": "US-2023-08", "effective_on": "2023-10-20"}
    related = made(api, f"{PATH}/{new['id']}/relations", relation)
    assert api.get(f"{PATH}/pending", **amounts)["total"]["amount"] == "150.00"
    [ending] = [one for one in api.get(f"{PATH}/{old['id']}")["actions"] if one["cause"]]
    assert (ending["state"], ending["cause"]) == ("superseded", related["relations"][0]["id"])
    unknown = {**relation, "other": "US-0000"}
    answer = api.post(f"{PATH}/{new['id']}/relations", unknown)
    assert refusals(answer) == [("/other", "unknown-request")]
    itself = {**relation, "other": new["id"]}
    answer = api.post(f"{PATH}/{new['id']}/relations", itself)
    assert problem(answer) == (409, "related-to-itself")


def test_a_link_that_is_recorded_twice_with_one_key_is_there_once(api: Api) -> None:
    pledge = api.record_pledge()
    own = f"{PATH}/{record(api)['id']}"
    key = {"Idempotency-Key": "a-pledge-that-waits"}
    first = api.post(f"{own}/dependencies", {"pledge": pledge["id"]}, **key)
    again = api.post(f"{own}/dependencies", {"pledge": pledge["id"]}, **key)
    assert (first.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_timeline_tells_both_streams_and_what_is_ahead(api: Api) -> None:
    request = record(api)
    bill = request["vehicles"][0]["vehicle_id"]
    steps = [{"on": "2023-12-06", "state": "floor"}, {"on": "2027-01-15", "text": "Vote set"}]
    made(api, f"{VEHICLES}/{bill}/actions", {"actions": steps})
    told = api.get(f"{PATH}/{request['id']}/timeline")
    assert [(row["day"], row["vehicle"], row["state"]) for row in told["data"]] == [
        ("2023-10-20", None, "submitted"),
        ("2023-12-06", "US/118/H.R. 815", "floor"),
    ]
    assert [(row["day"], row["action"]["text"]) for row in told["ahead"]] == [
        ("2027-01-15", "Vote set")
    ]


def test_what_was_not_public_is_not_there(client: TestClient, api: Api) -> None:
    request = record(api, requested_on="2023-08-17", published_on="2023-08-21")
    address = f"{PATH}/{request['id']}"
    assert client.get(address, params={"known_on": "2023-08-20"}).status_code == 404
    assert client.get(address, params={"known_on": "2023-08-21"}).status_code == 200
    for known, amount in (("2023-08-20", "0"), ("2023-08-21", "150.00")):
        found = api.get(f"{PATH}/pending", on="2023-08-20", known_on=known, by="donor")
        assert found["total"]["amount"] == amount
