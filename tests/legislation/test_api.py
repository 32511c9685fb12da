"""Legislative requests over HTTP: recorded, followed, amended, withdrawn; and what is pending."""

import base64
import json
from typing import Any

from starlette.testclient import TestClient

from tests.client import Api
from tests.legislation.build import line

PATH = "/v1/legislative-requests"
REQUEST: dict[str, Any] = {
    "donor": "US",
    "reference": "US-2023-10",
    "title": "National security supplemental",
    "requesting_office": "Office of Management and Budget",
    "addressed_to": "Congress",
    "kind": "supplemental",
    "requested_on": "2023-10-20",
    "currency": "USD",
    "lines": [
        line("61400.00", label="Ukraine part"),
        line("5000.00", amount_kind="authority_ceiling"),
        line("2000.00", component="other", beneficiary="not_in_scope"),
    ],
    "vehicles": [{"identifier": "H.R. 815", "jurisdiction": "US", "session": "118"}],
    "sources": [{"url": "https://www.congress.gov/bill/118", "kind": "official"}],
}


def record(api: Api, **fields: Any) -> dict[str, Any]:
    answer = api.post(PATH, {**REQUEST, **fields})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def act(api: Api, request: dict[str, Any], on: str, state: str | None, **fields: Any) -> Any:
    body = {"on": on, "state": state, "text": "It happened", **fields}
    answer = api.post(f"{PATH}/{request['id']}/actions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def errors(answer: Any) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_a_recorded_request_reads_back_by_id_and_by_reference(api: Api) -> None:
    answer = api.post(PATH, REQUEST)
    request = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{PATH}/{request['id']}"
    # Behind the version stands the newest entry of its vehicle, which was recorded with it.
    assert answer.headers["ETag"] == '"1-1"'
    assert api.get(f"{PATH}/US-2023-10") == api.get(f"{PATH}/{request['id']}") == request
    assert request["state"] == "submitted"
    assert request["lines"][0]["amount"] == "61400.00"
    assert request["vehicles"][0]["identifier"] == "H.R. 815"
    assert request["meta"]["revision"] == request["revision"] == 2
    assert set(REQUEST) <= set(request)


def test_a_repeated_call_has_one_effect_and_one_answer(api: Api) -> None:
    first = api.post(PATH, REQUEST, **{"Idempotency-Key": "k"})
    again = api.post(PATH, REQUEST, **{"Idempotency-Key": "k"})
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api.get(PATH)["data"]) == 1
    other = api.post(PATH, {**REQUEST, "title": "Other"}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


def test_a_request_goes_its_way_until_it_is_law(api: Api) -> None:
    request = record(api)
    act(api, request, "2023-12-06", "floor", flag={"name": "blocked", "change": "set"})
    done = act(api, request, "2024-04-24", "enacted", vote={"yes": 79, "no": 18, "roll": 154})
    assert (done["state"], done["version"], done["days_pending"]) == ("enacted", 3, 187)
    assert (done["pending_since"], done["ended_on"]) == ("2023-10-20", "2024-04-24")
    then = api.get(f"{PATH}/US-2023-10", on="2023-12-31")
    assert (then["state"], then["flags"], then["days_pending"]) == ("floor", ["blocked"], 72)
    assert api.get(f"{PATH}/US-2023-10", as_of=request["revision"]) == request


def test_an_illegal_step_is_a_conflict_that_names_the_legal_ones(api: Api) -> None:
    request = record(api)
    act(api, request, "2024-04-24", "enacted")
    answer = api.post(f"{PATH}/{request['id']}/actions", {"on": "2024-05-01", "state": "floor"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "illegal-transition")
    assert (problem["from"], problem["to"], problem["allowed"]) == ("enacted", "floor", [])


BAD_ACTIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"on": "2023-10-19", "state": "floor"}, "/on", "date-order"),
    ({"on": "2026-11-24", "state": "floor"}, "/on", "date-in-future"),
    ({"on": "soon", "state": "floor"}, "/on", "invalid-date"),
    ({"on": "2023-10-21", "state": "dead"}, "/state", "unknown-value"),
    ({"on": "2023-10-21"}, "", "empty-action"),
    ({"on": "2023-10-21", "text": "T", "vote": {"yes": 1.5}}, "/vote/yes", "int_type"),
    ({"on": "2023-10-21", "text": "T", "mood": "bad"}, "/mood", "extra_forbidden"),
]


def test_an_action_that_cannot_be_is_refused_with_its_place(api: Api) -> None:
    address = f"{PATH}/{record(api)['id']}/actions"
    for body, pointer, code in BAD_ACTIONS:
        answer = api.post(address, body)
        assert answer.status_code == 422
        assert errors(answer) == [(pointer, code)]


