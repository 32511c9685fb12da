"""``/v1/legislative-requests/pending``: what parliaments have still to decide."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Reader
from app.deps import ClockDep, ReadSessionDep
from app.fx import service as fx
from app.journal.deps import snapshot_of
from app.legislation import schemas, service
from app.legislation.api.answers import PREFIX
from app.wire import StrictRoute, json_answer

router: Final = APIRouter(prefix=PREFIX, tags=["legislation"], route_class=StrictRoute)


@router.get("/pending", response_model=schemas.PendingOut, summary="What is pending on a day")
def get_pending_amounts(
    request: Request,
    params: Annotated[schemas.PendingParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """Money and authority that parliaments have still to decide. Never part of a pledge total."""
    snapshot = snapshot_of(request, session, params.as_of)
    query = params.to_query(clock.today(), snapshot.day)

    def build() -> dict[str, Any]:
        return schemas.figures_json(service.read_pending(session, query, snapshot))

    # Today and the exchange rates move without a revision.
    beside = f"{query.on} {fx.describe_state(session, snapshot)}"
    return json_answer(request, snapshot.revision, build, beside=beside)
