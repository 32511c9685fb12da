"""The shared corpus of bad inputs: each row is refused as it says, and leaves the ledger as it was.

The calls stand in rows.py, so they run without the file. Where the file is there, every row of it is
either performed or stands in NOT_HERE with the reason, and the answers agree with it.
"""

import asyncio
import base64
import csv
import json
import logging
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from app.access.domain import Role
from tests.client import PLEDGE, Api
from tests.inputs.ledger import Call, Case, Ledger, listing, pledge, read_problem
from tests.inputs.rows import NOT_HERE, OTHER_STATUS, OTHER_WORDS, OWN_TEST, ROWS
from tests.inputs.uploads import UPLOADS, upload, workbook

CORPUS: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_inputs.csv"
ALL_ROWS: Final[dict[str, Sequence[Case]]] = {**ROWS, **UPLOADS}
CASES: Final = [
    pytest.param(case, id=f"{row}-{number}")
    for row, cases in ROWS.items()
    for number, case in enumerate(cases, start=1)
]


@pytest.fixture(scope="module")
def corpus() -> dict[str, dict[str, str]]:
    """The rows of the shared file, by id."""
    if not CORPUS.exists():
        pytest.skip("the shared corpus is not beside this checkout")
    with CORPUS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_input_gets_the_answer_of_its_row(ledger: Ledger, case: Case) -> None:
    ledger.check(case)


def test_every_row_of_the_corpus_is_performed_or_has_a_reason(
    corpus: dict[str, dict[str, str]],
) -> None:
    assert set(corpus) == set(ROWS) | set(OWN_TEST) | set(NOT_HERE)
    assert not set(NOT_HERE) & (set(ROWS) | set(OWN_TEST))
    assert set(OWN_TEST.values()) <= set(globals())


@pytest.mark.parametrize("row", ALL_ROWS)
def test_the_answers_agree_with_the_corpus(corpus: dict[str, dict[str, str]], row: str) -> None:
    cases = ALL_ROWS[row]
    statuses = set(corpus[row]["expected_status"].split(" / "))
    kinds = set(corpus[row]["problem_type"].split(" / "))
    codes = set(re.findall(r"code `([a-z_-]+)`", corpus[row]["note"]))
    for case in cases:
        if case.type is None:
            # Several rows say in their note what is accepted: an old currency while it was valid.
            assert case.status in {200, 201}
            continue
        assert str(case.status) in statuses or row in OTHER_STATUS
        if row not in OTHER_WORDS:
            assert case.type in kinds
    if codes and row not in OTHER_WORDS:
        assert codes <= {case.code for case in cases}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{row}-{number}")
        for row, cases in UPLOADS.items()
        for number, case in enumerate(cases, start=1)
    ],
)
def test_a_file_gets_the_answer_of_its_row(ledger: Ledger, case: Case) -> None:
    answer = ledger.check(case)
    if case.type is None:
        assert answer.json()["counts"]["new"] == 1


def test_b103_the_cell_of_a_finding_is_named(ledger: Ledger) -> None:
    [error] = read_problem(ledger.send(UPLOADS["B103"][0].call))["errors"]
    assert (error["row"], error["cell"]) == (2, "D2")


def test_b106_a_hundred_cells_are_named_and_whether_there_are_more(ledger: Ledger) -> None:
    table = "donor,title,aid_type,amount,currency\n" + "DK,canary,military,-1,DKK\n" * 150
    problem = read_problem(ledger.send(upload(table.encode(), "canary.csv")))
    assert (len(problem["errors"]), problem["more_errors"]) == (100, True)


def test_b109_a_file_that_comes_again_gets_the_answer_of_its_first_import(ledger: Ledger) -> None:
    call = upload(workbook({"B2": "Comes again"}))
    first = ledger.send(call)
    before = ledger.fingerprint()
    again = ledger.send(call)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert ledger.fingerprint() == before


