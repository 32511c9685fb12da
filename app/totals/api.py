"""``/v1/totals``, ``/v1/changes`` and ``/v1/donors``."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Reader
from app.deps import ReadSessionDep
from app.fx import service as fx
from app.journal.deps import SnapshotDep, snapshot_of, snapshots_of
from app.totals import schemas, service
from app.wire import StrictRoute, json_answer

router: Final = APIRouter(prefix="/v1", route_class=StrictRoute)


@router.get(
    "/totals",
    response_model=schemas.TotalsOut,
    tags=["totals"],
    summary="Totals by dimension and over time",
)
def get_totals(
    request: Request,
    params: Annotated[schemas.TotalsParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """Sums of one stage, with what is unvalued and undated beside every figure."""
    query = params.to_query()
    snapshot = snapshot_of(request, session, params.as_of)

    def build() -> dict[str, Any]:
        if params.explain == "false":
            return schemas.totals_json(service.read_totals(session, query, snapshot), snapshot)
        totals, explanation = service.explain_totals(session, query, snapshot)
        return schemas.explained_json(totals, explanation, snapshot)

    return json_answer(
        request, snapshot.revision, build, beside=fx.describe_state(session, snapshot)
    )


@router.get(
    "/changes",
    response_model=schemas.ChangesOut,
    tags=["totals"],
    summary="What made a total change between two states of the ledger",
)
def get_changes(
    request: Request,
    params: Annotated[schemas.ChangesParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """The difference by donor, split by cause: the parts add up to it exactly."""
    query = params.to_query()
    earlier, later = snapshots_of(request, session, params.from_, params.to)

    def build() -> dict[str, Any]:
        changes = service.read_changes(session, query, earlier, later)
        return schemas.changes_json(changes, earlier, later)

    return json_answer(request, later.revision, build, beside=fx.describe_state(session, later))


@router.get("/donors", response_model=schemas.DonorsOut, tags=["donors"], summary="Donors")
def get_donors(
    request: Request, session: ReadSessionDep, snapshot: SnapshotDep, _caller: Reader
) -> Response:
    """The known donors, with their groups and the first and last pledge on record."""

    def build() -> dict[str, Any]:
        return schemas.donors_json(service.list_activity(session, snapshot), snapshot)

    return json_answer(request, snapshot.revision, build)
