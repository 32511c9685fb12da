"""`/openapi.json` is complete and true: every operation says what it is, what it refuses, and who may call it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.main import ROOMS
from app.problems import MEDIA_TYPE
from tests.clock import StoppedClock
from tests.docs import console
from tests.docs import test_api as page
from tests.inputs.ledger import Call, Ledger, read_problem
from tests.inputs.routes import Operation, document, operations, reads, writes

WORDS: Final = re.compile(r"[a-z]+(_[a-z]+)*")
# What the document says of reports and of roles, it says of both engines: most of the time would go by in making
# the same reports again.
ON_ONE_ENGINE: Final = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Ways to be refused that can be tried on any operation: what is changed about a call.
TRIES: Final[tuple[dict[str, Any], ...]] = (
    {"role": None},
    {"role": "reader"},
    {"role": None, "headers": {"Authorization": "Bearer canary"}},
    {"query": "surprise=1"},
    {"query": "cursor=canary"},
    {"headers": {"Accept": "application/xml"}},
    {"headers": {"If-Match": "canary"}},
    {"headers": {"If-Match": '"999"'}},
    {"headers": {"Idempotency-Key": "two words"}},
    {"raw": b"{"},
    {"raw": b"{}", "headers": {"Content-Type": "text/plain"}},
    {"raw": b" " * (16 * 1024 * 1024 + 1)},
    {"names": "nothing"},
)


def described(operation: Operation) -> dict[str, Any]:
    """What the document says of an operation."""
    found: dict[str, Any] = document()["paths"][operation.path][operation.method.lower()]
    return found


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    while "$ref" in part:
        target: Any = document()
        for name in part["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        part = target
    return part


def references(part: Any) -> Iterator[str]:
    """Every reference in the document."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def header(operation: Operation, name: str) -> dict[str, Any] | None:
    """What the document says of a request header."""
    parameters = map(resolved, described(operation).get("parameters", ()))
    return next((one for one in parameters if one["name"] == name), None)


def try_out(ledger: Ledger, operation: Operation, change: dict[str, Any]) -> Any:
    """The answer to a call of the operation that is changed so."""
    change = dict(change)
    names = change.pop("names", None)
    path = re.sub(r"\{\w+\}", names, operation.path) if names else operation.address
    if operation.has_body:
        raw, kind = example(operation)
        headers = {"Content-Type": kind} | change.get("headers", {})
        change = {"raw": raw, **change, "headers": headers}
    return ledger.send(Call(method=operation.method, path=path, **{"role": "admin", **change}))


def example(operation: Operation) -> tuple[bytes, str]:
    """A body that the operation takes, the one on the page, and its content type."""
    section = page.described(operation)
    [(words, _)] = section.calls
    if "-F" in words:
        return console.form(words[words.index("-F") + 1], section.file)
    return words[words.index("-d") + 1].encode(), "application/json"


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_operation_says_what_it_is(operation: Operation) -> None:
    said = described(operation)
    assert len(said["tags"]) == 1
    # A summary that nobody wrote is the function's name in capitals: "Get Pledge".
    assert not re.fullmatch(r"([A-Z]\w*)( [A-Z]\w*)+", said["summary"])
    assert said["description"].endswith(".")
    assert WORDS.fullmatch(said["operationId"])


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [described(operation)["operationId"] for operation in operations()]
    assert sorted(names) == sorted(set(names))


def test_no_two_templates_name_the_same_address() -> None:
    shapes = [re.sub(r"\{\w+\}", "{}", path) for path in document()["paths"]]
    assert sorted(shapes) == sorted(set(shapes))


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    used = set(references(document()))
    for reference in used:
        assert resolved({"$ref": reference})
    components = {
        f"#/components/{kind}/{name}"
        for kind, named in document()["components"].items()
        if kind != "securitySchemes"
        for name in named
    }
    assert components == used


def test_no_component_is_named_by_its_place_in_the_code() -> None:
    assert [name for name in document()["components"]["schemas"] if "__" in name] == []


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_refusal_is_described_as_a_problem(operation: Operation) -> None:
    for status, answer in described(operation)["responses"].items():
        said = resolved(answer)
        assert said["description"]
        if status >= "400":
            assert list(said["content"]) == [MEDIA_TYPE]
            schema = said["content"][MEDIA_TYPE]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}


@ON_ONE_ENGINE
@pytest.mark.parametrize("operation", reads(), ids=str)
def test_what_is_answered_to_a_read_is_described(ledger: Ledger, operation: Operation) -> None:
    check_answers(ledger, operation)


@pytest.mark.parametrize("operation", writes(), ids=str)
def test_what_is_answered_to_a_write_is_described(ledger: Ledger, operation: Operation) -> None:
    check_answers(ledger, operation)


def check_answers(ledger: Ledger, operation: Operation) -> None:
    """However it is called, it answers with a status and a media type that the document names."""
    responses = described(operation)["responses"]
    required = resolved({"$ref": "#/components/schemas/Problem"})["required"]
    for change in TRIES:
        answer = try_out(ledger, operation, change)
        assert str(answer.status_code) in responses, (change, answer.text)
        kind = answer.headers["Content-Type"].partition(";")[0]
        assert kind in resolved(responses[str(answer.status_code)])["content"]
        if answer.status_code >= 400:
            assert set(required) <= set(read_problem(answer))


@ON_ONE_ENGINE
@pytest.mark.parametrize("operation", operations(), ids=str)
def test_the_role_that_is_described_is_the_one_that_it_takes(
    ledger: Ledger, operation: Operation
) -> None:
    wanted = described(operation).get("security", [{}])
    opened = {}
    for role in (None, "reader", "contributor", "admin"):
        opened[role] = try_out(ledger, operation, {"role": role}).status_code not in {401, 403}
    lowest = next(role for role, is_open in opened.items() if is_open)
    if lowest is None:
        assert {} in wanted
    else:
        assert wanted == [{"ApiKey": [lowest]}, {"ApiKeyAsUserName": [lowest]}]


@pytest.mark.parametrize("operation", writes(), ids=str)
def test_the_headers_that_are_described_are_the_ones_that_are_read(
    ledger: Ledger, operation: Operation
) -> None:
    without = try_out(ledger, operation, {})
    malformed = try_out(ledger, operation, {"headers": {"If-Match": "canary"}})
    said = header(operation, "If-Match")
    assert (malformed.status_code == 400) == (said is not None)
    if said is not None:
        assert (without.status_code == 428) == said["required"], without.text
    malformed = try_out(
        ledger, operation, {"headers": {"Idempotency-Key": "two words", "If-Match": '"1"'}}
    )
    assert (malformed.status_code == 400) == (header(operation, "Idempotency-Key") is not None)


def models() -> dict[str, type[BaseModel]]:
    """The model that each operation answers with, where it declares one."""
    return {
        f"{method} {route.path}": route.response_model
        for room in ROOMS
        for route in iter_route_contexts(room.router.routes)
        if isinstance(route.response_model, type) and issubclass(route.response_model, BaseModel)
        for method in route.methods or ()
    }


def test_what_is_answered_has_the_shape_that_is_described(
    app: FastAPI, client: TestClient, clock: StoppedClock, tmp_path: Path
) -> None:
    shapes, seen = models(), set()
    for section, answer, _ in page.walk(app, client, clock, tmp_path):
        model = shapes.get(section.name)
        if model is not None:
            read = model.model_validate_json(answer.content)
            # A member that may be missing is not said to be null.
            assert read.model_dump(mode="json", exclude_unset=True) == answer.json(), section.name
            seen.add(section.name)
    assert seen == set(shapes)
