"""``/v1/fx/rates`` and ``/v1/fx/sources``."""

from http import HTTPStatus
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Admin, Reader
from app.deps import ClockDep, ReadSessionDep, WriteSessionDep
from app.fx import schemas, service
from app.fx.domain.listing import read_position, write_position
from app.journal.deps import SnapshotDep, answer_once, pinned_snapshot, snapshot_of
from app.journal.domain import Answer
from app.kernel.page import Cursor, filters_digest
from app.wire import StrictRoute, json_answer, to_json

router: Final = APIRouter(prefix="/v1/fx", tags=["exchange rates"], route_class=StrictRoute)


@router.get("/rates", response_model=schemas.RatePageOut, summary="List exchange rates")
def list_exchange_rates(
    request: Request,
    params: Annotated[schemas.RatesParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """The rates that stand, by currency, day and source. All pages of one walk show the same."""
    filters = params.to_filters()
    digest = filters_digest({**filters.to_json(), "as_of": params.as_of})
    # As with lists of pledges: a walk that names its moment is the same for ever.
    now = None if params.as_of else clock.now()
    cursor = params.cursor and Cursor.decode(params.cursor, digest=digest, now=now)
    if cursor and not params.as_of:
        # The cursor says which imports the walk knows, so its revision must not say it again.
        snapshot = pinned_snapshot(request, session, cursor.revision).as_of_now()
    else:
        snapshot = snapshot_of(request, session, params.as_of)
    if cursor:
        after, horizon = read_position(cursor.after)
    else:
        after, horizon = None, service.find_horizon(session, snapshot)

    def build() -> dict[str, Any]:
        page, more = service.list_rates_page(
            session, filters, snapshot, horizon, after=after, limit=params.limit
        )
        following = None
        if more:
            issued_at = int(now.timestamp()) if now else 0
            position = write_position(page[-1], horizon)
            following = Cursor(snapshot.revision, position, digest, issued_at).encode()
        data = [schemas.rate_json(rate) for rate in page]
        return {"data": data, "next_cursor": following, "meta": snapshot.meta()}

    return json_answer(
        request, snapshot.revision, build, beside=service.describe_state(session, snapshot)
    )


@router.post(
    "/rates",
    status_code=201,
    response_model=schemas.ImportsOut,
    responses={200: {"model": schemas.ImportsOut, "description": "All of it was known already."}},
    summary="Load rates",
)
def record_exchange_rates(
    request: Request,
    body: schemas.RatesIn,
    caller: Admin,
    session: WriteSessionDep,
    clock: ClockDep,
) -> Response:
    """Up to 5,000 rates of one source, all or none. A rate that is known otherwise is corrected, by a new row."""
    source, quotes = body.to_quotes(clock.today())
    given = service.GivenFile(
        raw=cast("bytes", request.scope["aidledger.body"]),
        label=body.label,
        source=source,
        actor=caller.name,
    )

    def perform() -> Answer:
        outcomes = service.record_quotes(session, quotes, given, clock)
        recorded = any(outcome.recorded for outcome in outcomes)
        answer: dict[str, Any] = {
            "data": [schemas.outcome_json(outcome) for outcome in outcomes],
            "next_cursor": None,
            "meta": {},
        }
        return Answer(HTTPStatus.CREATED if recorded else HTTPStatus.OK, {}, to_json(answer))

    return answer_once(request, session, clock, caller.name, perform)


@router.get("/sources", response_model=schemas.SourcesOut, summary="Where rates come from")
def list_rate_sources(
    request: Request, session: ReadSessionDep, snapshot: SnapshotDep, _caller: Reader
) -> Response:
    """The package, the law, and every import of rates, of tables of releases and of prices."""

    def build() -> dict[str, Any]:
        known = service.list_sources(session, snapshot)
        data = schemas.sources_json(known)
        return {"data": data, "next_cursor": None, "meta": snapshot.meta()}

    return json_answer(
        request, snapshot.revision, build, beside=service.describe_state(session, snapshot)
    )
