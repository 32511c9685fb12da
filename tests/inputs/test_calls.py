"""Addresses, methods and headers: what names nothing is not found, and an update stays protected."""

import re
from typing import Any, Final

import pytest

from tests.client import PLEDGE
from tests.inputs.ledger import (
    NO_BODY,
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
)
from tests.inputs.routes import METHODS, Operation, methods_at, operations, reads, writes
from tests.inputs.rows import WITHDRAWAL

PATHS: Final = sorted({one.address for one in operations()})
SECURED: Final = [one for one in operations() if one.secured]
# Addresses of the log have numbers where others have names, and media types that others have fixed: see
# tests/transparency.
LOG: Final = "/v1/log/"
SUFFIXES: Final = (
    ".csv",
    ".zip",
    ".xlsx",
    ".ndjson",
    ".atom",
    ".ics",
    ".xml",
    ".bib",
    ".csl.json",
    ".{suffix}",
)
NAMED: Final = [one for one in operations() if "{" in one.path and not one.path.startswith(LOG)]
UNNAMEABLE: Final = (
    "%00", "x%00y", "%0a", "%0d%0aSet-Cookie:%20canary=1", "%1f", "%7f", "%ff", "%c0%af", "%2e%2e",
    "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "a%5cb", "%25", "%E2%80%AE", "é", "x" * 5_000,
    "00000000-0000-4000-8000-000000000000", "{00000000-0000-4000-8000-000000000000}",
    "' OR 1=1--",
)  # fmt: skip


def write(path: str, *, tag: str | None = None, key: str | None = None, body: Any = None) -> Call:
    headers = {"If-Match": tag, "Idempotency-Key": key}
    given = {name: value for name, value in headers.items() if value is not None}
    return Call(method="POST", path=path, body=body or WITHDRAWAL, headers=given)


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_an_address_does_not_take_is_refused(ledger: Ledger, path: str) -> None:
    allowed = methods_at(path)
    for method in (*sorted(set(METHODS) - allowed), "OPTIONS", "TRACE", "CANARY"):
        answer = ledger.check(stopped(Call(method=method, path=path), 405, "method-not-allowed"))
        shown = set(filter(None, answer.headers["Allow"].split(", ")))
        assert shown == allowed | ({"HEAD"} if "GET" in allowed else set())


@pytest.mark.parametrize("operation", reads(), ids=str)
def test_head_answers_as_get_does_and_sends_no_body(ledger: Ledger, operation: Operation) -> None:
    same = {"X-Request-ID": "head-and-get"}
    get, head = (
        ledger.send(Call(method=method, path=operation.address, headers=same, role="admin"))
        for method in ("GET", "HEAD")
    )
    assert (head.status_code, head.content) == (get.status_code, b"")
    shown, named = dict(get.headers), dict(head.headers)
    if operation.path.endswith(".xlsx"):
        # A workbook is made afresh, and says when: two of them may differ by a byte.
        shown.pop("content-length")
        named.pop("content-length")
    assert named == shown


@pytest.mark.parametrize("operation", NAMED, ids=str)
def test_what_names_nothing_is_not_found(ledger: Ledger, operation: Operation) -> None:
    ledger.check(*(stopped(_naming(operation, name), 404, "not-found") for name in UNNAMEABLE))


def _naming(operation: Operation, name: str) -> Call:
    """The operation, without fault but for the names in its address."""
    escaped = name.replace("{", "{{").replace("}", "}}")
    return Call(
        method=operation.method,
        path=re.sub(r"\{\w+\}", lambda _: escaped, operation.path),
        body=_acceptable(operation) if operation.has_body else NO_BODY,
        headers={"If-Match": '"1"'} if operation.method != "GET" else {},
        role="admin",
    )


def _acceptable(operation: Operation) -> dict[str, Any]:
    """A body that the operation reads without fault, so that only the name is wrong."""
    endings: dict[str, dict[str, Any]] = {
        "/movements": {"stage": "committed"},
        "/{vehicle_id}/actions": {"actions": [{"on": "2023-12-01", "state": "floor"}]},
        "/imports": {"bill_id": "hr815-118", "actions": []},
        "/enactments": {"on": "2023-12-01"},
        "/{key}": {"reason": "canary", "note": "canary"},
        "/relations": {"kind": "increases", "other": "US-1", "effective_on": "2023-12-01"},
        "/funding": {"enacted_line": "E1", "pledge": "DE-2023-0001", "amount": "1.00"},
        "/dependencies": {"pledge": "DE-2023-0001"},
        "/actions": {"on": "2023-12-01", "state": "introduced"},
        "/withdrawal": WITHDRAWAL,
        "}": {"reason": "canary", "title": "canary"},
    }
    return next(body for end, body in endings.items() if operation.path.endswith(end))


