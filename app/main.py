"""Joins the rooms into one FastAPI application."""

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from importlib.metadata import version
from typing import Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import iter_route_contexts

from app import description, health, logs, problems
from app.access import api as access
from app.access.deps import Authenticator
from app.access.domain import Attempts, Terms
from app.db import Database
from app.edge import Edge
from app.exports import api as exports
from app.exports.jobs import ReportJobs
from app.exports.shelf import ExportShelf
from app.fx import api as fx
from app.imports import api as imports
from app.imports.jobs import ImportJobs
from app.journal import api as journal
from app.kernel.clock import Clock, SystemClock
from app.legislation import api as legislation
from app.parliaments import api as parliaments
from app.pledges import api as pledges
from app.pledges.deps import Recorder
from app.representations import Representations
from app.settings import Settings
from app.totals import api as totals
from app.totals import upkeep
from app.transparency import api as transparency
from app.transparency.guard import LogGuard
from app.transparency.roots import Roots
from app.web import pages
from app.web.answers import PageCache
from app.web.problem_pages import ProblemPages

SUMMARY: Final = (
    "Who promised what to Ukraine, when, in which currency, how far it has got, what parliaments still have to"
    " decide, and how we know."
)

# Exports first: /v1/pledges.csv must not be taken for a pledge of that name.
ROOMS: Final = (
    exports,
    imports,
    pledges,
    legislation,
    parliaments,
    totals,
    fx,
    transparency,
    journal,
    access,
    health,
    pages,
)
# So many may be made before the collector looks at them: what some dozens of calls make.
YOUNG_OBJECTS: Final = 20_000


def create_app(
    settings: Settings | None = None, clock: Clock | None = None, *, keeps_up: bool = False
) -> FastAPI:
    """The application, with its own database connections; they are closed when it stops.

    Args:
        settings: by default from the environment.
        clock: by default the machine's.
        keeps_up: take snapshots of the sums beside the answering, see ``app.totals.upkeep``.
    """
    settings = settings or Settings.from_environment()
    database = Database(settings)
    guard = LogGuard(database, settings.log_checkpoint_file)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(guard.start)
        with upkeep.keep_up(settings) if keeps_up else nullcontext():
            yield
        await run_in_threadpool(app.state.import_jobs.close)
        await run_in_threadpool(app.state.report_jobs.close)
        await run_in_threadpool(app.state.exports.close)
        database.dispose()

    app = FastAPI(
        title="Aid Ledger",
        summary=SUMMARY,
        version=version("aidledger"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=description.name_operation,
    )
    _hold_state(app, settings, database, guard, clock or SystemClock())
    for room in ROOMS:
        app.include_router(room.router)
    app.add_middleware(Representations, paths=list(_paths()))
    problems.install(app)
    description.install(app)
    app.add_middleware(ProblemPages)
    app.add_middleware(Edge)
    return app


def _hold_state(
    app: FastAPI, settings: Settings, database: Database, guard: LogGuard, clock: Clock
) -> None:
    """What the routes share as long as the application stands."""
    app.state.settings = settings
    app.state.database = database
    app.state.clock = clock
    app.state.log_guard = guard
    app.state.check_write = guard.check_write
    app.state.find_root = Roots().find
    app.state.authenticator = Authenticator(database, clock)
    app.state.session_terms = Terms(
        lifetime=timedelta(hours=settings.session_hours),
        idle=timedelta(minutes=settings.session_idle_minutes),
    )
    app.state.sign_in_attempts = Attempts()
    app.state.import_jobs = ImportJobs(database, clock, guard.check_write)
    app.state.page_cache = PageCache()
    app.state.exports = shelf = ExportShelf(settings.export_folder)
    app.state.report_jobs = ReportJobs(database, clock, shelf)
    app.state.recorder = Recorder(database, clock, guard.check_write)


def _paths() -> Iterator[str]:
    for room in ROOMS:
        # Also those of the routers that a room's router is made of.
        for route in iter_route_contexts(room.router.routes):
            if route.path is not None:
                yield from exports.expand(route.path)


def serve_app() -> FastAPI:
    """The application of a server process, configured by the environment and logging JSON."""
    settings = Settings.from_environment()
    logs.configure(settings.log_level)
    app = create_app(settings, keeps_up=True)
    spare_collector()
    return app


def spare_collector() -> None:
    """Tell the garbage collector that what stands now stays, and that few of the many objects of a call hold cycles.

    To be asked for once by a process that serves, or that imports a file: the collector would go through the whole
    program, libraries and all, again and again, and through the values of a call that will be gone in a moment anyway.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
