"""Routes for API keys; all of them are for administrators."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Response

from app.access import service
from app.access.deps import Admin
from app.access.domain import Role, read_role
from app.access.schemas import ApiKeyIn, ApiKeyOut, ApiKeysOut, NewApiKeyOut
from app.deps import ClockDep, ReadSessionDep, WriteSessionDep
from app.kernel.findings import Collector
from app.wire import StrictRoute

_NO_STORE: Final = "no-store"

router = APIRouter(prefix="/v1/api-keys", tags=["API keys"], route_class=StrictRoute)


@router.post("", status_code=201, summary="Make an API key")
def create_api_key(
    body: ApiKeyIn, caller: Admin, session: WriteSessionDep, clock: ClockDep, response: Response
) -> NewApiKeyOut:
    """Make an API key. Its text is in this answer and nowhere else; keep it.

    Sending the call twice makes one key: the second finds the name taken.
    """
    response.headers["Cache-Control"] = _NO_STORE
    collector = Collector()
    role = collector.read("/role", read_role, body.role, Role.READER)
    collector.finish()
    new = service.create_key(
        session,
        name=body.name,
        role=role,
        valid_for=timedelta(days=body.valid_days),
        clock=clock,
        created_by=caller.name,
    )
    return NewApiKeyOut.issued(new, service.get_key(session, new.key_id), clock.now())


@router.get("", summary="List API keys")
def list_api_keys(
    caller: Admin, session: ReadSessionDep, clock: ClockDep, response: Response
) -> ApiKeysOut:
    """List all API keys, also expired and revoked ones, without their secrets."""
    response.headers["Cache-Control"] = _NO_STORE
    return ApiKeysOut.of(service.list_keys(session), clock.now())


@router.post("/{key_id}/revocation", summary="Revoke an API key")
def revoke_api_key(
    key_id: str, caller: Admin, session: WriteSessionDep, clock: ClockDep, response: Response
) -> ApiKeyOut:
    """Take an API key back, from the next call on. Doing it again changes nothing."""
    response.headers["Cache-Control"] = _NO_STORE
    return ApiKeyOut.of(service.revoke_key(session, key_id, clock), clock.now())
