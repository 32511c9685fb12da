"""What pledges wait for: ``/v1/pledges/{id}/conditions`` and ``/v1/legislative-requests/dependencies``.

The first stands under the pledge's address, and is served here because pledges know of no parliament.
"""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Reader
from app.deps import ClockDep, ReadSessionDep
from app.journal.deps import SnapshotDep, snapshot_of
from app.kernel.errors import NotFoundError
from app.kernel.ids import parse_id
from app.legislation import schemas, service
from app.legislation.api.answers import PREFIX
from app.pledges import service as pledges
from app.pledges.domain.reading import is_reference
from app.wire import StrictRoute, json_answer

router: Final = APIRouter(tags=["legislation"], route_class=StrictRoute)


@router.get(
    f"{PREFIX}/dependencies",
    response_model=schemas.ConditionsOut,
    summary="List what pledges wait for",
)
def list_dependencies(
    request: Request,
    params: Annotated[schemas.DependencyParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """Every dependency that stands, by the reference of its request, with what became of it."""
    is_asked_for = params.to_choice()
    snapshot = snapshot_of(request, session, params.as_of)
    on = snapshot.day or clock.today()

    def build() -> dict[str, Any]:
        told = [one for one in service.list_conditions(session, snapshot) if is_asked_for(one)]
        ids = {one.dependency.pledge_id for one in told}
        references = pledges.list_references(session, ids, snapshot)
        return schemas.conditions_json(told, references, on, snapshot)

    return json_answer(request, snapshot.revision, build, beside=str(on))


@router.get(
    "/v1/pledges/{pledge_id}/conditions",
    response_model=schemas.PledgeConditionsOut,
    summary="Read what a pledge waits for",
)
def list_pledge_conditions(
    request: Request,
    pledge_id: str,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """Whether firm totals leave it out, and for each dependency the request, its state and its age."""
    document = pledges.get_pledge(session, _name(pledge_id), snapshot).document
    found_id = UUID(document["id"])
    on = snapshot.day or clock.today()

    def build() -> dict[str, Any]:
        told = service.list_conditions(session, snapshot, found_id)
        answer = schemas.conditions_json(told, {found_id: document["reference"]}, on, snapshot)
        return {"conditional": any(one.keeps_from_firm for one in told), **answer}

    return json_answer(request, snapshot.revision, build, beside=str(on))


def _name(text: str) -> UUID | str:
    """An id or a reference. What can be neither names nothing, and is not looked up."""
    try:
        return parse_id(text, "pledge")
    except NotFoundError:
        if is_reference(text):
            return text
        raise
