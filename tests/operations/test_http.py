"""Every address keeps the promises of HTTP: HEAD is GET without the body, 405 names what is allowed.

The addresses are taken from the API's own description, so that a new one is held to the same promises.
"""

from typing import Final

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.client import Api

pytestmark: Final = pytest.mark.parametrize("engine_name", ["sqlite"])

METHODS: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
# What an answer may not do in a browser, whatever it holds.
GUARDS: Final = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def addresses(app: FastAPI, pledge: str) -> dict[str, set[str]]:
    """Each address whose parameters we can fill, with the methods that it takes."""
    described = {
        path.replace("{pledge_id}", pledge): {method.upper() for method in methods}
        for path, methods in app.openapi()["paths"].items()
    }
    return {path: methods for path, methods in described.items() if "{" not in path}


@pytest.fixture
def pledge(api: Api) -> str:
    """The id of a pledge on record."""
    pledge: str = api.record_pledge()["id"]
    return pledge


@pytest.fixture
def readable(app: FastAPI, pledge: str) -> list[str]:
    """Every address that can be read without more ado."""
    found = [path for path, methods in addresses(app, pledge).items() if "GET" in methods]
    assert len(found) > 10
    return found


def test_head_is_get_without_the_body(api: Api, readable: list[str]) -> None:
    for path in readable:
        get = api.client.get(path, headers=api.headers)
        head = api.client.head(path, headers=api.headers)
        assert head.content == b"", path
        assert head.status_code == get.status_code, path
        for name in ("Content-Type", "ETag", "Cache-Control", "Link", "Content-Disposition"):
            assert head.headers.get(name) == get.headers.get(name), (path, name)


def test_405_names_every_method_that_the_address_takes(
    client: TestClient, app: FastAPI, pledge: str
) -> None:
    for path, described in addresses(app, pledge).items():
        answers = {method: client.request(method, path) for method in METHODS}
        refused = {method for method, answer in answers.items() if answer.status_code == 405}
        assert answers["DELETE"].json()["code"] == "method-not-allowed", path
        assert described <= set(METHODS) - refused, path
        for method in refused:
            allowed = answers[method].headers["Allow"].split(", ")
            assert set(allowed) == set(METHODS) - refused, (method, path)


def test_an_address_that_is_not_there_is_not_found_by_any_method(client: TestClient) -> None:
    for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        answer = client.request(method, "/v1/nothing-here")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_every_answer_carries_the_guards_and_a_request_id(api: Api, client: TestClient) -> None:
    answers = {
        200: client.get("/v1/totals"),
        201: api.post("/v1/pledges", {"donor": "DK", "title": "Aid", "aid_type": "military"}),
        400: client.post(
            "/v1/pledges", content=b"{", headers={**api.headers, "Content-Type": "application/json"}
        ),
        401: client.post("/v1/pledges", json={}),
        404: client.get("/v1/pledges/NO-SUCH"),
        405: client.delete("/v1/pledges"),
        406: client.get("/v1/pledges", headers={"Accept": "image/png"}),
        422: client.get("/v1/pledges", params={"what": "ever"}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert len(answer.headers["X-Request-ID"]) >= 8
        assert "server" not in answer.headers
        for name, value in GUARDS.items():
            assert answer.headers[name] == value, (status, name)


def test_a_fault_of_ours_is_a_problem_with_the_guards_too(client: TestClient, app: FastAPI) -> None:
    async def fail() -> None:
        raise RuntimeError("a secret of ours")

    app.add_api_route("/fails", fail)
    answer = client.get("/fails")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["instance"] == answer.headers["X-Request-ID"]
    assert "secret" not in answer.text
    for name, value in GUARDS.items():
        assert answer.headers[name] == value


def test_a_caller_who_holds_the_answer_gets_304_until_the_ledger_moves(
    api: Api, readable: list[str]
) -> None:
    tags = {
        path: api.client.get(path, headers=api.headers).headers.get("ETag") for path in readable
    }
    tagged = {path: tag for path, tag in tags.items() if tag}
    assert {"/v1/pledges", "/v1/totals", "/v1/donors", "/v1/entries"} <= tagged.keys()
    for path, tag in tagged.items():
        held = api.client.get(path, headers={**api.headers, "If-None-Match": tag})
        assert (held.status_code, held.content) == (304, b""), path
        assert held.headers["ETag"] == tag
    api.record_pledge(title="Another one")
    for path in ("/v1/pledges", "/v1/totals", "/v1/donors", "/v1/entries"):
        moved = api.client.get(path, headers={"If-None-Match": tagged[path]})
        assert moved.status_code == 200, path
        assert moved.headers["ETag"] != tagged[path]
