"""The application on a free loopback port of its own, with the facts of the demo loaded."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI

from app import migrate
from app.access import service as access
from app.access.domain import Role
from app.cli.importing import run_facts
from app.cli.tools import Tools
from app.db import Database
from app.fx import service as fx
from app.imports import fact_files
from app.imports.domain.facts import Layout
from app.kernel.clock import SystemClock
from app.main import create_app
from app.settings import Settings
from app.transparency.domain.keys import SigningKey
from app.transparency.files import CheckpointFile
from app.transparency.signer import Signer

START_SECONDS: Final = 60
_LEDGER: Final = "ledger.db"
# What the facts name: a donor with pledges, a pledge with an amount, and one with a movement and no amount.
PAGES: Final = {
    "overview": "/",
    "overview-filtered": "/?aid_type=military&measure=pledged&currency=USD&from=2023&group=NATO",
    "overview-refused": "/?from=yesterday&donor=QQ",
    "donors": "/donors",
    "donor": "/donors/DK",
    "pledges": "/pledges",
    "pledges-searched": "/pledges?q=artillery&sort=donor",
    "pledge": "/pledges/EU-EPF-01",
    "pledge-unvalued": "/pledges/BE-2022-07",
    "legislation": "/legislation?on=2023-11-01",
    "legislation-refused": "/legislation?on=soon&kind=song",
    "request": "/legislation/US-2023-10",
    "request-pending": "/legislation/EU-2023-06?on=2023-11-01",
    "vehicle": "/legislation/vehicles/US/118/H.R.%208035",
    "vehicle-refused": "/legislation/vehicles/US/118/H.R.%20815?on=soon",
    "changes": "/changes?from=130",
    "changes-refused": "/changes?from=soon&fx=announcement",
    "downloads": "/downloads?donor=DK&from=2023",
    "verify": "/verify?entry=118",
    "method": "/method",
    "about": "/about",
    "groups": "/groups",
    "rates": "/rates",
    "embed": "/embed/growth?measure=pledged",
    "embed-donors": "/embed/donors?most=12",
    "embed-donor-stages": "/embed/donor-stages?donor=DK",
    "embed-donor-kinds": "/embed/donor-kinds?donor=DK",
    "embed-board": "/embed/board?on=2023-11-01",
    "embed-request-course": "/embed/request-course?request=US-2023-10",
    "embed-request-enacted": "/embed/request-enacted?request=US-2023-10",
    "embed-changes": "/embed/changes?from=130",
    "embed-rates": "/embed/rates",
    "embed-pledge-stages": "/embed/pledge-stages?pledge=EU-EPF-01",
    "embed-refused": "/embed/growth?measure=x",
    "sign-in": "/sign-in",
    "not-found": "/nothing-here",
}


def make_demo(folder: Path) -> None:
    """A new ledger in a folder, as ``aidledger demo`` makes it, signed."""
    tools = _tools(folder)
    migrate.upgrade(tools.database)
    with tools.database.transaction() as session:
        fx.load_reference_rates(session)
    run_facts(tools, fact_files.FACTS, Layout.FACTS, "demo facts", dry_run=False)
    sign(tools.database, folder)
    tools.close()


def copy_demo(demo: Path, folder: Path) -> None:
    """The same ledger once more, for those who change it."""
    shutil.copyfile(demo / _LEDGER, folder / _LEDGER)


def sign(database: Database, folder: Path) -> None:
    """Sign all that is recorded, with a key that is always the same."""
    key = SigningKey("demo.example.org/log", bytes(range(32)))
    Signer(database, key, CheckpointFile(folder / "last.checkpoint"), SystemClock()).sign()


def make_key(folder: Path, role: Role = Role.CONTRIBUTOR) -> str:
    """A key to the ledger in a folder."""
    tools = _tools(folder)
    with tools.database.transaction() as session:
        new = access.create_key(
            session, name=f"Desk {role.value}", role=role, clock=tools.clock, created_by="tests"
        )
    tools.close()
    return new.text


def demo_app(folder: Path) -> FastAPI:
    """The application on the ledger in a folder."""
    return create_app(Settings(database_url=_url(folder), is_demo=True))


@contextmanager
def serve(app: FastAPI) -> Iterator[str]:
    """The address at which an application answers by plain HTTP."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        _wait(server, thread)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(START_SECONDS)


def _tools(folder: Path) -> Tools:
    return Tools(Settings(database_url=_url(folder)), SystemClock())


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / _LEDGER}"


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert thread.is_alive(), "the server ended before it began"
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
