"""``/sign-in`` and ``/sign-out``: a key is exchanged for a session, and the session is ended."""

import re
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from app.access import visitors
from app.access.errors import InvalidTokenError, TooManyAttemptsError
from app.desk.receiving import FORM_TOKEN
from app.forms import receive_fields
from app.web.answers import answer_form
from app.web.deps import KnownVisitor

router: Final = APIRouter()
_DESK: Final = "/desk"
# A path of ours: two strokes at the beginning would name another host, and so would a backstroke.
_LOCAL: Final = re.compile(r"/(?!/)[A-Za-z0-9/._~%?=&,:+!-]{0,500}")


@router.get("/sign-in")
def show_sign_in(request: Request, _visitor: KnownVisitor) -> Response:
    """The field for the key."""
    return _page(request, read_next(request.query_params.get("next", "")))


@router.post("/sign-in")
async def sign_in(request: Request, _visitor: KnownVisitor) -> Response:
    """Begin a session and go on to where the visitor came from."""
    fields = await receive_fields(request)
    onward = read_next(fields.get("next", ""))
    try:
        new = await run_in_threadpool(visitors.sign_in, request, fields.get("key", "").strip())
    except InvalidTokenError:
        return _page(
            request, onward, "This key opens nothing here.", HTTPStatus.UNPROCESSABLE_ENTITY
        )
    except TooManyAttemptsError as refused:
        wait = str(refused.facts["retry_after"])
        said = f"Signing in failed too often. Try again in {wait} seconds."
        page = _page(request, onward, said, HTTPStatus.TOO_MANY_REQUESTS)
        page.headers["Retry-After"] = wait
        return page
    answer = RedirectResponse(onward, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    visitors.give_cookie(answer, new)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, visitor: KnownVisitor) -> Response:
    """End the session; whoever has none is signed out already."""
    fields = await receive_fields(request)
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    if visitor is not None:
        visitors.check_form(request, visitor, fields.get(FORM_TOKEN))
        await run_in_threadpool(visitors.sign_out, request, visitor)
        visitors.take_cookie(answer)
    return answer


def read_next(text: str) -> str:
    """Where to go on to: a path of ours, or else the desk."""
    return text if _LOCAL.fullmatch(text) else _DESK


def _page(
    request: Request, onward: str, problem: str | None = None, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    return answer_form(request, "sign_in.html", {"next": onward, "problem": problem}, status)
