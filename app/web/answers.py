"""How a page is answered: validated by revision, rendered once, kept a while, compressed."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any, Final

from fastapi import Response

from app.fx import service as fx
from app.journal.deps import pinned_snapshot, snapshot_of
from app.journal.domain import Snapshot
from app.kernel.errors import Finding, InvalidError
from app.kernel.page import InvalidCursorError
from app.web import assets
from app.web.deps import Visit
from app.web.headers import HTML, POLICY, packed_response, page_headers
from app.web.rendering import render
from app.web.views.filters import FilterBar, View
from app.wire import etag, is_fresh, not_modified

# A page is some 100 kB; so many are kept by each process.
MOST_KEPT: Final = 256
Model = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Page:
    content: bytes
    packed: bytes


class PageCache:
    """The pages that were asked for last, by their validators: what these name never changes."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._pages: OrderedDict[str, _Page] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str, make: Callable[[], bytes]) -> _Page:
        """The page with this validator, made where it is not held."""
        with self._lock:
            held = self._pages.get(tag)
            if held:
                self._pages.move_to_end(tag)
                return held
        content = make()
        page = _Page(content, gzip.compress(content, 6, mtime=0))
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
    return Response(content, HTTPStatus.BAD_REQUEST, headers, HTML)


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
    # Today, the exchange rates and the templates move without a revision.
    rates = fx.describe_state(visit.session, snapshot)
    moving = " ".join(filter(None, (str(visit.clock.today()), rates, assets.version(), beside)))
    tag = etag(request, snapshot.revision, beside=moving)
    headers = {**headers, "ETag": f"W/{tag}", "Cache-Control": "no-cache"}
    if is_fresh(request, tag):
        unchanged = not_modified(f"W/{tag}")
        unchanged.headers.update(headers)
        return unchanged

    def make() -> bytes:
        shown = {"view": view, "bar": bar.of(view), "snapshot": snapshot, "shown": True}
        return render(request, template, {**shown, **build(snapshot)})

    cache: PageCache = request.app.state.page_cache
    page = cache.get(tag, make)
    return packed_response(request, page.content, page.packed, media_type=HTML, headers=headers)
