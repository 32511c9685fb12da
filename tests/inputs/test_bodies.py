"""A body is read strictly: one UTF-8 JSON object of bounded size and depth, with known members, none twice."""

import json
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.client import PLEDGE
from tests.inputs.ledger import (
    BEFORE_THE_DATABASE,
    Call,
    Case,
    Ledger,
    accepted,
    amendment,
    case_id,
    movement,
    pledge,
    read_problem,
    refused,
    stopped,
    text_body,
)

MIB: Final = 1024 * 1024
SOURCE: Final = {"url": "https://www.fmn.dk/a"}
NO_JSON: Final = {
    "byte order mark": b'\xef\xbb\xbf{"title":"canary"}',
    "two documents": b'{"title":"canary"}{}',
    "NaN": b'{"title":"canary","amount":NaN}',
    "Infinity": b'{"title":"canary","amount":-Infinity}',
    "hexadecimal": b'{"amount":0x10}',
    "leading zero": b'{"amount":01}',
    "bare word": b"canary",
    "missing quote": b'{"title":"canary}',
    "missing brace": b'{"title":"canary"',
    "lone backslash": b'{"title":"canary\\',
    "bad escape": b'{"title":"\\canary"}',
    "short escape": b'{"title":"\\u12"}',
    "NUL outside of text": b'{"title":"canary"}\x00',
    "a form": b"title=canary",
}
NO_UTF_8: Final = {
    "UTF-16": '{"title":"canary"}'.encode("utf-16"),
    "Latin-1": b'{"title":"canary \xe9"}',
    "surrogate": b'{"title":"canary \xed\xa0\x80"}',
    "cut off": b'{"title":"canary \xf0\x9f\x87',
}


def nested(depth: int) -> bytes:
    """A document of so many levels, the outermost being one of them."""
    return b'{"a":' * depth + b"1" + b"}" * depth


def batch(*pledges: Any, **fields: Any) -> Call:
    return Call(method="POST", path="/v1/pledges/batch", body={"pledges": list(pledges), **fields})


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("raw", NO_JSON.values(), ids=NO_JSON)
def test_what_is_not_json_is_refused_as_such(ledger: Ledger, raw: bytes) -> None:
    ledger.check(stopped(text_body(raw), 400, "malformed-json"))


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("raw", NO_UTF_8.values(), ids=NO_UTF_8)
def test_what_is_not_utf_8_is_refused_as_such(ledger: Ledger, raw: bytes) -> None:
    ledger.check(stopped(text_body(raw), 400, "invalid-encoding"))


@BEFORE_THE_DATABASE
@pytest.mark.parametrize(
    "raw",
    [
        b'{"title":"canary","title":"canary"}',
        b'{"title":"canary","\\u0074itle":"other"}',
        b'{"sources":[{"url":"canary","url":"other"}]}',
        b'{"a":{"b":{"c":1,"c":1}}}',
    ],
)
def test_a_member_that_stands_twice_is_refused_on_every_level(ledger: Ledger, raw: bytes) -> None:
    ledger.check(stopped(text_body(raw), 400, "duplicate-key"))


@BEFORE_THE_DATABASE
@pytest.mark.parametrize(
    "case",
    [
        refused(pledge(surprise="canary"), "extra_forbidden", "/surprise"),
        refused(pledge(Title="canary"), "extra_forbidden", "/Title"),
        refused(
            pledge(sources=[{**SOURCE, "note": "canary"}]), "extra_forbidden", "/sources/0/note"
        ),
        refused(batch({**PLEDGE, "id": "canary"}), "extra_forbidden", "/pledges/0/id"),
        refused(batch(PLEDGE, dry_run=True), "extra_forbidden", "/dry_run"),
        refused(movement(currency="DKK"), "extra_forbidden", "/currency"),
        refused(movement(sources=[{**SOURCE, "x": 1}]), "extra_forbidden", "/sources/0/x"),
        refused(amendment(title="New", reference="DKM3"), "extra_forbidden", "/reference"),
        refused(
            Call(method="POST", path="/v1/pledges/{open}/withdrawal", headers={"If-Match": '"2"'},
                 body={"reason": "canary", "force": True}),
            "extra_forbidden", "/force",
        ),
        refused(
            Call(method="POST", path="/v1/api-keys", role="admin",
                 body={"name": "Desk", "role": "reader", "scope": "canary"}),
            "extra_forbidden", "/scope",
        ),
        refused(pledge(**{"a/b~c": 1}), "extra_forbidden", "/a~1b~0c"),
        refused(pledge(**{"\ud800": 1}), "forbidden-character", ""),
        refused(pledge(**{"x" * 500: 1}), "extra_forbidden", "/" + "x" * 100),
    ],
    ids=case_id,
)  # fmt: skip
def test_an_unknown_member_is_refused_on_every_level(ledger: Ledger, case: Case) -> None:
    ledger.check(case)


