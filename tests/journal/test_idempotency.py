"""Promise: a call that is sent again with its key has one effect and one answer, however often it comes.

Invariant 6. What is promised is that of draft-ietf-httpapi-idempotency-key-header-07.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from httpx2 import Response

from app.db import Database
from tests.client import PLEDGE, Api
from tests.clock import StoppedClock
from tests.locks import count_waiting, holding_the_head
from tests.rows import dump

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
WRITERS = 16


def post(api: Api, title: str = "Package", *, key: dict[str, str] = KEY) -> Response:
    return api.post("/v1/pledges", {**PLEDGE, "title": title}, **key)


def test_the_same_call_gets_the_same_answer_and_has_one_effect(
    api: Api, ledger: Database, clock: StoppedClock
) -> None:
    first = post(api)
    once = dump(ledger)
    clock.advance(timedelta(days=30))
    again = post(api)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for header in ("ETag", "Location", "Content-Type"):
        assert again.headers[header] == first.headers[header]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert dump(ledger) == once
    assert len(once["entry"]) == 1


def test_the_answer_is_the_one_that_was_given_though_the_pledge_has_moved_on(api: Api) -> None:
    first = post(api)
    api.amend_pledge(first.json(), title="Package, corrected")
    assert post(api).content == first.content


def test_another_body_under_the_same_key_is_refused(api: Api, ledger: Database) -> None:
    post(api)
    before = dump(ledger)
    refused = post(api, "Another package")
    assert refused.status_code == 422
    assert refused.json()["code"] == "idempotency-key-reused"
    assert dump(ledger) == before


def test_another_address_under_the_same_key_is_refused(api: Api, ledger: Database) -> None:
    pledge = post(api).json()
    before = dump(ledger)
    for path in (f"/v1/pledges/{pledge['id']}/movements", "/v1/pledges/batch"):
        body = {"pledges": [PLEDGE]} if path.endswith("batch") else {"stage": "committed"}
        refused = api.post(path, body, **KEY)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused")
    assert dump(ledger) == before


def test_a_key_belongs_to_who_sends_it(api: Api, other_api: Api, ledger: Database) -> None:
    mine = post(api)
    theirs = post(other_api, "Another package")
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert post(api).content == mine.content
    assert post(other_api, "Another package").content == theirs.content
    assert len(dump(ledger)["entry"]) == 2


def test_without_a_key_each_call_has_its_effect(api: Api, ledger: Database) -> None:
    assert post(api, key={}).json()["reference"] == "DK-2023-0001"
    assert post(api, key={}).json()["reference"] == "DK-2023-0002"
    assert dump(ledger)["idempotency"] == []


def test_a_call_that_fails_claims_nothing(api: Api, ledger: Database) -> None:
    before = dump(ledger)
    for body, status in (
        ({**PLEDGE, "amount": "0.00"}, 422),
        ({**PLEDGE, "donor": "UA"}, 422),
        ({**PLEDGE, "unheard": "of"}, 422),
    ):
        assert api.post("/v1/pledges", body, **KEY).status_code == status
    unknown = "/v1/pledges/6f9619ff-8b86-4011-b42d-00c04fc964ff/movements"
    assert api.post(unknown, {"stage": "committed"}, **KEY).status_code == 404
    assert dump(ledger) == before
    assert post(api).status_code == 201


def test_every_write_honours_a_key(api: Api, ledger: Database) -> None:
    pledge = api.record_pledge()
    path = f"/v1/pledges/{pledge['id']}"
    moved = [
        api.post(f"{path}/movements", {"stage": "committed", "amount": "10.00"}, **KEY)
        for _ in range(3)
    ]
    assert {answer.content for answer in moved} == {moved[0].content}
    movement = moved[0].json()["movements"][0]["id"]
    calls = [
        ("PATCH", path, {"reason": "it was so", "title": "Another"}, 2),
        ("POST", f"{path}/movements/{movement}/withdrawal", {"reason": "it was so"}, 3),
        ("POST", f"{path}/withdrawal", {"reason": "it was so"}, 4),
    ]
    for number, (method, address, body, version) in enumerate(calls):
        headers = {"Idempotency-Key": f"key-{number}", "If-Match": f'"{version}"'}
        send = api.patch if method == "PATCH" else api.post
        answers = [send(address, body, **headers) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.content for answer in answers} == {answers[0].content}
    assert len(dump(ledger)["entry"]) == 5


def test_a_batch_honours_a_key(api: Api, ledger: Database) -> None:
    body = {"pledges": [PLEDGE, {**PLEDGE, "title": "Another"}]}
    answers = [api.post("/v1/pledges/batch", body, **KEY) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert len(dump(ledger)["entry"]) == 2


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_key_is_1_to_255_visible_ascii_characters(api: Api, ledger: Database) -> None:
    before = dump(ledger)
    for key in ("", " ", "a b", 256 * "a", "a\tb", "a\x7f"):
        refused = post(api, key={"Idempotency-Key": key})
        assert (refused.status_code, refused.json()["code"]) == (400, "malformed-header"), key
        assert refused.json()["header"] == "Idempotency-Key"
    twice = api.client.post(
        "/v1/pledges",
        json=dict(PLEDGE),
        headers=[*api.headers.items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")],
    )
    assert (twice.status_code, twice.json()["code"]) == (400, "malformed-header")
    assert dump(ledger) == before
    for key in ("!", 255 * "~"):
        assert post(api, key={"Idempotency-Key": key}).status_code == 201


def test_sixteen_copies_at_once_have_one_effect_and_one_answer(api: Api, ledger: Database) -> None:
    together = Barrier(WRITERS)

    def send(_number: int) -> Response:
        together.wait()
        return post(api)

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(send, range(WRITERS)))
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.content for answer in answers} == {answers[0].content}
    replayed = [answer for answer in answers if "Idempotency-Replayed" in answer.headers]
    assert len(replayed) == WRITERS - 1
    rows = dump(ledger)
    assert (len(rows["entry"]), len(rows["idempotency"])) == (1, 1)


def test_of_sixteen_different_calls_under_one_key_one_has_an_effect(
    api: Api, ledger: Database
) -> None:
    together = Barrier(WRITERS)

    def send(number: int) -> Response:
        together.wait()
        return post(api, f"Package {number}")

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(send, range(WRITERS)))
    assert sorted(answer.status_code for answer in answers) == [201, *(WRITERS - 1) * [422]]
    assert len(dump(ledger)["entry"]) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_batch_and_a_single_write_under_one_key_never_wait_for_each_other(
    api: Api, ledger: Database
) -> None:
    url = ledger.url.render_as_string(hide_password=False)

    def wait_for(waiting: int) -> None:
        until = time.monotonic() + 30
        while count_waiting(url) < waiting:
            assert time.monotonic() < until
            time.sleep(0.01)

    with ThreadPoolExecutor(2) as pool:
        with holding_the_head(url):
            single = pool.submit(post, api)
            wait_for(1)
            batch = pool.submit(api.post, "/v1/pledges/batch", {"pledges": [PLEDGE]}, **KEY)
            wait_for(2)
        answers = [single.result(), batch.result()]
    assert [answer.status_code for answer in answers] == [201, 422]
    assert answers[1].json()["code"] == "idempotency-key-reused"
    assert len(dump(ledger)["entry"]) == 1
