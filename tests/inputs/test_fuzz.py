"""No input yields a fault of ours (DESIGN section 8, invariant 11), and what is refused changes nothing (invariant 8).

Hypothesis makes the inputs up: arbitrary JSON, acceptable bodies with one arbitrary part, arbitrary
query strings, names and headers, against every operation of the application.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client import PLEDGE
from tests.inputs.ledger import NO_BODY, Call, Ledger, read_problem
from tests.inputs.routes import Operation, operations, reads, writes

# The ledger of the file is shared: what is accepted stays, and each example goes on from there.
FUZZ: Final = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LONG: Final = settings(FUZZ, max_examples=250, derandomize=False)

# Texts that have broken somebody's parser before, and any other.
TEXTS: Final = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["", "\x00", "\ud800", "\u202e", "NaN", "1e400", "9" * 400, "2024-02-30", "0001", "DK", "EUR",
     "true", "null", "{}", "%s", "'", '"', "\\", "../", "-1", 'W/"1"', "1" * 19, "2023-11/2023"]
)  # fmt: skip
NUMBERS: Final = (
    st.integers()
    | st.integers(-(10**60), 10**60)
    | st.floats(allow_nan=False, allow_infinity=False)
)
JSON: Final = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(TEXTS, part, max_size=4),
    max_leaves=12,
)
SOURCE: Final = {"url": "https://www.fmn.dk/a", "title": "Package", "kind": "official"}
_COMPLETE: Final[Mapping[str, Any]] = {
    **PLEDGE,
    "instrument": "in_kind",
    "bound": "about",
    "status": "allocated",
    "verification": "official",
    "notes": "a note",
    "overlaps": ["DKM3"],
    "sources": [SOURCE],
    "items": [{"description": "Shell", "quantity": "5000", "value": "1.00", "currency": "EUR"}],
}
_LINE: Final[Mapping[str, Any]] = {
    "key": "all", "component": "military", "subcomponent": "usai", "label": "x", "amount": "100.00",
    "bound": "about", "amount_kind": "cash", "beneficiary": "recipient", "year": 2024,
    "new_money": True,
    "claims": [{"amount": "100.00", "preferred": True, "source": SOURCE, "retrieved_on": "2023-11"}],
}  # fmt: skip
_ACTION: Final[Mapping[str, Any]] = {
    "on": "2024-04-20", "time": "14:05", "body": "House", "state": "floor",
    "flag": {"name": "blocked", "change": "set"}, "text": "On passage", "language": "en",
    "vote": {"yes": 311, "no": 112, "roll": 151, "chamber": "House", "session": "118-2"},
    "scheme": "congress.gov", "code": "8000", "known_on": "2024-04-21", "substantive": True,
}  # fmt: skip
# An acceptable body for each kind of write, as a place to put arbitrary things.
BODIES: Final[Mapping[str, Any]] = {
    "/v1/pledges": _COMPLETE,
    "/v1/pledges/batch": {"pledges": [_COMPLETE, dict(PLEDGE)]},
    "/v1/pledges/{pledge_id}": {"reason": "it was so", **_COMPLETE},
    "/v1/pledges/{pledge_id}/movements": {
        "stage": "committed", "amount": "1.00", "on": "2023-12-01", "note": "x", "sources": [SOURCE],
    },
    "/v1/legislative-requests": {
        "donor": "US", "title": "Supplemental", "kind": "supplemental", "currency": "USD",
        "requested_on": "2023-10-20", "published_on": "2023-10-21", "period": "2023-10/2023-12",
        "lines": [_LINE, {**_LINE, "key": "part", "parent": "all", "amount": "60.00", "claims": []}],
        "vehicles": [{"identifier": "H.R. 815", "session": "118", "role": "host",
                      "became_vehicle_on": "2023-12-05"}],
        "actions": [_ACTION], "sources": [SOURCE],
    },
    "/v1/legislative-requests/{request_id}": {
        "reason": "it was so", "title": "Supplemental", "period": "2024",
        "lines": [{**_LINE, "key": "1"}], "vehicles": [{"identifier": "H.R. 815"}],
    },
    "/v1/legislative-requests/{request_id}/actions": _ACTION,
    "/v1/legislative-requests/{request_id}/enactments": {
        "on": "2024-04-24", "law": "P.L. 118-50", "closes": False,
        "lines": [{"line": "1", "amount": "1.00", "rest_pends": True, "available": "2024"}],
    },
    "/v1/legislative-requests/{request_id}/enacted-lines/{key}": {
        "reason": "it was so", "rescinded": "1.00", "annulled_on": "2024-05-01",
    },
    "/v1/legislative-requests/{request_id}/relations": {
        "kind": "increases", "other": "US-LR-0002", "effective_on": "2023-10-20",
        "lines": [{"own": "1", "other": "1", "amount": "1.00"}], "rationale": "x",
    },
    "/v1/legislative-requests/{request_id}/funding": {
        "enacted_line": "E1", "pledge": "DE-2023-0001", "amount": "0.01", "note": "x",
    },
    "/v1/legislative-requests/{request_id}/dependencies": {
        "pledge": "DE-2023-0002", "kind": "conditional_on", "line": "1", "on_fail": "cancel",
        "due_on": "2024-06",
    },
    "/v1/vehicles": {
        "jurisdiction": "US", "session": "118", "identifier": "H.R. 8035", "title": "Ukraine",
        "introduced_on": "2024-04-17", "session_ends_on": "2025-01-03", "url": "https://a.org/b",
        "external_ids": [{"scheme": "congress.gov", "id": "118/hr/8035"}],
        "actions": [_ACTION], "sources": [SOURCE],
    },
    "/v1/vehicles/{vehicle_id}": {
        "reason": "it was so", "title": "Ukraine", "introduced_on": "2023", "external_ids": [],
    },
    "/v1/vehicles/{vehicle_id}/actions": {"actions": [_ACTION]},
    "/v1/vehicles/{vehicle_id}/imports": {
        "schema": "aid-ledger/actions/1", "vehicle": {"jurisdiction": "US", "identifier": "H.R. 815"},
        "actions": [{"on": "2024-04-20", "text": "Passed", "scheme": "storting", "code": "PLBEH", "roll": "7"}],
    },
    "/v1/api-keys": {"name": "Desk", "role": "reader", "valid_days": 1},
}  # fmt: skip


def schema_body(operation: Operation) -> Any:
    """A body to start from; where none is written down, one with a reason does."""
    return BODIES.get(operation.path, {"reason": "it was so"})


@st.composite
def bodies(draw: st.DrawFn, operation: Operation) -> Any:
    """An arbitrary document, or an acceptable one with something arbitrary in one place."""
    if draw(st.booleans()):
        return draw(JSON)
    return _spoil(draw, json.loads(json.dumps(schema_body(operation))))


def _spoil(draw: st.DrawFn, document: Any) -> Any:
    deeper: bool = bool(document) and draw(st.booleans())
    match document:
        case dict() if deeper:
            name = draw(st.sampled_from(sorted(document)))
            return {**document, name: _spoil(draw, document[name])}
        case list() if deeper:
            return [_spoil(draw, document[0]), *document[1:]]
        case dict():
            return {**document, draw(TEXTS): draw(JSON)}
        case _:
            return draw(JSON)


@st.composite
def queries(draw: st.DrawFn, operation: Operation) -> str:
    """Parameters of the operation and others, with arbitrary values, arbitrarily escaped."""
    names = st.sampled_from(operation.parameters) if operation.parameters else TEXTS
    pairs = draw(st.lists(st.tuples(names | TEXTS, TEXTS | st.integers().map(str)), max_size=4))
    return "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in pairs) + draw(
        st.sampled_from(["", "&", "=", "%", "%ff", "&&;", "#"])
    )


def _escaped(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


NAMES: Final = TEXTS.map(_escaped) | st.binary(max_size=12).map(quote_from_bytes)
HEADERS: Final = st.dictionaries(
    st.sampled_from(["If-Match", "If-None-Match", "Idempotency-Key", "Accept", "Authorization",
                     "Content-Encoding", "X-Request-ID", "Host", "Range", "Origin"]),
    st.binary(max_size=30).map(lambda raw: bytes(one for one in raw if one not in b"\r\n\0"))
    | st.sampled_from([b'"1"', b'"2"', b"*", b'W/"1"', b"text/csv", b"*/*;q=0.3", b"gzip"]),
    max_size=3,
)  # fmt: skip


def check(ledger: Ledger, call: Call) -> None:
    """Whatever it is, it is answered; and a refusal is a problem document and changes nothing."""
    before = ledger.revision()
    answer = ledger.send(call)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        if call.method != "HEAD":
            read_problem(answer)
        assert ledger.revision() == before


def write(draw: Callable[[st.SearchStrategy[Any]], Any], operation: Operation) -> Call:
    body = draw(bodies(operation)) if operation.has_body else NO_BODY
    return Call(method=operation.method, path=operation.address, body=body,
                headers={"If-Match": '"2"'}, role="admin")  # fmt: skip


def fuzz_bodies(ledger: Ledger, data: st.DataObject) -> None:
    check(ledger, write(data.draw, data.draw(st.sampled_from(writes()))))


def fuzz_bytes(ledger: Ledger, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from([one for one in writes() if one.has_body]))
    raw = data.draw(st.binary(max_size=200)) + data.draw(st.sampled_from([b"", b'"', b"{}", b"\\"]))
    kind = {"Content-Type": "application/json"}
    check(ledger, Call(method=operation.method, path=operation.address, raw=raw, headers=kind,
                       role="admin"))  # fmt: skip


def fuzz_queries(ledger: Ledger, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(reads()))
    check(ledger, Call(path=operation.address, query=data.draw(queries(operation)), role="admin"))


def fuzz_names_and_headers(ledger: Ledger, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(operations()))
    path = operation.path
    for part in re.findall(r"\{\w+\}", path):
        name = data.draw(NAMES).replace("{", "%7b").replace("}", "%7d")
        path = path.replace(part, name or "x", 1)
    headers = data.draw(HEADERS)
    call = Call(
        method=data.draw(st.sampled_from([operation.method, "HEAD", "PUT"])),
        path=path.replace("?", "%3f").replace("#", "%23"),
        body=schema_body(operation) if operation.has_body else NO_BODY,
        headers=headers,
        role=None if "Authorization" in headers else "admin",
    )
    check(ledger, call)


FUZZES: Final = pytest.mark.parametrize(
    "fuzz",
    [fuzz_bodies, fuzz_bytes, fuzz_queries, fuzz_names_and_headers],
    ids=lambda fuzz: fuzz.__name__.removeprefix("fuzz_"),
)
Fuzz = Callable[[Ledger, st.DataObject], None]


def run(fuzz: Fuzz, ledger: Ledger, how: settings) -> None:
    @how
    @given(st.data())
    def example(data: st.DataObject) -> None:
        fuzz(ledger, data)

    example()


@FUZZES
def test_whatever_comes_in_is_answered(ledger: Ledger, fuzz: Fuzz) -> None:
    run(fuzz, ledger, FUZZ)


@pytest.mark.slow
@FUZZES
def test_whatever_comes_in_for_a_long_time_is_answered(ledger: Ledger, fuzz: Fuzz) -> None:
    run(fuzz, ledger, LONG)
