"""The application for tests: what create_app makes, without working all routes out anew for each test."""

from functools import cache

from fastapi import FastAPI
from starlette.routing import BaseRoute

from app.kernel.clock import Clock
from app.main import create_app
from app.settings import Settings


def make_app(settings: Settings, clock: Clock) -> FastAPI:
    """The application, with the routes of the first one of this process.

    FastAPI works out what the routes of a room take when one of them is first called, which costs a short test more
    than all its calls. Routes hold nothing of their application: handlers find everything in ``app.state``.
    """
    app = create_app(settings, clock)
    app.router.routes = list(_routes())
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    return tuple(create_app(Settings(database_url="sqlite:///never-opened.db")).router.routes)
