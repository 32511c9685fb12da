"""Stylesheet, script, icon and ``robots.txt``: public, whoever may read the figures."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from app.kernel.errors import NotFoundError
from app.web.assets import find_asset
from app.web.headers import packed_response

router: Final = APIRouter()
_FOR_EVER: Final = "public, max-age=31536000, immutable"
# Robots may read the pages; of the API and of filtered views there are endlessly many.
_ROBOTS: Final = "User-agent: *\nDisallow: /v1/\nDisallow: /*?\n"


@router.get("/static/{digest}/{name}")
async def get_asset(request: Request, digest: str, name: str) -> Response:
    """One file; its address names its content."""
    asset = find_asset(digest, name)
    if asset is None:
        raise NotFoundError("There is nothing at this address.")
    return packed_response(
        request,
        asset.content,
        asset.packed,
        media_type=asset.media_type,
        headers={"Cache-Control": _FOR_EVER},
    )


@router.get("/robots.txt")
async def get_robots() -> Response:
    """What robots may read."""
    return PlainTextResponse(_ROBOTS)
