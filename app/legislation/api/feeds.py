"""``/v1/legislative-requests/calendar.ics`` and ``changes.atom``: what others subscribe to."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Reader
from app.atom import MEDIA_TYPE
from app.deps import ClockDep, ReadSessionDep
from app.journal.deps import pinned_snapshot, snapshot_of
from app.kernel.page import Cursor, InvalidCursorError, filters_digest
from app.legislation.api.answers import PREFIX
from app.legislation.domain.news import page
from app.legislation.schemas import atom, calendar
from app.legislation.schemas.feeds import CalendarParams, ChangesFeedParams
from app.legislation.service.feeds import list_ahead, list_news
from app.wire import StrictRoute, etag, is_fresh, not_modified

router: Final = APIRouter(prefix=PREFIX, tags=["legislation"], route_class=StrictRoute)


@router.get("/calendar.ics", response_class=Response, summary="What lies ahead, as a calendar")
def get_legislative_calendar(
    request: Request,
    params: Annotated[CalendarParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """Steps with a date ahead, and the ends of periods, sessions and of what pledges wait for, to subscribe to."""
    snapshot = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), snapshot.day)
    # Today moves without a revision.
    tag = etag(request, snapshot.revision, beside=str(query.on))
    if is_fresh(request, tag):
        return not_modified(tag)
    events = list_ahead(session, query.on, snapshot, known_on=query.known_on, donors=query.donors)
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": 'inline; filename="legislative-requests.ics"',
    }
    return Response(calendar.write_calendar(events), 200, headers, calendar.MEDIA_TYPE)


@router.get("/changes.atom", response_class=Response, summary="What requests became, as a feed")
def get_legislative_changes(
    request: Request,
    params: Annotated[ChangesFeedParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """Changes of state and flags, what the ledger was told last first; and what was recorded in error."""
    asked = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), asked.day)
    digest = filters_digest(query.to_json())
    # A walk names its moment from its second page on, so its pages are the same for ever.
    cursor = params.cursor and Cursor.decode(params.cursor, digest=digest, now=None)
    snapshot = pinned_snapshot(request, session, cursor.revision) if cursor else asked
    after = _read_key(cursor.after) if cursor else None
    tag = etag(request, snapshot.revision)
    if is_fresh(request, tag):
        return not_modified(tag)
    told = list_news(session, snapshot, known_on=query.known_on, donors=query.donors)
    shown, end = page(told, after, params.limit)
    following = None
    if end is not None:
        next_cursor = Cursor(snapshot.revision, end, digest, 0).encode()
        url = request.url.include_query_params(cursor=next_cursor)
        following = f"{url.path}?{url.query}"
    addresses = atom.Addresses(
        origin=request.app.state.settings.log_origin,
        requests=PREFIX,
        self_=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        following=following,
        scope=_scope(params),
    )
    updated = told[0].told.recorded_at if told else snapshot.recorded_at
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    body = atom.write_feed(shown, addresses, updated)
    return Response(body, 200, headers, MEDIA_TYPE)


def _scope(params: ChangesFeedParams) -> str:
    """What tells this feed from the others of the ledger; its pages are one feed."""
    chosen = {"known_on": params.known_on, "as_of": params.as_of, "donor": params.donor}
    named = {name: value for name, value in chosen.items() if value is not None}
    return f"?{urlencode(named)}" if named else ""


def _read_key(after: tuple[str | int, ...]) -> tuple[int, str, int]:
    """The place of an item that a cursor holds.

    Raises:
        InvalidCursorError: it is of another shape; somebody made it by hand.
    """
    match after:
        case (int() as revision, str() as request_id, int() as place):
            return revision, request_id, place
        case _:
            raise InvalidCursorError("The cursor is malformed.", reason="malformed")
