"""How a page is answered: validated by revision, rendered once, kept a while, compressed."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any, Final

from fastapi import Request, Response

from app.access.service import SignedIn
from app.fx import service as fx
from app.journal.deps import pinned_snapshot, snapshot_of
from app.journal.domain import Snapshot
from app.kernel.errors import Finding, InvalidError
from app.kernel.page import InvalidCursorError
from app.web import assets
from app.web.deps import Visit
from app.web.headers import HTML, POLICY, PRIVATE, link_header, packed_response, page_headers
from app.web.rendering import render
from app.web.views.filters import SAID, FilterBar, View
from app.web.views.twins import Twin
from app.wire import etag, is_fresh, not_modified

# A page is some 100 kB; so many are kept by each process.
MOST_KEPT: Final = 256
_MOST_DIGITS: Final = 9
_PERSONAL: Final = {**page_headers(), **PRIVATE}
Model = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Page:
    content: bytes
    packed: bytes
    link: str


@dataclass(frozen=True, slots=True)
class Made:
    """What was made to be kept: the bytes, and the addresses of the same figures as files."""

    content: bytes
    alternates: Sequence[Twin] = ()

    @property
    def link(self) -> str:
        """The header that names these."""
        return link_header([(one.address, one.media_type) for one in self.alternates])


class PageCache:
    """The pages that were asked for last, by their validators: what these name never changes."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._pages: OrderedDict[str, _Page] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str, make: Callable[[], Made]) -> _Page:
        """The page with this validator, made where it is not held."""
        with self._lock:
            held = self._pages.get(tag)
            if held:
                self._pages.move_to_end(tag)
                return held
        made = make()
        page = _Page(made.content, gzip.compress(made.content, 6, mtime=0), made.link)
        with self._lock:
            self._pages[tag] = page
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)
        return page


def answer(
    visit: Visit,
    template: str,
    view: View,
    build: Callable[[Snapshot], Model],
    *,
    bar: type[FilterBar] = FilterBar,
    pinned: Callable[[], int | None] = lambda: None,
    beside: str = "",
    policy: str = POLICY,
) -> Response:
    """A page about the ledger as of the moment that its view names.

    Where the address cannot be read, it is the same page with the message beside the field, and without figures (400).

    Args:
        visit: who asks, and what for.
        template: the page's.
        view: what the address asks for.
        build: works out what the template shows.
        bar: the fields of the page.
        pinned: finds the revision that a walk through pages began at.
        beside: whatever else the page shows that moves without a revision.
        policy: what it may load, and who may frame it.
    """
    headers = page_headers(policy)
    try:
        return _answer(
            visit, template, view, build, bar=bar, pinned=pinned, beside=beside, headers=headers
        )
    except InvalidError as refused:
        findings: Sequence[Finding] = refused.findings
    except InvalidCursorError as refused:
        # No field holds a cursor: it stands above all of them.
        findings = [Finding("", refused.code, f"{refused.detail} Go back to the first page.")]
    model = {"view": view, "bar": bar.of(view, findings), "shown": False}
    content = render(visit.request, template, model)
    status = HTTPStatus.BAD_REQUEST
    return Response(content, status, headers if visit.visitor is None else _PERSONAL, HTML)


def answer_file(
    visit: Visit,
    snapshot: Snapshot,
    make: Callable[[], bytes],
    *,
    media_type: str,
    policy: str,
    beside: str = "",
) -> Response:
    """What a page shows, as a file: validated and kept as the page is; it is the same whoever asks."""
    return _answer_kept(
        visit,
        snapshot,
        lambda: Made(make()),
        beside=beside,
        headers=page_headers(policy),
        media_type=media_type,
    )


def answer_form(
    request: Request, template: str, model: Model, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    """A page that is one visitor's own: never kept, never validated."""
    return Response(render(request, template, model), status, _PERSONAL, HTML)


def headers_for(visitor: SignedIn | None) -> dict[str, str]:
    """The headers of a page, by who is signed in."""
    return page_headers() if visitor is None else _PERSONAL


def said_of(request: Request, snapshot: Snapshot) -> str | None:
    """What was just recorded, on the page that its form led to."""
    text = request.query_params.get(SAID, "")
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return None
    return text.lstrip("0") if 0 < int(text) <= snapshot.revision else None


def _answer(
    visit: Visit,
    template: str,
    view: View,
    build: Callable[[Snapshot], Model],
    *,
    bar: type[FilterBar],
    pinned: Callable[[], int | None],
    beside: str,
    headers: Mapping[str, str],
) -> Response:
    view.check()
    request = visit.request
    revision = pinned()
    if revision is None:
        snapshot = snapshot_of(request, visit.session, view.as_of)
    else:
        snapshot = pinned_snapshot(request, visit.session, revision)
    if visit.visitor is not None:
        shown = {
            "view": view,
            "bar": bar.of(view),
            "snapshot": snapshot,
            "shown": True,
            "said": said_of(request, snapshot),
        }
        return answer_form(request, template, {**shown, **build(snapshot)})

    def make() -> Made:
        shown = {"view": view, "bar": bar.of(view), "snapshot": snapshot, "shown": True}
        model = {**shown, **build(snapshot)}
        return Made(render(request, template, model), model.get("alternates", ()))

    return _answer_kept(visit, snapshot, make, beside=beside, headers=headers)


def _answer_kept(
    visit: Visit,
    snapshot: Snapshot,
    make: Callable[[], Made],
    *,
    beside: str,
    headers: Mapping[str, str],
    media_type: str = HTML,
) -> Response:
    request = visit.request
    # Today, the exchange rates and the templates move without a revision.
    rates = fx.describe_state(visit.session, snapshot)
    moving = " ".join(filter(None, (str(visit.clock.today()), rates, assets.version(), beside)))
    tag = etag(request, snapshot.revision, beside=moving)
    headers = {**headers, "ETag": f"W/{tag}", "Cache-Control": "no-cache"}
    if is_fresh(request, tag):
        unchanged = not_modified(f"W/{tag}")
        unchanged.headers.update(headers)
        return unchanged
    cache: PageCache = request.app.state.page_cache
    page = cache.get(tag, make)
    headers["Link"] = page.link
    return packed_response(
        request, page.content, page.packed, media_type=media_type, headers=headers
    )
