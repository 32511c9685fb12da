"""``/v1/pledges.atom``: new and changed pledges, to subscribe to."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.access.deps import Reader
from app.atom import MEDIA_TYPE
from app.deps import ReadSessionDep
from app.exports.feeds import write_pledges
from app.journal.deps import pinned_snapshot, snapshot_of
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT, Cursor, filters_digest
from app.pledges import service as pledges
from app.pledges.domain.query import Order, SortKey
from app.pledges.schemas import PledgeFilterParams
from app.wire import StrictRoute, etag, is_fresh, not_modified

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)
_NEWEST_FIRST: Final = Order(SortKey.REVISION, descending=True)


class FeedParams(PledgeFilterParams):
    """The query string of the feed."""

    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(None, min_length=1, description="As in the link to the next page.")
    as_of: str | None = Field(None, description="A revision, or an instant with its zone.")


@router.get("/pledges.atom", response_class=Response, summary="New and changed pledges, as a feed")
def get_pledges_feed(
    request: Request,
    params: Annotated[FeedParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """Pledges that match, what the ledger was told last first."""
    filters = params.to_filters()
    digest = filters_digest(filters.to_json())
    # A walk names its moment from its second page on, so its pages are the same for ever.
    cursor = params.cursor and Cursor.decode(params.cursor, digest=digest, now=None)
    if cursor:
        snapshot = pinned_snapshot(request, session, cursor.revision)
    else:
        snapshot = snapshot_of(request, session, params.as_of)
    after = _NEWEST_FIRST.read_key(cursor.after) if cursor else ()
    tag = etag(request, snapshot.revision)
    if is_fresh(request, tag):
        return not_modified(tag)
    page, end = pledges.list_pledges(
        session, filters, _NEWEST_FIRST, snapshot, after=after, limit=params.limit
    )
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    following = None
    if end is not None:
        url = request.url.include_query_params(
            cursor=Cursor(snapshot.revision, end, digest, 0).encode()
        )
        following = f"{url.path}?{url.query}"
        headers["Link"] = f'<{following}>; rel="next"'
    body = write_pledges(
        page,
        request.app.state.settings.log_origin,
        scope=_scope(request),
        self_=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        following=following,
    )
    return Response(body, 200, headers, MEDIA_TYPE)


def _scope(request: Request) -> str:
    """What tells this feed from the others of the ledger; its pages are one feed."""
    chosen = {
        name: value
        for name, value in sorted(request.query_params.items())
        if name not in {"limit", "cursor"}
    }
    return f"?{urlencode(chosen)}" if chosen else ""