@pytest.mark.parametrize(
    "path",
    ["/", "//", "/v1", "/v1/", "/V1/pledges", "/v1/pledges.exe", "/v1/pledges/", "/v1//pledges",
     "//v1/pledges", "/v1/./pledges%2f", "/v1/%70ledges%00", "/v1\\pledges", "/v1/pledges%2f",
     "/v1/pledges;x=1", "/.env", "/etc/passwd", "/v2/pledges", "/v1/pledges/{open}/",
     "/v1/pledges/{open}/movements/", "/v1/pledges/{open}/nothing", "/static/..%2fapp%2fmain.py"],
)  # fmt: skip
def test_an_address_is_right_or_is_nowhere(ledger: Ledger, path: str) -> None:
    if path == "/" and methods_at("/"):
        pytest.skip("the root has an answer of its own")
    ledger.check(stopped(Call(path=path), 404, "not-found"))


@pytest.mark.parametrize("operation", reads(), ids=str)
def test_a_representation_that_does_not_exist_is_not_acceptable(
    ledger: Ledger, operation: Operation
) -> None:
    if operation.path.endswith(SUFFIXES) or operation.path.startswith(LOG):
        pytest.skip("the address decides by itself")
    accepts = ("application/xml", "text/canary", "image/*", "application/json;q=0", "canary")
    calls = (
        Call(path=operation.address, headers={"Accept": accept}, role="admin") for accept in accepts
    )
    ledger.check(*(stopped(call, 406, "not-acceptable") for call in calls))


@pytest.mark.parametrize(
    "accept",
    ["*/*", "application/*", "application/json", "text/html, */*;q=0.1", "application/json;q=2",
     "application/xml, application/json;q=0.001", "", ",", "application/json;q=canary",
     "APPLICATION/JSON", "application/problem+json"],
)  # fmt: skip
def test_whoever_takes_json_gets_json(ledger: Ledger, accept: str) -> None:
    answer = ledger.send(Call(headers={"Accept": accept}))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("operation", SECURED, ids=str)
def test_credentials_that_are_none_open_nothing(ledger: Ledger, operation: Operation) -> None:
    for authorization in ("Bearer canary", "Basic Og==", "Digest canary", "", b"\xff\xfe"):
        call = Call(
            method=operation.method,
            path=operation.address,
            body={} if operation.has_body else NO_BODY,
            headers={"Authorization": authorization},
            role=None,
        )
        answer = ledger.check(stopped(call, 401, "invalid-token"))
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("operation", writes(), ids=str)
def test_nobody_writes_without_a_key_or_with_one_that_only_reads(
    ledger: Ledger, operation: Operation
) -> None:
    body = {} if operation.has_body else NO_BODY
    for role, status, kind in (
        (None, 401, "invalid-token"),
        ("reader", 403, "insufficient-role"),
    ):
        call = Call(method=operation.method, path=operation.address, body=body, role=role)
        answer = ledger.check(stopped(call, status, kind))
        if role:
            assert answer.json()["required"] in {"contributor", "admin"}


@pytest.mark.parametrize(
    "path",
    ["/v1/pledges/{open}/withdrawal", "/v1/pledges/{moved}/movements/{movement}/withdrawal"],
)
@pytest.mark.parametrize(
    ("tag", "status", "kind"),
    [
        (None, 428, "precondition-required"),
        ("*", 400, "malformed-header"),
        ("", 400, "malformed-header"),
        ("2", 400, "malformed-header"),
        ('"2', 400, "malformed-header"),
        ('"2""3"', 400, "malformed-header"),
        ('"2", "3"', 400, "malformed-header"),
        ('w/"2"', 400, "malformed-header"),
        ('W/"2"', 412, "precondition-failed"),
        ('"1"', 412, "precondition-failed"),
        ('"02"', 412, "precondition-failed"),
        ('"0"', 412, "precondition-failed"),
        ('"-2"', 412, "precondition-failed"),
        ('""', 412, "precondition-failed"),
        ('"2.0"', 412, "precondition-failed"),
        ('"canary"', 412, "precondition-failed"),
        ('"' + "9" * 19 + '"', 412, "precondition-failed"),
        ('"' + "9" * 5_000 + '"', 412, "precondition-failed"),
    ],
)
def test_an_update_names_the_version_that_it_changes(
    ledger: Ledger, path: str, tag: str | None, status: int, kind: str
) -> None:
    ledger.check(stopped(write(path, tag=tag), status, kind))


def test_two_if_match_headers_are_none(ledger: Ledger) -> None:
    headers = [("If-Match", '"2"'), ("If-Match", '"2"'), *ledger.api.headers.items()]
    path = f"/v1/pledges/{ledger.ids['open']}"
    answer = ledger.client.patch(path, json={"reason": "x", "title": "y"}, headers=headers)
    assert (answer.status_code, read_problem(answer)["code"]) == (400, "malformed-header")


