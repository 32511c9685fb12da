"""``/docs``: the API's description to read and to try, from files that came with the program."""

from typing import Final

from fastapi import APIRouter, Request, Response

from app.web.deps import KnownVisitor
from app.web.headers import DOCS_POLICY, HTML, PRIVATE, page_headers
from app.web.rendering import render

router: Final = APIRouter()


@router.get("/docs")
def show_docs(request: Request, _visitor: KnownVisitor) -> Response:
    """Swagger UI. It shows no figures, so its policy may let the tool style its own elements."""
    content = render(request, "docs.html", {})
    headers = {**page_headers(DOCS_POLICY), **PRIVATE}
    return Response(content, 200, headers, HTML)
