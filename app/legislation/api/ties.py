"""``/v1/legislative-requests/{id}/...``: enactments, relations, and the pledges that hang on a request."""

from typing import Final

from fastapi import APIRouter, Request, Response

from app.access.deps import Contributor
from app.deps import ClockDep, WriteSessionDep
from app.kernel.ids import parse_id
from app.legislation import schemas
from app.legislation.api.answers import (
    CREATED,
    PREFIX,
    find_other,
    find_pledge,
    read_request_id,
    write,
)
from app.legislation.domain import (
    RecordDependency,
    RecordFunding,
    RecordRelation,
    WithdrawDependency,
    WithdrawEnactment,
    WithdrawFunding,
    WithdrawRelation,
)
from app.wire import StrictRoute, find_if_match, read_if_match

router: Final = APIRouter(prefix=PREFIX, tags=["legislation"], route_class=StrictRoute)
_ANSWER: Final = schemas.OneLegislativeRequestOut


@router.post(
    "/{request_id}/enactments",
    status_code=CREATED,
    response_model=_ANSWER,
    summary="Record what became law",
)
def record_enactment(
    request: Request,
    request_id: str,
    body: schemas.EnactmentIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """The amount leaves what is pending in the same entry that opens the enacted lines."""
    command = body.to_command(read_request_id(request_id), find_if_match(request))
    return write(request, session, caller.name, clock, command, CREATED)


@router.patch(
    "/{request_id}/enacted-lines/{key}",
    response_model=_ANSWER,
    summary="Amend an enacted line",
)
def amend_enacted_line(
    request: Request,
    request_id: str,
    key: str,
    body: schemas.EnactedLineAmendmentIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """Annulled, or rescinded in part. Never below what pledges are paid from it."""
    command = body.to_command(read_request_id(request_id), key, read_if_match(request))
    return write(request, session, caller.name, clock, command, 200)


@router.post(
    "/{request_id}/enactments/{enactment_id}/withdrawal",
    response_model=_ANSWER,
    summary="Withdraw an enactment recorded in error",
)
def withdraw_enactment(
    request: Request,
    request_id: str,
    enactment_id: str,
    body: schemas.WithdrawalIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """With the action that it made; what it settled is pending again."""
    command = WithdrawEnactment(
        request_id=read_request_id(request_id),
        enactment_id=parse_id(enactment_id, "enactment"),
        reason=body.reason,
        expected_version=find_if_match(request),
    )
    return write(request, session, caller.name, clock, command, 200)


@router.post(
    "/{request_id}/relations",
    status_code=CREATED,
    response_model=_ANSWER,
    summary="Relate it to another request",
)
def record_relation(
    request: Request,
    request_id: str,
    body: schemas.RelationIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """A request that is superseded, folded or a duplicate is over by it, and pends no longer."""
    own, expected = read_request_id(request_id), find_if_match(request)

    def make() -> RecordRelation:
        return body.to_command(own, find_other(session, clock, own, body.other), expected)

    return write(request, session, caller.name, clock, make, CREATED)


@router.post(
    "/{request_id}/relations/{relation_id}/withdrawal",
    response_model=_ANSWER,
    summary="Withdraw a relation recorded in error",
)
def withdraw_relation(
    request: Request,
    request_id: str,
    relation_id: str,
    body: schemas.WithdrawalIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """With the end that it brought to either request."""
    command = WithdrawRelation(
        request_id=read_request_id(request_id),
        relation_id=parse_id(relation_id, "relation"),
        reason=body.reason,
        expected_version=find_if_match(request),
    )
    return write(request, session, caller.name, clock, command, 200)


@router.post(
    "/{request_id}/funding",
    status_code=CREATED,
    response_model=_ANSWER,
    summary="Say which pledge an enacted line pays for",
)
def record_funding(
    request: Request,
    request_id: str,
    body: schemas.FundingIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """All links together never take more than was enacted and still stands."""
    own, expected = read_request_id(request_id), find_if_match(request)

    def make() -> RecordFunding:
        return body.to_command(own, find_pledge(session, clock, own, body.pledge), expected)

    return write(request, session, caller.name, clock, make, CREATED)


@router.post(
    "/{request_id}/funding/{funding_id}/withdrawal",
    response_model=_ANSWER,
    summary="Withdraw a funding link recorded in error",
)
def withdraw_funding(
    request: Request,
    request_id: str,
    funding_id: str,
    body: schemas.WithdrawalIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """The enacted line has the amount left for others again."""
    command = WithdrawFunding(
        request_id=read_request_id(request_id),
        funding_id=parse_id(funding_id, "funding link"),
        reason=body.reason,
        expected_version=find_if_match(request),
    )
    return write(request, session, caller.name, clock, command, 200)


@router.post(
    "/{request_id}/dependencies",
    status_code=CREATED,
    response_model=_ANSWER,
    summary="Say which pledge waits for the request",
)
def record_dependency(
    request: Request,
    request_id: str,
    body: schemas.DependencyIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """A conditional pledge is in no firm total until what it waits for is enacted."""
    own, expected = read_request_id(request_id), find_if_match(request)

    def make() -> RecordDependency:
        return body.to_command(own, find_pledge(session, clock, own, body.pledge), expected)

    return write(request, session, caller.name, clock, make, CREATED)


@router.post(
    "/{request_id}/dependencies/{dependency_id}/withdrawal",
    response_model=_ANSWER,
    summary="Withdraw a dependency",
)
def withdraw_dependency(
    request: Request,
    request_id: str,
    dependency_id: str,
    body: schemas.WithdrawalIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """The pledge waits for it no longer."""
    command = WithdrawDependency(
        request_id=read_request_id(request_id),
        dependency_id=parse_id(dependency_id, "dependency"),
        reason=body.reason,
        expected_version=find_if_match(request),
    )
    return write(request, session, caller.name, clock, command, 200)
