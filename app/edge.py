"""What happens to every call before and after its route: request id, log line, headers, HEAD, representations."""

import logging
import re
import time
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import request_id

_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
# The API serves data, not pages: nothing that it answers may run, load or be framed.
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept, Authorization",
}
_logger = logging.getLogger("aidledger.access-log")


class Edge:
    """The outermost layer. It logs the route, never the address: query strings may hold what should not be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identifier = _identify(scope)
        token = request_id.set(identifier)
        scope.setdefault("state", {})["request_id"] = identifier
        started, status = time.perf_counter_ns(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(MutableHeaders(scope=message), identifier)
            await send(message)

        try:
            await _serve(self.app, scope, receive, send_with_headers)
        finally:
            _log(scope, status, (time.perf_counter_ns() - started) // 1_000_000)
            request_id.reset(token)


async def _serve(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """HEAD is GET without the body: same status, same headers (RFC 9110 section 9.3.2)."""
    if scope["method"] != "HEAD":
        await app(scope, receive, send)
        return

    async def send_without_body(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    await app({**scope, "method": "GET"}, receive, send_without_body)


def _identify(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _GIVEN_ID.fullmatch(given) else uuid4().hex


def _add_headers(headers: MutableHeaders, identifier: str) -> None:
    headers["X-Request-ID"] = identifier
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Access-Control-Allow-Origin", "*")
    headers.setdefault("Access-Control-Expose-Headers", "ETag, Link, X-Request-ID")


def _log(scope: Scope, status: int, milliseconds: int) -> None:
    route = scope.get("route")
    _logger.info(
        "request",
        extra={
            "method": scope["method"],
            "route": getattr(route, "path", None),
            "status": status,
            "milliseconds": milliseconds,
        },
    )
