"""Whoever calls over HTTP is known by one key, or gets one answer that tells nothing else."""

from __future__ import annotations

import random
from base64 import b64encode
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import problems
from app.access import service
from app.access.deps import (
    Admin,
    Authenticator,
    Contributor,
    Reader,
)
from app.access.domain import NewKey, Role, generate_key
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.db import Database
    from tests.access.conftest import StoppedClock

    Headers = list[tuple[str, str]]

UNAUTHENTICATED = {
    "type": "/problems/invalid-token",
    "title": "A valid API key is needed",
    "status": 401,
    "detail": "Send a valid API key as a bearer token, or as the user name of Basic.",
    "code": "invalid-token",
    "instance": None,
}
CHALLENGE = 'Bearer realm="aidledger", Basic realm="aidledger"'


def make_app(database: Any, clock: StoppedClock, *, public_read: bool) -> FastAPI:
    app = FastAPI()
    app.state.settings = Settings(public_read=public_read)
    app.state.database = database
    app.state.clock = clock
    app.state.authenticator = Authenticator(database, clock)
    problems.install(app)

    @app.get("/read")
    def read(caller: Reader) -> dict[str, str | None]:
        return {"name": caller.name, "role": caller.role, "key_id": caller.key_id}

    @app.post("/write")
    def write(caller: Contributor) -> str:
        return caller.name

    @app.post("/administer")
    def administer(caller: Admin) -> str:
        return caller.name

    return app


@pytest.fixture
def open_ledger(access_database: Database, clock: StoppedClock) -> TestClient:
    return TestClient(make_app(access_database, clock, public_read=True))


@pytest.fixture
def closed_ledger(access_database: Database, clock: StoppedClock) -> TestClient:
    return TestClient(make_app(access_database, clock, public_read=False))


def create(database: Database, clock: StoppedClock, role: Role, name: str = "") -> NewKey:
    with database.transaction() as session:
        return service.create_key(
            session,
            name=name or role.value,
            role=role,
            valid_for=timedelta(days=1),
            clock=clock,
            created_by="test",
        )


def bearer(key: str) -> Headers:
    return [("Authorization", f"Bearer {key}")]


def basic(user_and_password: str) -> Headers:
    encoded = b64encode(user_and_password.encode("latin-1")).decode()
    return [("Authorization", f"Basic {encoded}")]


def unknown() -> str:
    return generate_key(random.Random(45).randrange).text


# What may stand in the header of a call, made from the text of a valid key.
BAD_HEADERS: dict[str, Callable[[str], Headers]] = {
    "empty": lambda _: [("Authorization", "")],
    "only a scheme": lambda _: [("Authorization", "Bearer")],
    "a scheme and blanks": lambda _: [("Authorization", "Bearer  ")],
    "no scheme": lambda key: [("Authorization", key)],
    "another scheme": lambda key: [("Authorization", f"Digest {key}")],
    "two headers": lambda key: bearer(key) + bearer(key),
    "two schemes": lambda key: bearer(key) + basic(f"{key}:"),
    "two keys in a header": lambda key: bearer(f"{key}, Bearer {key}"),
    "wrong prefix": lambda key: bearer(key.replace("aidl", "mal")),
    "wrong checksum": lambda key: bearer(key[:-1] + ("0" if key[-1] != "0" else "1")),
    "ten kilobytes": lambda key: bearer(key + "a" * 10_240),
    "ten kilobytes of basic": lambda key: basic(key + "a" * 10_240 + ":"),
    "not ascii": lambda _: [("Authorization", "Bearer \xe9")],
    "unknown": lambda _: bearer(unknown()),
    "unknown as user name": lambda _: basic(unknown() + ":"),
    "basic that is not base64": lambda _: [("Authorization", "Basic !!!")],
    "basic without a colon": basic,
    "basic with the key as password": lambda key: basic(f":{key}"),
    "basic that is not ascii": lambda _: basic("\xe9:\xff"),
    "bearer with the text of basic": lambda key: bearer(b64encode(f"{key}:".encode()).decode()),
}