def test_a_request_that_cannot_be_is_refused_with_every_place(api: Api) -> None:
    body = {**REQUEST, "lines": [line("1.001"), {"component": "military", "amount": 5}]}
    answer = api.post(PATH, body)
    assert answer.status_code == 422
    assert errors(answer) == [("/lines/1/amount", "amount-not-string")]
    record(api)
    taken = api.post(PATH, REQUEST)
    assert errors(taken) == [("/reference", "reference-taken")]


def test_amending_needs_the_current_version_and_a_reason(api: Api) -> None:
    request = record(api)
    address = f"{PATH}/{request['id']}"
    change = {"reason": "the letter says so", "lines": [line("24068.00")]}
    assert api.patch(address, change).status_code == 428
    assert api.patch(address, {"title": "T"}, **{"If-Match": '"1"'}).status_code == 422
    answer = api.patch(address, change, **{"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2-1"')
    assert [one["amount"] for one in answer.json()["lines"]] == ["24068.00"]
    stale = api.patch(address, change, **{"If-Match": '"1"'})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')


def test_a_final_state_is_left_by_withdrawing_the_action(api: Api) -> None:
    request = act(api, record(api), "2024-04-24", "enacted")
    wrong = request["actions"][-1]["id"]
    address = f"{PATH}/{request['id']}/actions/{wrong}/withdrawal"
    answer = api.post(address, {"reason": "another bill"}, **{"If-Match": '"2"'})
    assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
    again = api.post(address, {"reason": "another bill"})
    assert (again.status_code, again.json()["code"]) == (409, "already-withdrawn")


def test_a_request_recorded_in_error_leaves_the_list_and_stays_readable(api: Api) -> None:
    request = record(api)
    answer = api.post(f"{PATH}/{request['id']}/withdrawal", {"reason": "twice"})
    assert (answer.status_code, answer.json()["withdrawn"]) == (200, True)
    assert api.get(PATH)["data"] == []
    assert len(api.get(PATH, withdrawn="true")["data"]) == 1
    assert api.get(f"{PATH}/{request['id']}")["withdrawn"]
    assert api.get(f"{PATH}/pending")["data"] == []


def test_the_history_tells_what_changed_and_why(api: Api) -> None:
    request = record(api)
    act(api, request, "2023-11-09", "floor")
    change = {"reason": "a typo", "title": "Other"}
    api.patch(f"{PATH}/{request['id']}", change, **{"If-Match": '"2"'})
    history = api.get(f"{PATH}/US-2023-10/history")["data"]
    assert [item["kind"].partition(".")[2] for item in history] == [
        "recorded",
        "action_recorded",
        "amended",
    ]
    assert history[2]["reason"] == "a typo"
    assert history[2]["changes"] == [
        {"field": "title", "before": REQUEST["title"], "after": "Other"}
    ]


def test_the_list_is_filtered_and_its_pages_are_of_one_revision(api: Api) -> None:
    for number in range(5):
        record(api, reference=f"US-{number}", requested_on=f"2023-10-2{number}")
    page = api.get(PATH, limit=2, sort="requested_on", state="submitted", **{"from": "2023-10"})
    record(api, reference="US-5", requested_on="2023-10-19")
    names = [one["reference"] for one in page["data"]]
    while page["next_cursor"]:
        page = api.get(
            PATH,
            limit=2,
            sort="requested_on",
            state="submitted",
            cursor=page["next_cursor"],
            **{"from": "2023-10"},
        )
        names += [one["reference"] for one in page["data"]]
    assert names == [f"US-{number}" for number in range(5)]
    on = api.get(PATH, state="submitted", on="2023-10-20")
    assert {one["reference"] for one in on["data"]} == {"US-0", "US-5"}


BAD_QUERIES = (
    "state=dead",
    "donor=XX",
    "kind=bill",
    "sort=amount",
    "from=2024&to=2023",
    "on=2023-10",
    "on=2026-12-24",
    "mood=bad",
    "state=floor&state=passed",
    "q=%00",
)
BAD_PENDING_QUERIES = (
    "by=month",
    "by=donor,donor",
    "by=donor,component,state,kind",
    "currency=GBP",
    "on=2023",
    "component=arms",
    "as_of=9",
)


def test_a_query_that_cannot_be_read_is_refused(client: TestClient) -> None:
    for query in BAD_QUERIES:
        assert client.get(f"{PATH}?{query}").status_code == 422, query
    for query in BAD_PENDING_QUERIES:
        assert client.get(f"{PATH}/pending?{query}").status_code == 422, query


def test_an_unknown_name_is_not_found(client: TestClient) -> None:
    for name in ("nothing", "%00", "%ED%A0%80", "a" * 36, "Ünbekannt", "0" * 99):
        assert client.get(f"{PATH}/{name}").status_code == 404, name
        assert client.get(f"{PATH}/{name}/history").status_code == 404, name


def test_a_reference_as_long_as_an_id_is_found(api: Api) -> None:
    name = "a" * 36
    record(api, reference=name)
    assert api.get(f"{PATH}/{name}")["reference"] == name


def test_pending_amounts_stand_in_columns_by_donor_and_component(api: Api) -> None:
    record(api)
    answer = api.get(f"{PATH}/pending", on="2023-10-25")
    assert answer["data"][0] == {
        "donor": "US",
        "component": "military",
        "standing": "pending",
        "currency": "USD",
        "amount": "61400.00",
        "authority": "5000.00",
        "envelope": "0.00",
        "in_kind": "0.00",
        "guarantee": "0.00",
        "out_of_scope": "0.00",
        "requests": 1,
        "unvalued": 0,
    }
    assert answer["data"][1]["out_of_scope"] == "2000.00"
    assert answer["total"]["amount"] == "61400.00"
    assert answer["total"]["requests"] == 1
    assert answer["meta"]["on"] == "2023-10-25"
    assert answer["meta"]["currency"] == "native"
    assert answer["meta"]["fx"] is None
    assert answer["meta"]["revision"] == 2
    assert answer["next_cursor"] is None


def test_nothing_is_pending_before_the_request_and_after_its_end(api: Api) -> None:
    request = record(api)
    act(api, request, "2024-04-24", "enacted")
    for on in ("2023-10-19", "2024-04-24"):
        answer = api.get(f"{PATH}/pending", on=on, currency="USD")
        assert answer["data"] == []
        assert answer["total"]["amount"] == "0.00"
    assert api.get(f"{PATH}/pending")["meta"]["on"] == "2026-11-22"
    assert (
        api.get(f"{PATH}/pending", on="2024-05-01", as_of=request["revision"])["total"]["requests"]
        == 1
    )


def test_native_totals_of_two_currencies_stand_beside_each_other(api: Api) -> None:
    record(api)
    record(api, donor="DE", reference="DE-1", currency="EUR", lines=[line("100.00")])
    answer = api.get(f"{PATH}/pending", on="2023-10-25", by="donor")
    assert [(row["donor"], row["currency"], row["amount"]) for row in answer["data"]] == [
        ("DE", "EUR", "100.00"),
        ("US", "USD", "61400.00"),
    ]
    assert answer["total"]["amount"] is None
    assert [one["currency"] for one in answer["total"]["by_currency"]] == ["EUR", "USD"]


def test_converted_rows_add_up_to_their_total(api: Api) -> None:
    # 20 October 2023: 1 EUR = 1.0591 USD (European Central Bank).
    record(api, lines=[line("105.91"), line("1059.10", component="financial")])
    record(api, donor="DE", reference="DE-1", currency="EUR", lines=[line("100.00")])
    answer = api.get(f"{PATH}/pending", on="2023-10-25", by="component", currency="EUR")
    assert [(row["component"], row["amount"]) for row in answer["data"]] == [
        ("financial", "1000.00"),
        ("military", "200.00"),
    ]
    assert answer["total"]["amount"] == "1200.00"
    assert answer["meta"]["fx"] == "requested_on"
    assert answer["meta"]["provisional_rates"] == []


def test_the_same_question_is_answered_with_304(client: TestClient, api: Api) -> None:
    record(api)
    for address in (PATH, f"{PATH}/US-2023-10", f"{PATH}/pending?on=2023-10-25"):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_forged_cursor_is_refused(client: TestClient, api: Api) -> None:
    record(api, reference="A")
    record(api, reference="B")
    cursor = api.get(PATH, limit=1)["next_cursor"]
    for forged in (
        cursor[:-4],
        forge(cursor, []),
        forge(cursor, ["2023", "A"]),
        forge(cursor, [1, 2]),
    ):
        answer = client.get(PATH, params={"limit": 1, "cursor": forged})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")


def forge(cursor: str, after: list[Any]) -> str:
    """The same cursor with another place in it."""
    revision, _, digest, issued_at = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    forged = json.dumps([revision, after, digest, issued_at]).encode()
    return base64.urlsafe_b64encode(forged).decode().rstrip("=")


def test_only_a_contributor_writes(client: TestClient) -> None:
    assert client.post(PATH, json=REQUEST).status_code == 401