@pytest.mark.parametrize(
    ("given", "meant"), [("us", "US"), (" US", "US"), ("Germany", "DE"), ("Deutschland", "DE")]
)
def test_b025_a_donor_that_is_nearly_right_is_told_what_was_meant(
    ledger: Ledger, given: str, meant: str
) -> None:
    [error] = read_problem(ledger.send(pledge(donor=given)))["errors"]
    assert error["did_you_mean"] == meant


def test_b061_a_stale_version_is_told_the_current_one(ledger: Ledger) -> None:
    answer = ledger.check(ROWS["B061"][0])
    assert answer.headers["ETag"] == '"2"'


@pytest.mark.slow
def test_b015_sums_beyond_53_bits_are_exact(api: Api) -> None:
    largest = {**PLEDGE, "currency": "EUR", "amount": "1000000000000.00", "status": "committed"}
    odd = {**largest, "amount": "0.01"}
    for _ in range(2):
        answer = api.post("/v1/pledges/batch", {"pledges": [*[largest] * 4_999, odd]})
        assert answer.status_code == 201
    for query in ({}, {"as_of": 10_000}, {"q": "package"}):
        total = api.get("/v1/totals", **query)["total"]
        assert (total["amount"], total["pledges"]) == ("9998000000000000.02", 10_000)


def test_b035_what_has_no_rate_is_recorded_and_not_converted(api: Api) -> None:
    api.record_pledge(donor="KW", currency="KWD", amount="1.234", status="committed")
    answer = api.client.get("/v1/totals")
    [error] = read_problem(answer)["errors"]
    assert (answer.status_code, error["code"]) == (422, "no-exchange-rate")
    native = api.get("/v1/totals", currency="native")
    assert [(row["currency"], row["amount"]) for row in native["data"]] == [("KWD", "1.234")]