@pytest.mark.parametrize("headers", BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_bad_credentials_get_one_and_the_same_answer_also_where_reads_are_public(
    access_database: Database,
    clock: StoppedClock,
    open_ledger: TestClient,
    closed_ledger: TestClient,
    headers: Callable[[str], Headers],
) -> None:
    bad = headers(create(access_database, clock, Role.ADMIN).text)
    for ledger in (open_ledger, closed_ledger):
        assert_unauthenticated(ledger, "GET", "/read", bad)
        assert_unauthenticated(ledger, "POST", "/administer", bad)


def test_an_expired_key_gets_that_answer_from_the_second_on(
    access_database: Database, clock: StoppedClock, open_ledger: TestClient
) -> None:
    key = create(access_database, clock, Role.ADMIN)
    clock.advance(timedelta(days=1) - timedelta(seconds=1))
    assert open_ledger.get("/read", headers=bearer(key.text)).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert_unauthenticated(open_ledger, "GET", "/read", bearer(key.text))


def test_a_revoked_key_gets_that_answer(
    access_database: Database, clock: StoppedClock, open_ledger: TestClient
) -> None:
    key = create(access_database, clock, Role.ADMIN)
    with access_database.transaction() as session:
        service.revoke_key(session, key.key_id, clock)
    assert_unauthenticated(open_ledger, "GET", "/read", bearer(key.text))


def test_no_credentials_get_that_answer_on_a_write_and_on_a_read_that_is_not_public(
    open_ledger: TestClient, closed_ledger: TestClient
) -> None:
    assert_unauthenticated(open_ledger, "POST", "/write", [])
    assert_unauthenticated(open_ledger, "POST", "/administer", [])
    assert_unauthenticated(closed_ledger, "GET", "/read", [])


def test_a_public_read_is_anonymous(open_ledger: TestClient) -> None:
    assert open_ledger.get("/read").json() == {
        "name": "anonymous",
        "role": "reader",
        "key_id": None,
    }


def test_a_reader_with_a_key_is_known_also_where_reads_are_public(
    access_database: Database, clock: StoppedClock, open_ledger: TestClient
) -> None:
    key = create(access_database, clock, Role.READER, "Analyst")
    assert open_ledger.get("/read", headers=bearer(key.text)).json() == {
        "name": "Analyst",
        "role": "reader",
        "key_id": key.key_id,
    }


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_name_of_the_scheme_has_no_case(
    access_database: Database, clock: StoppedClock, closed_ledger: TestClient, scheme: str
) -> None:
    key = create(access_database, clock, Role.READER)
    answer = closed_ledger.get("/read", headers=[("Authorization", f"{scheme} {key.text}")])
    assert answer.status_code == 200


@pytest.mark.parametrize("password", ["", "x", "with:colon", "caf\xe9"])
def test_the_key_may_be_the_user_name_of_basic_with_any_password(
    access_database: Database, clock: StoppedClock, closed_ledger: TestClient, password: str
) -> None:
    key = create(access_database, clock, Role.READER)
    answer = closed_ledger.get("/read", headers=basic(f"{key.text}:{password}"))
    assert answer.json()["key_id"] == key.key_id


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (Role.READER, {"/read": 200, "/write": 403, "/administer": 403}),
        (Role.CONTRIBUTOR, {"/read": 200, "/write": 200, "/administer": 403}),
        (Role.ADMIN, {"/read": 200, "/write": 200, "/administer": 200}),
    ],
)
@pytest.mark.parametrize("public_read", [True, False])
def test_a_role_opens_what_it_may(
    access_database: Database,
    clock: StoppedClock,
    role: Role,
    statuses: dict[str, int],
    public_read: bool,
) -> None:
    headers = bearer(create(access_database, clock, role).text)
    client = TestClient(make_app(access_database, clock, public_read=public_read))
    answers = {
        path: client.request("GET" if path == "/read" else "POST", path, headers=headers)
        for path in statuses
    }
    assert {path: answer.status_code for path, answer in answers.items()} == statuses


def test_a_role_that_is_too_low_is_told_which_one_is_needed(
    access_database: Database, clock: StoppedClock, open_ledger: TestClient
) -> None:
    key = create(access_database, clock, Role.READER)
    problem = open_ledger.post("/write", headers=bearer(key.text)).json()
    assert (problem["code"], problem["required"]) == ("insufficient-role", "contributor")


class DatabaseThatRefusesToBeAsked:
    """Hands out sessions that fail the test when they are used."""

    @contextmanager
    def reading(self) -> Iterator[object]:
        yield object()  # it has none of the methods of a session


@pytest.mark.parametrize("name", [name for name in BAD_HEADERS if not name.startswith("unknown")])
def test_what_is_no_key_is_refused_without_asking_the_database(
    clock: StoppedClock, name: str
) -> None:
    client = TestClient(make_app(DatabaseThatRefusesToBeAsked(), clock, public_read=True))
    assert_unauthenticated(client, "GET", "/read", BAD_HEADERS[name](unknown()))
    asked = client.get("/read", headers=bearer(unknown()))
    assert asked.status_code == 500  # the stub does notice a question


def test_the_connection_of_the_check_is_given_back_before_the_route_works(
    access_database: Database, clock: StoppedClock
) -> None:
    key = create(access_database, clock, Role.READER)
    app = make_app(access_database, clock, public_read=False)
    in_use: list[int] = []

    @app.get("/connections")
    def connections(_: Reader) -> None:
        in_use.append(access_database.engine.pool.checkedout())  # type: ignore[attr-defined]

    TestClient(app).get("/connections", headers=bearer(key.text))
    assert in_use == [0]


def test_the_description_of_the_api_offers_both_ways_to_send_a_key(
    open_ledger: TestClient,
) -> None:
    description = open_ledger.get("/openapi.json").json()
    schemes = description["components"]["securitySchemes"]
    assert {name: scheme["scheme"] for name, scheme in schemes.items()} == {
        "ApiKey": "bearer",
        "ApiKeyAsUserName": "basic",
    }
    # Two entries are alternatives; one entry with two names would ask for both at once.
    assert description["paths"]["/write"]["post"]["security"] == [
        {"ApiKey": []},
        {"ApiKeyAsUserName": []},
    ]


def assert_unauthenticated(client: TestClient, method: str, path: str, headers: Headers) -> None:
    # The client encodes header text as ASCII, so what goes beyond it is sent as bytes.
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    answer = client.request(method, path, headers=raw)
    assert answer.status_code == 401
    assert answer.json() == UNAUTHENTICATED
    assert dict(answer.headers) == {
        "content-type": "application/problem+json",
        "content-length": str(len(answer.content)),
        "www-authenticate": CHALLENGE,
    }