def test_a_movement_honours_if_match_where_it_is_sent(ledger: Ledger) -> None:
    call = movement()
    stale = Call(method="POST", path=call.path, body=call.body, headers={"If-Match": '"1"'})
    ledger.check(stopped(stale, 412, "precondition-failed"))


@pytest.mark.parametrize("key", ["", " ", "two words", "é".encode(), b"\xff", b"a\tb", "k" * 256])
def test_an_idempotency_key_is_visible_ascii(ledger: Ledger, key: str | bytes) -> None:
    headers = {"Idempotency-Key": key}
    call = Call(method="POST", body=dict(PLEDGE), headers=headers)
    ledger.check(stopped(call, 400, "malformed-header"))


def test_two_idempotency_keys_are_none(ledger: Ledger) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "a"), *ledger.api.headers.items()]
    answer = ledger.client.post("/v1/pledges", json=dict(PLEDGE), headers=headers)
    assert (answer.status_code, read_problem(answer)["code"]) == (400, "malformed-header")


def test_a_refused_call_does_not_use_up_its_key(ledger: Ledger) -> None:
    key = {"Idempotency-Key": "once-refused"}
    wrong = Call(method="POST", body={**PLEDGE, "amount": "0"}, headers=key)
    ledger.check(refused(wrong, "zero-amount", "/amount"))
    ledger.check(accepted(Call(method="POST", body=dict(PLEDGE), headers=key)))


@pytest.mark.parametrize(
    "case",
    [
        refused(movement("open", amount="100.01"), "exceeds-remaining", "/amount"),
        refused(movement("moved", stage="delivered", amount="60.01"), "exceeds-remaining"),
        refused(movement("moved", stage="committed", amount="40.01"), "exceeds-remaining"),
        refused(movement("moved", stage="cancelled", amount="60.01"), "exceeds-remaining"),
        refused(movement("moved", stage="delivered", amount="1.00", on="2023-06-14"),
                "date-order", "/on"),
        refused(movement("unvalued", amount="1.00"), "pledge-unvalued", "/amount"),
        stopped(movement("withdrawn"), 409, "illegal-transition"),
        stopped(write("/v1/pledges/{withdrawn}/withdrawal", tag='"2"'), 409, "illegal-transition"),
        stopped(
            Call(method="PATCH", path="/v1/pledges/{withdrawn}", headers={"If-Match": '"2"'},
                 body={"reason": "canary", "title": "canary"}),
            409, "illegal-transition",
        ),
        refused(
            Call(method="PATCH", path="/v1/pledges/{moved}", headers={"If-Match": '"3"'},
                 body={"reason": "canary", "amount": "9.99"}),
            "contradicts-movement", "/amount",
        ),
        refused(
            Call(method="PATCH", path="/v1/pledges/{moved}", headers={"If-Match": '"3"'},
                 body={"reason": "canary", "currency": "USD"}),
            "currency-in-use", "/currency",
        ),
        refused(amendment(donor="UA"), "donor-is-recipient", "/donor"),
        refused(pledge(reference="DE-2023-0001"), "reference-taken", "/reference"),
        stopped(
            write("/v1/pledges/{open}/movements/{movement}/withdrawal", tag='"2"'),
            404, "not-found",
        ),
    ],
    ids=case_id,
)  # fmt: skip
def test_what_the_ledger_does_not_allow_is_refused(ledger: Ledger, case: Case) -> None:
    ledger.check(case)


def test_what_is_left_is_told(ledger: Ledger) -> None:
    answer = ledger.check(refused(movement("moved", stage="cancelled", amount="60.01"),
                                  "exceeds-remaining", "/amount"))  # fmt: skip
    assert answer.json()["errors"][0]["left"] == "60.00"


@pytest.mark.parametrize(
    "name",
    ["Host", "X-Forwarded-Host", "If-None-Match", "X-HTTP-Method-Override", "Range", "Expect",
     "Cookie", "Origin", "TE", "X-Request-ID", "Content-Length", "Transfer-Encoding"],
)  # fmt: skip
def test_no_other_header_changes_what_is_read(ledger: Ledger, name: str) -> None:
    plain = ledger.send(Call(query="limit=1"))
    for value in ("canary", "[", "\x01", "9" * 5_000, "é", '"' * 500, ",,;=", ""):
        answer = ledger.send(Call(query="limit=1", headers={name: value.encode("latin-1")}))
        assert (answer.status_code, answer.json()) == (200, plain.json())
        assert "canary" not in str({**answer.headers, "X-Request-ID": ""})
