"""A small ledger in a known state, the calls that are tried on it, and what a refusal looks like."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from app.access import service as access
from app.access.domain import Role
from app.db import Base, Database
from app.journal.tables import HeadRow
from app.kernel.sources import SourceKind
from app.pledges.domain import (
    AidType,
    Bound,
    Instrument,
    MovementStage,
    Stage,
    Status,
    Verification,
)
from tests.client import PLEDGE, Api
from tests.clock import StoppedClock

PROBLEMS: Final = Path(__file__).resolve().parents[2] / "docs" / "problems.md"
NO_BODY: Final = object()
REQUEST: Final = {
    "donor": "US",
    "title": "Supplemental",
    "kind": "supplemental",
    "currency": "USD",
    "requested_on": "2023-10-20",
    "lines": [{"component": "military", "amount": "100.00"}],
}
# The rates are many, and no call changes them: they are counted, the other tables are read.
COUNTED_ONLY: Final = frozenset({"fx_rate"})
WORDS: Final = (AidType, Bound, Instrument, SourceKind, MovementStage, Stage, Status, Verification)
# What became of a file that was sent is kept for a day, beside the ledger, whatever it was.
BESIDE_THE_LEDGER: Final = frozenset({"import_job"})
# Words of our own, which an answer may use however the input used them.
VOCABULARY: Final = frozenset(
    [
        *("pledged", "committed", "allocated", "delivered", "cancelled", "withdrawn", "donor"),
        *("military", "financial", "humanitarian", "in_kind", "grant", "loan", "guarantee"),
        *("authority", "exact", "up_to", "at_least", "about", "official", "secondary", "media"),
        *("other", "unverified", "true", "false", "Ukraine", "Bearer", "Basic"),
        *("fixed", "release:"),  # as in fixed:DATE and release:LABEL
    ]
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call. ``path``, header values and texts of the body may name ids: ``{open}``."""

    method: str = "GET"
    path: str = "/v1/pledges"
    query: str = ""
    body: Any = NO_BODY
    raw: bytes | None = None
    headers: Mapping[str, str | bytes] = field(default_factory=dict)
    role: str | None = "contributor"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A call and its answer: ``type`` is the problem's, ``code`` and ``pointer`` the finding's."""

    call: Call
    status: int
    type: str | None = None
    code: str | None = None
    pointer: str | None = None


def pledge(**fields: Any) -> Call:
    """Recording a pledge that is acceptable but for these fields; ``...`` leaves a field out."""
    body = {name: value for name, value in {**PLEDGE, **fields}.items() if value is not ...}
    return Call(method="POST", path="/v1/pledges", body=body)


def movement(of: str = "open", **fields: Any) -> Call:
    """Recording a movement of a pledge of the ledger."""
    body = {"stage": "committed", "amount": "1.00", "on": "2023-12-01", **fields}
    return Call(method="POST", path=f"/v1/pledges/{{{of}}}/movements", body=body)


def amendment(tag: str | None = '"2"', **changes: Any) -> Call:
    """Amending the open pledge, which is at version 2."""
    headers = {} if tag is None else {"If-Match": tag}
    body = {"reason": "it was so", **changes}
    return Call(method="PATCH", path="/v1/pledges/{open}", body=body, headers=headers)


def text_body(raw: bytes, **headers: str | bytes) -> Call:
    """Recording a pledge with these bytes as the body."""
    kind = {"Content-Type": "application/json"}
    return Call(method="POST", path="/v1/pledges", raw=raw, headers=kind | headers)


def listing(query: str, path: str = "/v1/pledges") -> Call:
    """Reading a list with this query string, as it stands."""
    return Call(path=path, query=query, role=None)


def refused(call: Call, code: str, pointer: str | None = None) -> Case:
    """The call is understood and not accepted."""
    return Case(call=call, status=422, type="validation-failed", code=code, pointer=pointer)


def stopped(call: Call, status: int, kind: str) -> Case:
    """The call is refused as a whole."""
    return Case(call=call, status=status, type=kind)


def accepted(call: Call, status: int = 201) -> Case:
    """The call does what it says."""
    return Case(call=call, status=status)


def case_id(case: Case) -> str:
    """What a case is called in the list of tests."""
    return f"{case.code or case.type or 'accepted'} {case.pointer or ''}".strip()


# What is refused with no statement sent but the one that looks the key up: one engine proves it.
BEFORE_THE_DATABASE: Final = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Ledger:
    """An application with a few pledges, and keys for all kinds of callers.

    Attributes:
        ids: what ``{name}`` means in a call: pledges ``open`` (100.00 EUR of 15 June 2023, at
            version 2), ``moved`` (100.00 EUR, of which 60 committed and 40 delivered),
            ``unvalued``, ``withdrawn``; the ``movement`` by which ``moved`` was committed; a
            legislative ``request`` with its ``action``, its ``vehicle``, the ``enactment`` of half of
            it with the ``enacted_line`` that is the ``funding`` of ``open``, the ``dependency`` of
            ``moved`` on it, and its ``relation`` to another one; a ``key`` that nobody needs.
    """

    def __init__(self, app: FastAPI, client: TestClient, clock: StoppedClock) -> None:
        self.app = app
        self.client = client
        self.clock = clock
        self.database: Database = app.state.database
        self.keys = {role.value: self._new_key(role.value, role) for role in Role}
        self.api = Api(client, self.keys["contributor"])
        self.ids: dict[str, str] = {}
        self._held: dict[str, str] | None = None
        self.ids |= self._fill()

    def send(self, call: Call) -> Response:
        """Make the call."""
        self._held = None
        headers: list[tuple[bytes, bytes]] = []
        if call.role is not None:
            headers.append((b"Authorization", f"Bearer {self.keys[call.role]}".encode()))
        for name, value in call.headers.items():
            raw = value if isinstance(value, bytes) else value.format_map(self.ids).encode()
            headers.append((name.encode(), raw))
        content = call.raw
        if call.body is not NO_BODY:
            content = json.dumps(call.body).encode()
            if not any(name.lower() == b"content-type" for name, _ in headers):
                headers.append((b"Content-Type", b"application/json"))
        address = "http://testserver" + call.path.format_map(self.ids)
        if call.query:
            address += "?" + call.query
        return self.client.request(call.method, address, content=content, headers=headers)

    def check(self, *cases: Case) -> Response:
        """Make the calls, and prove that each answer is the one its case names; gives the last.

        Refusals must leave every table as it was.
        """
        # What the last refusal left is where this one begins.
        before = self._held or self.fingerprint()
        for case in cases:
            answer = self._answer(case)
        if all(case.type is not None for case in cases):
            self._held = self.fingerprint()
            assert self._held == before
        return answer

    def _answer(self, case: Case) -> Response:
        answer = self.send(case.call)
        assert answer.status_code == case.status, answer.text
        if case.type is None:
            return answer
        problem = read_problem(answer)
        assert problem["code"] == case.type, answer.text
        if case.type == "validation-failed":
            found = [(one["pointer"], one["code"]) for one in problem["errors"]]
            assert case.code in {code for _, code in found}, found
            if case.pointer is not None:
                assert (case.pointer, case.code) in found, found
        echoed = sorted(echoes(case.call, answer, problem))
        assert not echoed, echoed
        return answer

    def fingerprint(self) -> dict[str, str]:
        """What every table of the database holds, digested."""
        found: dict[str, str] = {}
        with self.database.reading() as session:
            # The driver's own rows: thousands of cases are compared, and their types say nothing.
            read = session.connection().exec_driver_sql
            for name in Base.metadata.tables.keys() - BESIDE_THE_LEDGER:
                if name in COUNTED_ONLY:
                    found[name] = str(read(f"SELECT count(*) FROM {name}").scalar_one())
                    continue
                rows = sorted(map(repr, read(f"SELECT * FROM {name}")))
                found[name] = f"{len(rows)} {sha256(repr(rows).encode()).hexdigest()}"
        return found

    def revision(self) -> int:
        """The last revision."""
        with self.database.reading() as session:
            return session.scalars(select(HeadRow.revision)).one()

    def _new_key(self, name: str, role: Role, days: int = 90) -> str:
        with self.database.transaction() as session:
            return access.create_key(
                session,
                name=f"{name} of the inputs",
                role=role,
                valid_for=timedelta(days=days),
                clock=self.clock,
                created_by="tests",
            ).text

    def _fill(self) -> dict[str, str]:
        record = self.api.record_pledge
        euros = {"donor": "DE", "currency": "EUR", "amount": "100.00", "announced_on": "2023-06-15"}
        one = record(**euros, title="Open")
        self.api.amend_pledge(one, notes="amended once")
        moved = record(**euros, title="Moved")
        self.api.record_movement(moved, "committed", amount="60.00", on="2023-07-01")
        moved = self.api.record_movement(moved, "delivered", amount="40.00", on="2023-08-01")
        unvalued = record(title="Unvalued", amount=None, currency=None)
        gone = record(title="Gone")
        answer = self.api.post(
            f"/v1/pledges/{gone['id']}/withdrawal", {"reason": "never was"}, **{"If-Match": '"1"'}
        )
        assert answer.status_code == 200, answer.text
        return {
            **self._fill_legislation(one["id"], moved["id"]),
            "open": one["id"],
            "moved": moved["id"],
            "movement": moved["movements"][0]["id"],
            "unvalued": unvalued["id"],
            "withdrawn": gone["id"],
            "key": self._new_key("spare", Role.READER).split("_")[1],
        }

    def _fill_legislation(self, funded: str, waiting: str) -> dict[str, str]:
        place = "/v1/legislative-requests"
        request = self._made(place, {**REQUEST, "vehicles": [{"identifier": "H.R. 815"}]})
        other = self._made(place, REQUEST)
        own = f"{place}/{request['id']}"
        settled = {"key": "E1", "line": "1", "amount": "50.00", "rest_pends": True}
        for path, body in {
            "enactments": {"on": "2024-04-24", "lines": [settled], "closes": False},
            "relations": {"kind": "increases", "other": other["id"], "effective_on": "2023-10-20"},
            "funding": {"enacted_line": "E1", "pledge": funded, "amount": "10.00"},
            "dependencies": {"pledge": waiting},
        }.items():
            request = self._made(f"{own}/{path}", body)
        return {
            "request": request["id"],
            "action": request["actions"][0]["id"],
            "vehicle": request["vehicles"][0]["vehicle_id"],
            "enactment": request["enactments"][0]["id"],
            "enacted_line": request["enactments"][0]["lines"][0]["key"],
            "relation": request["relations"][0]["id"],
            "funding": request["funding"][0]["id"],
            "dependency": request["dependencies"][0]["id"],
        }

    def _made(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.api.post(path, dict(body))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


def read_problem(answer: Response) -> dict[str, Any]:
    """The problem document of a refusal, once it is proven to be one (RFC 9457)."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"]
    if problem["code"] == "validation-failed":
        assert problem["errors"]
    for error in problem.get("errors", []):
        assert error["pointer"] == "" or error["pointer"][0] in "/?"
        assert error["detail"]
    codes = {problem["code"], *(error["code"] for error in problem.get("errors", []))}
    assert codes <= documented_codes(), codes - documented_codes()
    return problem


