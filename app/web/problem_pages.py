"""Problems as pages: a browser that asks for a page and gets a problem document is shown it in words.

Which error has which status is decided in ``app.problems`` alone; here its documents are only laid out.
"""

import json
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import MEDIA_TYPE
from app.web.headers import HTML, PRIVATE, page_headers
from app.web.rendering import render

# Programs ask here, and have a right to the document itself.
_API: Final = "/v1/"
_SIGN_IN_NEEDED: Final = "sign-in-needed"


class ProblemPages:
    """Lays out the problem documents that pages are answered with."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http" or not _wants_page(scope):
            await self.app(scope, receive, send)
            return
        held: list[Message] = []
        body = bytearray()

        async def lay_out(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_problem(message):
                held.append(message)
                return
            if not held:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await _send_page(scope, held[0], json.loads(bytes(body)), send)

        await self.app(scope, receive, lay_out)


def _wants_page(scope: Scope) -> bool:
    return not scope["path"].startswith(_API) and "text/html" in Headers(scope=scope).get(
        "accept", ""
    )


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type") == MEDIA_TYPE


def sign_in_address(request: Request) -> str:
    """Where to sign in, and come back from."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/sign-in?{urlencode({'next': path if request.method == 'GET' else '/desk'})}"


async def _no_body() -> Message:
    raise RuntimeError("A redirection reads nothing.")


async def _send_page(scope: Scope, start: Message, problem: dict[str, Any], send: Send) -> None:
    request = Request(scope)
    if problem["type"].endswith(_SIGN_IN_NEEDED) and request.method == "GET":
        await RedirectResponse(sign_in_address(request), 303, PRIVATE)(scope, _no_body, send)
        return
    asks_key = problem["status"] == HTTPStatus.UNAUTHORIZED or problem["type"].endswith(
        _SIGN_IN_NEEDED
    )
    model: dict[str, Any] = {
        "problem": problem,
        "sign_in": sign_in_address(request) if asks_key else None,
        "desk_links": [],
    }
    content = render(request, "problem.html", model)
    headers = MutableHeaders(raw=list(start["headers"]))
    headers.update(
        {**page_headers(), **PRIVATE, "Content-Type": HTML, "Content-Length": str(len(content))}
    )
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": content})
