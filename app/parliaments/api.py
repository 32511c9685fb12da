"""``/v1/vehicles/{vehicle_id}/imports``: the actions of a vehicle, from the files of its parliament."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.deps import Contributor
from app.deps import ClockDep, WriteSessionDep
from app.journal.deps import answer_once, read_call, to_response
from app.journal.domain import Answer
from app.kernel.errors import InvalidError
from app.kernel.ids import parse_id
from app.parliaments import schemas, service
from app.parliaments.readers.files import SourceFile
from app.parliaments.readers.reports import read_reports
from app.uploads import Upload, describe_files, files_in
from app.wire import StrictRoute, find_if_match, to_json

MEDIA_TYPES: Final = ("application/xml", "text/xml", "application/json", "text/csv")
router: Final = APIRouter(prefix="/v1/vehicles", tags=["legislation"], route_class=StrictRoute)


@router.post(
    "/{vehicle_id}/imports",
    response_model=schemas.ImportReportOut,
    summary="Import actions of a vehicle",
    openapi_extra=describe_files(*MEDIA_TYPES),
)
def import_vehicle_actions(
    request: Request,
    vehicle_id: str,
    # Who is calling comes before what is sent, and both before the transaction.
    caller: Contributor,
    files: Annotated[list[Upload], Depends(files_in(*MEDIA_TYPES))],
    session: WriteSessionDep,
    clock: ClockDep,
    dry_run: Annotated[
        Literal["true", "false"],
        Query(description="Say what would be recorded, and record nothing."),
    ] = "false",
) -> Response:
    """Record what the files of its parliament say happened to it, all or nothing. A second time nothing is new."""
    call = read_call(request, caller.name)
    expected_version = find_if_match(request)
    known_id, is_trial = parse_id(vehicle_id, "vehicle"), dry_run == "true"
    reading = read_reports(
        [SourceFile(f"file {index}", one.content) for index, one in enumerate(files, start=1)]
    )

    def perform() -> Answer:
        report = service.import_actions(
            session,
            reading,
            vehicle=known_id,
            expected_version=expected_version,
            actor=call.actor,
            clock=clock,
            dry_run=is_trial,
        )
        if report.findings and not is_trial:
            raise InvalidError([one.to_problem() for one in report.findings])
        return Answer(200, {}, to_json(report.to_json()))

    if is_trial:
        answer = perform()
        session.rollback()
        return to_response(answer, repeated=False)
    return answer_once(request, session, clock, caller.name, perform)
