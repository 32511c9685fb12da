"""Promise: nobody overwrites what they have not read. Invariant 7; RFC 9110 section 13.1.1, RFC 6585."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response

from app.db import Database
from tests.client import Api
from tests.rows import Rows, dump

WRITERS = 16
REASON = {"reason": "it was so"}


@pytest.fixture
def ledger(app: FastAPI) -> Database:
    """The database behind the application."""
    database: Database = app.state.database
    return database


@pytest.fixture
def pledge(api: Api) -> dict[str, Any]:
    """A pledge at its second version, with a movement."""
    return api.record_movement(api.record_pledge(), "committed", amount="10.00")


@pytest.fixture
def untouched(ledger: Database, pledge: dict[str, Any]) -> Iterator[Rows]:
    """The ledger reads after the test as before."""
    rows = dump(ledger)
    yield rows
    assert dump(ledger) == rows


def guarded_calls(api: Api, pledge: dict[str, Any], **headers: str) -> dict[str, Response]:
    """Every call that changes what somebody may have read, with these headers."""
    path = f"/v1/pledges/{pledge['id']}"
    withdrawal = f"{path}/movements/{pledge['movements'][0]['id']}/withdrawal"
    return {
        "amend": api.patch(path, {**REASON, "title": "Another"}, **headers),
        "withdraw movement": api.post(withdrawal, REASON, **headers),
        "withdraw pledge": api.post(f"{path}/withdrawal", REASON, **headers),
    }


def test_a_change_says_which_version_it_is_based_on(
    api: Api, pledge: dict[str, Any], untouched: Rows
) -> None:
    for answer in guarded_calls(api, pledge).values():
        assert (answer.status_code, answer.json()["code"]) == (428, "precondition-required")


@pytest.mark.parametrize("tag", ['"1"', '"3"', '"0"', '""', '"abc"', '"2-3f1a"', 'W/"2"', '"-2"'])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_change_of_another_version_is_refused(
    api: Api, pledge: dict[str, Any], untouched: Rows, tag: str
) -> None:
    calls = guarded_calls(api, pledge, **{"If-Match": tag})
    path = f"/v1/pledges/{pledge['id']}/movements"
    calls["move"] = api.post(path, {"stage": "committed"}, **{"If-Match": tag})
    for answer in calls.values():
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition-failed")


def test_a_stale_change_is_told_the_version_that_is_current(
    api: Api, pledge: dict[str, Any], untouched: Rows
) -> None:
    for answer in guarded_calls(api, pledge, **{"If-Match": '"1"'}).values():
        assert answer.headers["ETag"] == '"2"'
        assert answer.json()["version"] == 2


@pytest.mark.parametrize("tag", ["*", "2", "", '"2', '2"', "'2'", '"2", "3"', 'w/"2"', '"2" '[:2]])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_change_is_based_on_one_version_in_quotes(
    api: Api, pledge: dict[str, Any], untouched: Rows, tag: str
) -> None:
    for answer in guarded_calls(api, pledge, **{"If-Match": tag}).values():
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed-header")
        assert answer.json()["header"] == "If-Match"


def test_the_tag_of_an_answer_is_the_one_to_send(api: Api, pledge: dict[str, Any]) -> None:
    path = f"/v1/pledges/{pledge['id']}"
    tag = api.client.get(path).headers["ETag"]
    amended = api.patch(path, {**REASON, "title": "Another"}, **{"If-Match": tag})
    assert (amended.status_code, amended.headers["ETag"]) == (200, '"3"')
    moved = api.post(f"{path}/movements", {"stage": "committed"}, **{"If-Match": '"3"'})
    assert (moved.status_code, moved.headers["ETag"]) == (201, '"4"')
    again = api.patch(path, {**REASON, "title": "A third"}, **{"If-Match": moved.headers["ETag"]})
    assert (again.status_code, again.json()["version"]) == (200, 5)


def test_a_reader_who_holds_the_version_is_told_so(api: Api, pledge: dict[str, Any]) -> None:
    path = f"/v1/pledges/{pledge['id']}"
    for held, status in (('"2"', 304), ('"1", "2"', 304), ("*", 304), ('"1"', 200)):
        answer = api.client.get(path, headers={"If-None-Match": held})
        assert (answer.status_code, answer.headers["ETag"]) == (status, '"2"')
        assert bool(answer.content) == (status == 200)


def test_of_sixteen_writers_with_one_version_one_wins(
    api: Api, ledger: Database, pledge: dict[str, Any]
) -> None:
    path, together = f"/v1/pledges/{pledge['id']}", Barrier(WRITERS)

    def amend(number: int) -> Response:
        together.wait()
        return api.patch(path, {**REASON, "title": f"Title {number}"}, **{"If-Match": '"2"'})

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(amend, range(WRITERS)))
    assert sorted(answer.status_code for answer in answers) == [200, *(WRITERS - 1) * [412]]
    [winner] = [answer.json() for answer in answers if answer.status_code == 200]
    read = api.get(path)
    assert (read["version"], read["title"]) == (3, winner["title"])
    assert len(dump(ledger)["entry"]) == 3


def test_sixteen_movements_without_a_version_all_fit_or_are_refused_one_by_one(
    api: Api, ledger: Database
) -> None:
    pledge, together = api.record_pledge(amount="100.00"), Barrier(WRITERS)

    def commit(_number: int) -> Response:
        together.wait()
        path = f"/v1/pledges/{pledge['id']}/movements"
        return api.post(path, {"stage": "committed", "amount": "10.00"})

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(commit, range(WRITERS)))
    assert sorted(answer.status_code for answer in answers) == 10 * [201] + 6 * [422]
    assert api.get(f"/v1/pledges/{pledge['id']}")["stages"]["committed"] == "100.00"
    versions = sorted(answer.json()["version"] for answer in answers if answer.status_code == 201)
    assert versions == list(range(2, 12))
    assert len(dump(ledger)["entry"]) == 11
