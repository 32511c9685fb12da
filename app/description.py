"""What ``/openapi.json`` says beyond what the routes declare: refusals, roles, and the headers of writes.

Stated once, by rule, so that a new route is described in full. tests/docs/test_openapi.py holds the rules to what the
application answers.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.problems import MEDIA_TYPE

_REF: Final = "#/components/"
_TWINS: Final = {
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".ndjson": "application/x-ndjson",
    ".atom": "application/atom+xml",
    ".ics": "text/calendar",
    ".xml": "application/xml",
    ".bib": "application/x-bibtex",
    ".csl.json": "application/vnd.citationstyles.csl+json",
    ".sha256": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Its formats are fixed by others, one for each address; and it may not have been signed yet.
_LOG: Final = "/v1/log/"
# A rate moves every total, so it is for administrators.
_FX: Final = "/v1/fx/"
# What is recorded here may be there already, under the name that its parliament gave it.
_VEHICLES: Final = "/v1/vehicles"
# What a file holds is not public before it is recorded.
_IMPORTS: Final = "/v1/imports"
_JOBS: Final = "/jobs"
_TEMPLATE: Final = "/v1/imports/template."
# Two rooms may have a class of one name; the framework then calls each by its whole path.
_LONG_NAME: Final = re.compile(r"app__([a-z]+)__(?:[a-z]+__)*")
# Status, name, meaning.
_REFUSALS: Final = (
    (400, "BadRequest", "The body, a header or the cursor cannot be read."),
    (401, "Unauthorized", "There is no valid API key."),
    (403, "Forbidden", "The role of the API key may not do this."),
    (404, "NotFound", "Nothing has this name, or nothing had it yet."),
    (406, "NotAcceptable", "There is no such representation."),
    (409, "Conflict", "The state of the ledger does not allow it."),
    (412, "PreconditionFailed", "The version has moved on; `ETag` is the current one."),
    (413, "ContentTooLarge", "The body is too large."),
    (415, "UnsupportedMediaType", "The body is of a kind that is not taken here."),
    (422, "UnprocessableContent", "The input is not acceptable; `errors` says where and why."),
    (428, "PreconditionRequired", "`If-Match` is missing."),
    (503, "ServiceUnavailable", "The database does not answer; wait for `Retry-After`."),
)
_FINDING: Final = {
    "type": "object",
    "description": "One thing that is wrong with the input; some have further members.",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "JSON pointer (RFC 6901) into the body, or `?name` for a parameter.",
        },
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}
_PROBLEM: Final = {
    "type": "object",
    "description": "A refusal (RFC 9457); some have further members.",
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/validation-failed"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "examples": ["validation-failed"]},
        "instance": {"type": "string", "description": "The `X-Request-ID` of the call."},
        "errors": {"type": "array", "items": {"$ref": _REF + "schemas/Finding"}},
        "more_errors": {"type": "boolean"},
    },
}


def name_operation(route: APIRoute) -> str:
    """The ``operationId`` of a route: the name of its function, which therefore differs from all others."""
    return route.name


def install(app: FastAPI) -> None:
    """Have ``app`` describe itself in full."""
    describe = app.openapi

    def describe_in_full() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = complete(describe())
        return app.openapi_schema

    app.openapi = describe_in_full  # type: ignore[method-assign]


def complete(framework: dict[str, Any]) -> dict[str, Any]:
    """The framework's description with what it leaves out."""
    document: dict[str, Any] = json.loads(_LONG_NAME.sub(_short_name, json.dumps(framework)))
    components = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    components["schemas"] |= {"Finding": _FINDING, "Problem": _PROBLEM}
    components["responses"] = {name: _refusal(meaning) for _, name, meaning in _REFUSALS}
    components["parameters"] = {
        "IfMatch": _header("If-Match", "The `ETag` of the version that is changed.", required=True),
        "IfMatchIfAny": _header("If-Match", "Honoured where it is sent.", required=False),
        "IdempotencyKey": _header(
            "Idempotency-Key", "The same call with the same key is performed once.", required=False
        ),
    }
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation)
    return document


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    headers = list(_header_parameters(path, method, operation))
    if headers:
        operation.setdefault("parameters", []).extend(
            {"$ref": f"{_REF}parameters/{name}"} for name in headers
        )
    operation["responses"] = {
        **{code: one for code, one in operation["responses"].items() if code < "400"},
        **_twin(path),
        **{
            str(status): {"$ref": f"{_REF}responses/{name}"}
            for status, name, _ in _REFUSALS
            if status in set(_statuses(path, method, operation, headers))
        },
    }
    if "security" in operation:
        role = _role(path, method)
        keys = [{scheme: [role] for scheme in one} for one in operation["security"]]
        # Public reads: an empty requirement says that nothing is needed.
        operation["security"] = [{}, *keys] if role == "reader" else keys


def _role(path: str, method: str) -> str:
    """The lowest role that may."""
    if path.startswith("/v1/api-keys") or (path.startswith(_FX) and method != "get"):
        return "admin"
    if path.startswith(_IMPORTS) and not path.startswith(_TEMPLATE):
        return "contributor"
    # To have a report made changes nothing.
    is_read = method == "get" or path.endswith(_JOBS)
    return "reader" if is_read else "contributor"


def _header_parameters(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    # A key is known by its name, a file by its bytes.
    if path.startswith(("/v1/api-keys", _IMPORTS)) or method == "get":
        return
    changes_a_pledge = path.startswith("/v1/pledges/") and path.endswith("/withdrawal")
    if method == "patch" or changes_a_pledge:
        yield "IfMatch"
    elif "{" in path:
        yield "IfMatchIfAny"
    if "requestBody" in operation:
        yield "IdempotencyKey"


def _statuses(
    path: str, method: str, operation: dict[str, Any], headers: list[str]
) -> Iterator[int]:
    secured, has_body = "security" in operation, "requestBody" in operation
    named = [one.get("name") for one in operation.get("parameters", ())]
    changes = method != "get" and "{" in path and bool(headers)
    wanted = {
        400: has_body or "cursor" in named,
        401: secured,
        403: secured and _role(path, method) != "reader",
        404: "{" in path or path.startswith(_LOG),
        406: method == "get" and not path.endswith(tuple(_TWINS)) and not path.startswith(_LOG),
        409: changes
        or path.endswith((".xlsx", ".xlsx.sha256"))
        or (path == _VEHICLES and method == "post"),
        412: changes,
        413: has_body,
        415: has_body,
        422: True,
        428: "IfMatch" in headers,
        503: secured or path == "/readyz",
    }
    return (status for status, is_wanted in wanted.items() if is_wanted)


def _twin(path: str) -> dict[str, Any]:
    """The success of an address with a suffix, whose kind the framework cannot know."""
    found = next((media for suffix, media in _TWINS.items() if path.endswith(suffix)), None)
    if found is None:
        return {}
    return {"200": {"description": "The file.", "content": {found: {"schema": {"type": "string"}}}}}


def _refusal(meaning: str) -> dict[str, Any]:
    schema = {"$ref": _REF + "schemas/Problem"}
    return {"description": meaning, "content": {MEDIA_TYPE: {"schema": schema}}}


def _header(name: str, description: str, *, required: bool) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }


def _short_name(match: re.Match[str]) -> str:
    return match[1].title()