def test_b057_a_caller_that_hangs_up_leaves_nothing(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[Any] = []
    messages: Iterator[dict[str, Any]] = iter(
        [
            {"type": "http.request", "body": b'{"donor":', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/pledges", "raw_path": b"/v1/pledges",
        "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1",
        "server": ("testserver", 80), "client": ("127.0.0.1", 1), "state": {},
        "headers": [
            (b"content-type", b"application/json"),
            (b"content-length", b"500"),
            (b"authorization", f"Bearer {ledger.keys['contributor']}".encode()),
        ],
    }  # fmt: skip
    before = ledger.fingerprint()
    with caplog.at_level(logging.INFO):
        asyncio.run(ledger.app(scope, receive, send))
    assert "client-disconnect" in caplog.messages
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []
    assert ledger.fingerprint() == before


def test_b066_a_used_idempotency_key_is_not_taken_for_another_call(ledger: Ledger) -> None:
    key = {"Idempotency-Key": "b066"}
    first = pledge(title="Once")
    call = Call(method="POST", path=first.path, body=first.body, headers=key)
    made = ledger.check(Case(call=call, status=201))
    again = ledger.check(Case(call=call, status=201))
    assert again.json() == made.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    reused = "idempotency-key-reused"
    other_body = Call(method="POST", path=first.path, body=pledge().body, headers=key)
    ledger.check(Case(call=other_body, status=422, type=reused))
    other_path = Call(method="POST", path="/v1/pledges/batch", body={"pledges": [first.body]},
                      headers=key)  # fmt: skip
    ledger.check(Case(call=other_path, status=422, type=reused))
    # A key belongs to its caller: somebody else's key of the same name is another key.
    theirs = Call(method="POST", path=first.path, body=first.body, headers=key, role="admin")
    assert ledger.check(Case(call=theirs, status=201)).json()["id"] != made.json()["id"]


@pytest.mark.parametrize("path", ["/v1/pledges", "/v1/pledges/{open}", "/v1/totals", "/healthz"])
def test_b070_head_is_get_without_the_body(ledger: Ledger, path: str) -> None:
    same = {"X-Request-ID": "head-and-get"}
    get = ledger.send(Call(path=path, headers=same))
    head = ledger.send(Call(method="HEAD", path=path, headers=same))
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


def test_b078_forwarded_headers_of_strangers_are_ignored(ledger: Ledger) -> None:
    spoofed = {
        "X-Forwarded-For": "192.0.2.66",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Host": "canary.example",
        "Forwarded": "host=canary.example",
    }
    call = pledge()
    made = ledger.send(Call(method="POST", path=call.path, body=call.body, headers=spoofed))
    page = ledger.send(Call(query="limit=1", headers=spoofed))
    assert made.headers["Location"] == f"/v1/pledges/{made.json()['id']}"
    assert page.headers["Link"].startswith("</v1/pledges?")
    for answer in (made, page):
        assert "canary" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "query", ["q=o%0D%0ASet-Cookie:%20canary=1&limit=1", "donor=DE&limit=1&q=o%0A%0Acanary"]
)
def test_b085_no_value_breaks_out_of_a_header(ledger: Ledger, query: str) -> None:
    headers = {"X-Request-ID": b"x\r\nSet-Cookie: canary=1"}
    answer = ledger.send(Call(query=query, headers=headers))
    assert "Set-Cookie" not in answer.headers
    assert all(mark not in value for value in answer.headers.values() for mark in "\r\n")


def test_b088_a_cursor_lives_for_a_day(ledger: Ledger) -> None:
    cursor = ledger.send(Call(query="limit=1")).json()["next_cursor"]
    call = listing(f"limit=1&cursor={cursor}")
    ledger.clock.advance(timedelta(hours=24))
    assert ledger.send(call).status_code == 200
    ledger.clock.advance(timedelta(seconds=1))
    answer = ledger.check(Case(call=call, status=400, type="invalid-cursor"))
    assert answer.json()["reason"] == "expired"


@pytest.mark.parametrize("change", ["donor=DE", "sort=reference", "as_of=1", "unvalued=true"])
def test_b089_a_cursor_belongs_to_its_filters(ledger: Ledger, change: str) -> None:
    cursor = ledger.send(Call(query="limit=1")).json()["next_cursor"]
    call = listing(f"limit=1&cursor={cursor}&{change}")
    answer = ledger.check(Case(call=call, status=400, type="invalid-cursor"))
    assert answer.json()["reason"] == "other-query"


def test_b124_two_credentials_are_none(ledger: Ledger) -> None:
    bearer = f"Bearer {ledger.keys['reader']}"
    headers = [("Authorization", bearer), ("Authorization", bearer)]
    answer = ledger.client.get("/v1/pledges", headers=headers)
    assert (answer.status_code, read_problem(answer)["code"]) == (401, "invalid-token")


def test_b125_all_wrong_keys_get_one_answer(ledger: Ledger) -> None:
    def body(authorization: str) -> dict[str, Any]:
        call = Call(headers={"Authorization": authorization, "X-Request-ID": "one-and-the-same"},
                    role=None)  # fmt: skip
        answer = ledger.check(Case(call=call, status=401, type="invalid-token"))
        assert answer.headers["WWW-Authenticate"]
        found: dict[str, Any] = answer.json()
        return found

    short = ledger._new_key("short-lived", Role.READER, days=1)
    revoked = ledger._new_key("revoked", Role.READER)
    name = revoked.split("_")[1]
    answer = ledger.send(Call(method="POST", path=f"/v1/api-keys/{name}/revocation", role="admin"))
    assert answer.status_code == 200
    stranger = "aidl_aaaaaaaaaa_" + "b" * 32 + "_000000"
    wrong = ledger.keys["reader"][:-7] + "x" + ledger.keys["reader"][-6:]
    ledger.clock.advance(timedelta(days=2))
    basic = base64.b64encode(f"{short}:".encode()).decode()
    answers = [f"Bearer {short}", f"Basic {basic}", f"Bearer {revoked}", f"Bearer {stranger}",
               f"Bearer {wrong}"]  # fmt: skip
    assert len({json.dumps(body(one)) for one in answers}) == 1
