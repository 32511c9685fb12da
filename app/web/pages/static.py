"""Stylesheet, script, icon and ``robots.txt``: public, whoever may read the figures."""

from typing import Final
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from app.donors.domain import list_donors
from app.kernel.errors import NotFoundError
from app.web.assets import find_asset
from app.web.headers import packed_response
from app.web.navigation import FOOTER, NAVIGATION

router: Final = APIRouter()
_FOR_EVER: Final = "public, max-age=31536000, immutable"
# Robots may read the pages; of the API and of filtered views there are endlessly many.
_ROBOTS: Final = "User-agent: *\nDisallow: /v1/\nDisallow: /*?\nDisallow: /embed/\n"

_SITEMAP: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


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
async def get_robots(request: Request) -> Response:
    """What robots may read, and where all of it is listed."""
    return PlainTextResponse(f"{_ROBOTS}Sitemap: {request.base_url}sitemap.xml\n")


@router.get("/sitemap.xml")
async def get_sitemap(request: Request) -> Response:
    """The pages that say something by themselves, and one for each known donor."""
    paths = [place.path for place in (*NAVIGATION, *FOOTER)]
    paths += [f"/donors/{donor.code}" for donor in list_donors()]
    base = escape(str(request.base_url).removesuffix("/"))
    urls = "".join(f"<url><loc>{base}{path}</loc></url>\n" for path in paths)
    return Response(f"{_SITEMAP}{urls}</urlset>\n", media_type="application/xml")
