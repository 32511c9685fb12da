"""``/``, ``/healthz`` and ``/readyz``: what is this, is it alive, and can it serve?"""

import logging
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from app.deps import get_database
from app.migrate import current_head, expected_head
from app.problems import problem
from app.transparency.errors import LogRollbackDetectedError
from app.transparency.guard import LogGuard
from app.wire import StrictRoute

router: Final = APIRouter(tags=["operations"], route_class=StrictRoute)
_logger = logging.getLogger("aidledger.health")


@router.get("/", summary="What this is, and where to go on")
async def index(request: Request) -> dict[str, object]:
    """Links to what a newcomer would ask first."""
    return {
        "name": request.app.title,
        "summary": request.app.summary,
        "version": request.app.version,
        "links": {
            "totals": "/v1/totals?measure=committed&by=donor",
            "pledges": "/v1/pledges",
            "donors": "/v1/donors",
            "pending_legislative_requests": "/v1/legislative-requests/pending",
            "workbook": "/v1/reports/summary.xlsx",
            "change_feed": "/v1/entries",
            "log_checkpoint": "/v1/log/checkpoint",
            "description_for_machines": "/openapi.json",
        },
    }


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> dict[str, str]:
    """Answers without touching the database."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can it serve?", response_model=None)
def readyz(request: Request) -> Response:
    """The database answers, is at the schema of this release and is the one that was signed; else 503 and why."""
    try:
        current = current_head(get_database(request))
    except SQLAlchemyError as error:
        _logger.warning("not-ready", extra={"reason": type(error).__name__})
        return _not_ready(request, "database-unreachable", "The database does not answer.")
    if current != expected_head():
        return _not_ready(
            request, "schema-not-at-head", "Run `aidledger init` to migrate the database."
        )
    guard: LogGuard = request.app.state.log_guard
    if guard.contradiction is not None:
        return _not_ready(request, LogRollbackDetectedError.code, guard.contradiction)
    return JSONResponse({"status": "ready", "schema": current})


def _not_ready(request: Request, reason: str, detail: str) -> Response:
    return problem(
        request, 503, "not-ready", "Not ready", detail,
        facts={"reason": reason}, headers={"Retry-After": "5"},
    )  # fmt: skip
