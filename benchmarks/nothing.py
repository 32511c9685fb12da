"""The application with routes to compare it with: POSTs that do nothing, and one that shares no transaction.

The do-nothing routes read the same body by the same rules as ``POST /v1/pledges`` and answer 201. They ask for no key
and touch no database, so the difference between the two is what recording a pledge costs.
"""

from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response

from app import logs
from app.access.deps import Contributor
from app.deps import ClockDep, WriteSessionDep
from app.journal.deps import answer_once
from app.journal.domain import Answer
from app.kernel.ids import new_id
from app.main import create_app, spare_collector
from app.pledges import service
from app.pledges.schemas import PledgeIn, pledge_json
from app.settings import Settings
from app.wire import StrictRoute, to_json

router: Final = APIRouter(route_class=StrictRoute)


@router.post("/nothing", status_code=201)
async def do_nothing(body: PledgeIn) -> Response:
    """On the event loop: the cheapest answer that the framework gives."""
    return Response(b'{"nothing":true}', 201, media_type="application/json")


@router.post("/nothing-in-a-thread", status_code=201)
def do_nothing_in_a_thread(body: PledgeIn) -> Response:
    """In the thread pool, as our routes that read the database."""
    return Response(b'{"nothing":true}', 201, media_type="application/json")


@router.post("/pledges-one-by-one", status_code=201)
def record_alone(
    request: Request,
    body: PledgeIn,
    session: WriteSessionDep,
    caller: Contributor,
    clock: ClockDep,
) -> Response:
    """What ``POST /v1/pledges`` would be without group commit: a thread and a transaction for each call."""

    def perform() -> Answer:
        command = body.to_command(new_id())
        [recorded] = service.record(session, [command], actor=caller.name, clock=clock)
        return Answer(201, {}, to_json(pledge_json(recorded.stored)))

    return answer_once(request, session, clock, caller.name, perform)


def make_app() -> FastAPI:
    """The application of a server process, as ``app.main.serve_app`` makes it, with these routes."""
    settings = Settings.from_environment()
    logs.configure(settings.log_level)
    app = create_app(settings)
    app.include_router(router)
    spare_collector()
    return app
