"""RFC 9457 problem documents: the only place that maps errors to HTTP statuses. No input value is ever echoed."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kernel.errors import (
    AppError,
    ConflictError,
    Finding,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = "1"
MAX_FINDINGS: Final = 100
_logger = logging.getLogger("aidledger.problems")

STATUS_OF_KIND: Final[Mapping[type[AppError], int]] = {
    NotFoundError: 404,
    ConflictError: 409,
    NotAllowedError: 403,
    InvalidError: 422,
    UnavailableError: 503,
}
# Refusals that are about the call rather than about the ledger have statuses of their own.
STATUS_OF_CODE: Final[Mapping[str, int]] = {
    "malformed-json": 400,
    "malformed-multipart": 400,
    "malformed-form": 400,
    "duplicate-key": 400,
    "invalid-encoding": 400,
    "malformed-header": 400,
    "malformed-workbook": 400,
    "invalid-cursor": 400,
    "invalid-token": 401,
    "not-acceptable": 406,
    "precondition-failed": 412,
    "body-too-large": 413,
    "workbook-too-large": 413,
    "unsupported-media-type": 415,
    "unsupported-workbook": 415,
    "workbook-encrypted": 422,
    "workbook-has-links": 422,
    "workbook-has-macros": 422,
    "idempotency-key-reused": 422,
    "precondition-required": 428,
    "too-many-attempts": 429,
}
HEADERS_OF_CODE: Final[Mapping[str, Mapping[str, str]]] = {
    "invalid-token": {"WWW-Authenticate": 'Bearer realm="aidledger", Basic realm="aidledger"'},
}
# What pydantic and the framework call an error, and what we call it. The rest keep their names.
_CODES: Final = {"string_unicode": "forbidden-character", "json_invalid": "malformed-json"}


def install(app: FastAPI) -> None:
    """Answer every error of ``app`` with a problem document."""
    app.add_exception_handler(AppError, _on_app_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(PoolTimeoutError, _on_database_error)
    app.add_exception_handler(DBAPIError, _on_database_error)
    app.add_middleware(Unforeseen)


class Unforeseen:
    """Answers a fault of ours with 500, inside of the layers that every answer passes through.

    The framework would answer outside of them all, without a request id, and log the fault a second time.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise  # an answer that breaks off is all that is left to say
            await _on_unforeseen(Request(scope), error)(scope, receive, send)


def status_of(error: AppError) -> int:
    """The HTTP status of a foreseen refusal."""
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    return next((status for kind, status in STATUS_OF_KIND.items() if isinstance(error, kind)), 500)


def problem(
    request: Request,
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    facts: Mapping[str, object] | None = None,
    findings: Sequence[Finding] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document as an answer."""
    instance = getattr(request.state, "request_id", None)
    body = _body(status, code, title, detail, {"instance": instance, **(facts or {})}, findings)
    # ASCII only: a member name of the input may hold what UTF-8 cannot say.
    return Response(json.dumps(body), status, dict(headers or {}), MEDIA_TYPE)


def refusal_json(error: AppError) -> dict[str, Any]:
    """A refusal as a problem document of no call: what it would have been answered."""
    findings = error.findings if isinstance(error, InvalidError) else ()
    return _body(status_of(error), error.code, error.title, error.detail, error.facts, findings)


def _body(
    status: int,
    code: str,
    title: str,
    detail: str,
    facts: Mapping[str, object],
    findings: Sequence[Finding],
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **facts,
    }
    if findings:
        body["errors"] = [_finding_json(finding) for finding in findings[:MAX_FINDINGS]]
        body["more_errors"] = len(findings) > MAX_FINDINGS
    return body


def _finding_json(finding: Finding) -> dict[str, object]:
    return {
        "pointer": finding.pointer,
        "code": finding.code,
        "detail": finding.detail,
        **finding.facts,
    }


def _on_app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)  # noqa: S101 -- registered for this type
    status = status_of(error)
    headers = dict(HEADERS_OF_CODE.get(error.code, {}))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    if "retry_after" in error.facts:
        headers["Retry-After"] = str(error.facts["retry_after"])
    if "etag" in error.facts:
        headers["ETag"] = str(error.facts["etag"])
    findings = error.findings if isinstance(error, InvalidError) else ()
    return problem(
        request, status, error.code, error.title, error.detail,
        facts=error.facts, findings=findings, headers=headers,
    )  # fmt: skip


def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for this type
    findings = [finding_of(item) for item in error.errors()]
    return _on_app_error(request, InvalidError(findings))


def finding_of(item: Mapping[str, Any]) -> Finding:
    """What the library that checks shapes has found, in our words; ``loc`` begins with ``body`` or another place."""
    place, *path = item["loc"]
    if place == "body":
        pointer = "".join(f"/{_escape(str(part))}" for part in path)
    else:
        pointer = "?" + ".".join(str(part)[:100] for part in path)
    code = _CODES.get(item["type"], item["type"])
    return Finding(pointer, code, f"{item['msg']}.")


def _escape(part: str) -> str:
    """RFC 6901 section 3."""
    return part[:100].replace("~", "~0").replace("/", "~1")


def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this type
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(_allowed_methods(request))}
        return problem(
            request, 405, "method-not-allowed", "Method not allowed",
            "This address does not take this method.", headers=headers,
        )  # fmt: skip
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem(request, 404, "not-found", "Not found", "There is nothing at this address.")
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    return problem(
        request, error.status_code, code, HTTPStatus(error.status_code).phrase, str(error.detail)
    )


def _allowed_methods(request: Request) -> list[str]:
    """All methods that some route takes here; the framework names those of the first route only."""
    allowed = [
        method
        for method in ("DELETE", "GET", "PATCH", "POST", "PUT")
        if _is_taken({**request.scope, "method": method}, request.app.routes)
    ]
    return sorted([*allowed, "HEAD"]) if "GET" in allowed else allowed


def _is_taken(scope: Scope, routes: Iterable[BaseRoute]) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in routes)


def _on_database_error(request: Request, error: Exception) -> Response:
    if isinstance(error, DBAPIError) and not isinstance(error, OperationalError):
        return _on_unforeseen(request, error)
    _logger.warning(
        "database-unavailable", extra={"reason": type(getattr(error, "orig", error)).__name__}
    )
    return _on_app_error(request, UnavailableError("The database does not answer; try again."))


def _on_unforeseen(request: Request, error: Exception) -> Response:
    _logger.error("unforeseen", exc_info=error)
    return problem(
        request, 500, "internal-error", "Something went wrong",
        "The fault is ours. It is logged under the instance given here.",
    )  # fmt: skip
