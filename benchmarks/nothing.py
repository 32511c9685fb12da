"""The application with one more route, ``POST /nothing``: what a call costs before it does anything.

It reads the same body by the same rules as ``POST /v1/pledges`` and answers 201. It asks for no key and touches no
database, so the difference between the two is what recording a pledge costs.
"""

from typing import Final

from fastapi import APIRouter, FastAPI, Response

from app import logs
from app.main import create_app
from app.pledges.schemas import PledgeIn
from app.settings import Settings
from app.wire import StrictRoute

router: Final = APIRouter(route_class=StrictRoute)


@router.post("/nothing", status_code=201)
async def do_nothing(body: PledgeIn) -> Response:
    """On the event loop: the cheapest answer that the framework gives."""
    return Response(b'{"nothing":true}', 201, media_type="application/json")


@router.post("/nothing-in-a-thread", status_code=201)
def do_nothing_in_a_thread(body: PledgeIn) -> Response:
    """In the thread pool, as all our routes that use the database."""
    return Response(b'{"nothing":true}', 201, media_type="application/json")


def make_app() -> FastAPI:
    """The application of a server process, as ``app.main.serve_app`` makes it, with the two routes."""
    settings = Settings.from_environment()
    logs.configure(settings.log_level)
    app = create_app(settings)
    app.include_router(router)
    return app
