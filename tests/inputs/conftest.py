"""One ledger for all cases of a file, on each engine: what is refused leaves it as it was."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests import postgres
from tests.clock import StoppedClock
from tests.inputs.ledger import Ledger


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated ledger with exchange rates, for one file of tests."""
    if request.param == "sqlite":
        template: Callable[[bool], Path] = request.getfixturevalue("_sqlite_templates")
        path = tmp_path_factory.mktemp("inputs") / "ledger.db"
        shutil.copyfile(template(True), path)
        yield f"sqlite:///{path}"
        return
    make_template: Callable[[bool], str] = request.getfixturevalue("_postgres_templates")
    server: str = request.getfixturevalue("postgres_server")
    name = f"aidledger_inputs_{os.getpid()}"
    postgres.execute(server, f"CREATE DATABASE {name} TEMPLATE {make_template(True)}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger that the cases of one file share."""
    clock = StoppedClock()
    app = create_app(Settings(database_url=database_url), clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Ledger(app, client, clock)
    app.state.database.dispose()
