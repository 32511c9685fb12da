"""Administrators make, see and revoke keys over HTTP; a key's text is shown once, digests never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import problems
from app.access import service
from app.access.api import router
from app.access.deps import Authenticator
from app.access.domain import Role
from app.settings import Settings

if TYPE_CHECKING:
    from app.db import Database
    from tests.access.conftest import StoppedClock

ANALYST = {"name": "Analyst", "role": "reader"}


@pytest.fixture
def anyone(access_database: Database, clock: StoppedClock) -> TestClient:
    app = FastAPI()
    app.state.settings = Settings()
    app.state.database = access_database
    app.state.clock = clock
    app.state.check_write = lambda: None
    app.state.authenticator = Authenticator(access_database, clock)
    problems.install(app)
    app.include_router(router)
    return TestClient(app)


@pytest.fixture
def admin(anyone: TestClient, access_database: Database, clock: StoppedClock) -> TestClient:
    key = new_key(access_database, clock, Role.ADMIN)
    return TestClient(anyone.app, headers={"Authorization": f"Bearer {key}"})


def new_key(database: Database, clock: StoppedClock, role: Role) -> str:
    with database.transaction() as session:
        return service.create_key(
            session, name=role.value, role=role, clock=clock, created_by="test"
        ).text


def test_a_new_key_is_shown_once_and_works(admin: TestClient, anyone: TestClient) -> None:
    answer = admin.post("/v1/api-keys", json=ANALYST | {"role": "admin", "valid_days": 10})
    key = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert key == {
        "id": key["key"].split("_")[1],
        "name": "Analyst",
        "role": "admin",
        "state": "live",
        "created_at": "2026-11-22T10:00:00Z",
        "expires_at": "2026-12-02T10:00:00Z",
        "revoked_at": None,
        "created_by": "admin",
        "key": key["key"],
    }
    headers = {"Authorization": f"Bearer {key['key']}"}
    assert anyone.get("/v1/api-keys", headers=headers).status_code == 200


def test_the_list_shows_every_key_and_no_secret(admin: TestClient) -> None:
    made = admin.post("/v1/api-keys", json=ANALYST).json()
    answer = admin.get("/v1/api-keys")
    listed = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert {key["name"] for key in listed["data"]} == {"admin", "Analyst"}
    assert {name for key in listed["data"] for name in key} == set(made) - {"key"}
    assert listed["next_cursor"] is None
    assert listed["meta"] == {"as_of": "2026-11-22T10:00:00Z"}
    assert made["key"].split("_")[2] not in answer.text


def test_a_key_is_revoked_once_and_for_all(admin: TestClient, anyone: TestClient) -> None:
    made = admin.post("/v1/api-keys", json=ANALYST | {"role": "admin"}).json()
    address = f"/v1/api-keys/{made['id']}/revocation"
    first = admin.post(address)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-store"
    assert (first.json()["state"], first.json()["revoked_at"]) == (
        "revoked",
        "2026-11-22T10:00:00Z",
    )
    assert admin.post(address).json() == first.json()
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert anyone.get("/v1/api-keys", headers=headers).status_code == 401


@pytest.mark.parametrize("key_id", ["aaaaaaaaaa", "AAAAAAAAAA", "x", "%00", "%FF"])
def test_a_key_that_does_not_exist_is_not_found(admin: TestClient, key_id: str) -> None:
    answer = admin.post(f"/v1/api-keys/{key_id}/revocation")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"role": "owner"}, "/role", "unknown-value"),
        ({"role": None}, "/role", "string_type"),
        ({"name": " "}, "/name", "blank"),
        ({"name": "Desk\u202e"}, "/name", "forbidden-character"),
        ({"name": "n" * 101}, "/name", "too-long"),
        ({"valid_days": 0}, "/valid_days", "greater_than_equal"),
        ({"valid_days": 367}, "/valid_days", "less_than_equal"),
        ({"valid_days": 10**30}, "/valid_days", "less_than_equal"),
        ({"valid_days": "90"}, "/valid_days", "int_type"),
        ({"scope": "all"}, "/scope", "extra_forbidden"),
    ],
)
def test_a_key_that_cannot_be_made_is_refused_with_the_place(
    admin: TestClient, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = admin.post("/v1/api-keys", json=ANALYST | change)
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        (pointer, code)
    ]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/api-keys"),
        ("GET", "/v1/api-keys"),
        ("POST", "/v1/api-keys/aaaaaaaaaa/revocation"),
    ],
)
def test_only_an_administrator_gets_to_the_keys(
    anyone: TestClient, access_database: Database, clock: StoppedClock, method: str, path: str
) -> None:
    assert anyone.request(method, path, json=ANALYST).status_code == 401
    for role in (Role.READER, Role.CONTRIBUTOR):
        headers = {"Authorization": f"Bearer {new_key(access_database, clock, role)}"}
        answer = anyone.request(method, path, headers=headers, json=ANALYST)
        assert (answer.status_code, answer.json()["required"]) == (403, "admin")