@cache
def documented_codes() -> frozenset[str]:
    """Every code that docs/problems.md explains."""
    text = PROBLEMS.read_text(encoding="utf-8")
    return frozenset(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def echoes(call: Call, answer: Response, problem: Mapping[str, Any]) -> Iterator[str]:
    """The values of the call that its answer repeats: there must be none.

    Values of fewer than five characters are left out, since our own sentences may hold them.
    """
    shown = json.dumps({name: part for name, part in problem.items() if name != "instance"})
    shown += "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    for value in map(str.strip, _leaves(call)):
        if len(value) >= 5 and value not in VOCABULARY and json.dumps(value)[1:-1] in shown:
            yield value


def _leaves(call: Call) -> Iterator[str]:
    yield from (value for _, value in parse_qsl(call.query))
    # The id of a call is the caller's own, and is given back on purpose.
    own = {"Content-Type", "X-Request-ID"}
    yield from (str(value) for name, value in call.headers.items() if name not in own)
    if call.raw is not None:
        yield "canary"
    if call.body is not NO_BODY:
        yield from _texts(call.body)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for part in value.values():
                yield from _texts(part)
        case list():
            for part in value:
                yield from _texts(part)
        case str():
            yield value
        case bool() | None:
            return
        case _:
            yield str(value)