@pytest.mark.parametrize(
    "case",
    [
        refused(batch(), "too_short", "/pledges"),
        refused(Call(method="POST", path="/v1/pledges/batch", body=[PLEDGE]),
                "model_attributes_type", ""),
        refused(Call(method="POST", path="/v1/pledges/batch", body={"pledges": PLEDGE}),
                "list_type", "/pledges"),
        refused(batch(PLEDGE, None), "model_attributes_type", "/pledges/1"),
        refused(batch(*[PLEDGE] * 5_001), "too_long", "/pledges"),
        refused(batch(PLEDGE, {**PLEDGE, "amount": "0"}), "zero-amount", "/pledges/1/amount"),
        refused(
            batch({**PLEDGE, "reference": "ONE"}, {**PLEDGE, "reference": "ONE"}),
            "reference-taken", "/pledges/1/reference",
        ),
        refused(batch(PLEDGE, {**PLEDGE, "reference": "DE-2023-0001"}),
                "reference-taken", "/pledges/1/reference"),
    ],
    ids=case_id,
)  # fmt: skip
def test_a_batch_with_one_fault_records_nothing(ledger: Ledger, case: Case) -> None:
    ledger.check(case)


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("depth", [16, 17, 100_000])
def test_a_body_is_nested_sixteen_levels_deep_at_most(ledger: Ledger, depth: int) -> None:
    if depth <= 16:
        ledger.check(refused(text_body(nested(depth)), "extra_forbidden", "/a"))
    else:
        ledger.check(stopped(text_body(nested(depth)), 400, "malformed-json"))


def test_brackets_in_a_text_are_no_levels(ledger: Ledger) -> None:
    text = '[{"' * 20 + "\\"
    assert ledger.check(accepted(pledge(title=text))).json()["title"] == text


@BEFORE_THE_DATABASE
@pytest.mark.parametrize(
    "raw",
    [b'"' + b'\\"' * 500_000, b"[" * MIB, b'{"a":"' + b"\\\\" * 500_000, b'"' * MIB],
    ids=["escaped quotes", "brackets", "backslashes", "quotes"],
)
def test_no_body_takes_longer_to_refuse_than_to_read(ledger: Ledger, raw: bytes) -> None:
    # The search for brackets outside of texts once took hours for the first of these.
    started = time.monotonic()
    ledger.check(stopped(text_body(raw), 400, "malformed-json"))
    assert time.monotonic() - started < 10


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("digits", [40, 41])
def test_a_number_has_at_most_forty_digits(ledger: Ledger, digits: int) -> None:
    call = text_body(b'{"amount":' + b"7" * digits + b"}")
    if digits <= 40:
        ledger.check(refused(call, "amount-not-string", "/amount"))
    else:
        ledger.check(stopped(call, 400, "malformed-json"))


@BEFORE_THE_DATABASE
@pytest.mark.parametrize(
    "kind",
    [
        "", "text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=canary", "application/problem+json", "json",
        "application/json; charset=latin-1", "application/json; charset=utf-16",
    ],
)  # fmt: skip
def test_a_body_is_sent_as_json_or_not_at_all(ledger: Ledger, kind: str) -> None:
    call = text_body(json.dumps(PLEDGE).encode(), **{"Content-Type": kind})
    ledger.check(stopped(call, 415, "unsupported-media-type"))


def test_a_body_without_a_content_type_is_refused(ledger: Ledger) -> None:
    call = Call(method="POST", raw=b'{"title":"canary"}')
    ledger.check(stopped(call, 415, "unsupported-media-type"))


@pytest.mark.parametrize(
    "kind",
    ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"'],
)
def test_the_ways_to_say_json_are_taken(ledger: Ledger, kind: str) -> None:
    ledger.check(accepted(text_body(json.dumps(PLEDGE).encode(), **{"Content-Type": kind})))


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "x-canary"])
def test_a_compressed_body_is_refused(ledger: Ledger, encoding: str) -> None:
    call = text_body(json.dumps(PLEDGE).encode(), **{"Content-Encoding": encoding})
    ledger.check(stopped(call, 415, "unsupported-media-type"))


def padded(size: int) -> bytes:
    """An acceptable pledge in so many bytes."""
    raw = json.dumps(PLEDGE).encode()
    return raw + b" " * (size - len(raw))


def test_a_body_of_one_mebibyte_is_read(ledger: Ledger) -> None:
    ledger.check(accepted(text_body(padded(MIB))))


def test_a_larger_body_is_refused_by_its_declared_length(ledger: Ledger) -> None:
    answer = ledger.check(stopped(text_body(padded(MIB + 1)), 413, "body-too-large"))
    assert answer.json()["limit"] == MIB


def test_a_larger_body_without_a_declared_length_is_refused_as_it_comes(ledger: Ledger) -> None:
    def pieces() -> Iterator[bytes]:
        for start in range(0, 2 * MIB, 65_536):
            yield padded(2 * MIB)[start : start + 65_536]

    before = ledger.fingerprint()
    headers = {**ledger.api.headers, "Content-Type": "application/json"}
    answer = ledger.client.post("/v1/pledges", content=pieces(), headers=headers)
    assert (answer.status_code, read_problem(answer)["code"]) == (413, "body-too-large")
    assert ledger.fingerprint() == before


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("length", ["9" * 30, "9" * 5_000])
def test_a_length_beyond_all_measure_is_too_large(ledger: Ledger, length: str) -> None:
    call = text_body(b"{}", **{"Content-Length": length})
    ledger.check(stopped(call, 413, "body-too-large"))


def test_a_batch_may_be_larger(ledger: Ledger) -> None:
    raw = json.dumps({"pledges": [PLEDGE]}).encode()
    path, kind = "/v1/pledges/batch", {"Content-Type": "application/json"}
    large = Call(method="POST", path=path, raw=raw + b" " * MIB, headers=kind)
    ledger.check(accepted(large))
    larger = Call(method="POST", path=path, raw=raw + b" " * 16 * MIB, headers=kind)
    ledger.check(stopped(larger, 413, "body-too-large"))
