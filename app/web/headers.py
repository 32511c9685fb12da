"""What browsers are told beside a page: what may load, who may frame it, how it may be kept."""

from collections.abc import Mapping, Sequence
from typing import Final

from fastapi import Request, Response

# Nothing inline: no script or style that somebody smuggles into a page can run.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Swagger UI sets styles on its elements; no page with figures is served under this.
DOCS_POLICY: Final = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
# Anybody may show an embedded block in his own page.
EMBED_POLICY: Final = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
# A chart that stands alone brings its colours with it; it can load and run nothing at all.
FIGURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *"
HTML: Final = "text/html; charset=utf-8"
# Of a page that names a visitor: nobody who comes to the machine after him can go back to it.
PRIVATE: Final[Mapping[str, str]] = {"Cache-Control": "private, no-store"}
_COMMON: Final[Mapping[str, str]] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Link": '</openapi.json>; rel="service-desc", </docs>; rel="service-doc"',
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Vary": "Accept, Accept-Encoding, Authorization, Cookie",
}


def page_headers(policy: str = POLICY) -> dict[str, str]:
    """The headers of every page."""
    headers = {**_COMMON, "Content-Security-Policy": policy}
    if "frame-ancestors *" in policy:
        # What may stand in the pages of others has to be loaded by them.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return headers


def link_header(alternates: Sequence[tuple[str, str]]) -> str:
    """The ``Link`` header of a page (RFC 8288): what describes the API, and the page's figures as files.

    Args:
        alternates: addresses and media types.
    """
    links = [f'<{address}>; rel="alternate"; type="{kind}"' for address, kind in alternates]
    return ", ".join([_COMMON["Link"], *links])


def takes_gzip(request: Request) -> bool:
    """Whether the browser takes compressed answers."""
    return "gzip" in request.headers.get("accept-encoding", "")


def packed_response(
    request: Request,
    content: bytes,
    packed: bytes,
    *,
    media_type: str,
    headers: Mapping[str, str],
    status: int = 200,
) -> Response:
    """The content, compressed where the browser takes that."""
    sent = dict(headers)
    sent.setdefault("Vary", "Accept-Encoding")
    if takes_gzip(request):
        return Response(packed, status, {**sent, "Content-Encoding": "gzip"}, media_type)
    return Response(content, status, sent, media_type)
