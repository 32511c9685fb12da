"""Problems as pages: a browser that asks for a page and gets a problem document is shown it in words.

Which error has which status is decided in ``app.problems`` alone; here its documents are only laid out.
"""

import json
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import MEDIA_TYPE
from app.web.headers import HTML, page_headers
from app.web.rendering import render

# Programs ask here, and have a right to the document itself.
_API: Final = "/v1/"


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


async def _send_page(scope: Scope, start: Message, problem: dict[str, Any], send: Send) -> None:
    content = render(Request(scope), "problem.html", {"problem": problem})
    headers = MutableHeaders(raw=list(start["headers"]))
    headers.update({**page_headers(), "Content-Type": HTML, "Content-Length": str(len(content))})
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": content})
