"""``/v1/legislative-requests/alerts``: what somebody should look at."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Reader
from app.deps import ClockDep, ReadSessionDep
from app.journal.deps import pinned_snapshot, snapshot_of
from app.kernel.page import Cursor, filters_digest, is_iso_day, read_key
from app.legislation.api.answers import PREFIX
from app.legislation.domain.alerts import page
from app.legislation.schemas.alerts import AlertPageOut, AlertParams, alert_json
from app.legislation.service.alerts import list_alerts
from app.wire import StrictRoute, json_answer

router: Final = APIRouter(prefix=PREFIX, tags=["legislation"], route_class=StrictRoute)


@router.get("/alerts", response_model=AlertPageOut, summary="List alerts")
def list_legislative_alerts(
    request: Request,
    params: Annotated[AlertParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """What somebody should look at in the requests that are pending. The same cause keeps its id for ever."""
    asked = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), asked.day)
    digest = filters_digest({**query.to_json(), "as_of": params.as_of})
    now = None if params.as_of else clock.now()
    cursor = params.cursor and Cursor.decode(params.cursor, digest=digest, now=now)
    snapshot = pinned_snapshot(request, session, cursor.revision) if cursor else asked
    after = read_key(cursor.after, is_value=is_iso_day, is_tie=str.isprintable) if cursor else ()

    def build() -> dict[str, Any]:
        found, end = page(list_alerts(session, query, snapshot), after, params.limit)
        issued_at = int(now.timestamp()) if now else 0
        following = Cursor(snapshot.revision, end, digest, issued_at).encode() if end else None
        data = [alert_json(alert) for alert in found]
        return {
            "data": data,
            "next_cursor": following,
            "meta": {**snapshot.meta(), **query.to_json()},
        }

    # Today moves without a revision.
    return json_answer(request, snapshot.revision, build, beside=str(query.on))
