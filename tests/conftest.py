"""Databases made by the migrations, on SQLite and on PostgreSQL; an application; a client that has a key."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import db, migrate
from app.access import service as access
from app.access.domain import Role
from app.db import Database
from app.main import YOUNG_OBJECTS
from app.settings import Settings
from tests import postgres
from tests.application import make_app
from tests.client import Api
from tests.clock import StoppedClock
from tests.databases import PostgresDatabases
from tests.rates import load_rates

# A package of the tests brings lxml; without this openpyxl would use it here and nowhere else.
os.environ.setdefault("OPENPYXL_LXML", "False")

ENGINES: Final = ("sqlite", "postgresql")
MakeUrl = Callable[[bool], str]
_serial: Final = count()


def pytest_collection_finish() -> None:
    """Ten thousand tests stay to the end: the garbage collector need not go through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


@pytest.fixture(scope="session", autouse=True)
def _sqlite_without_sync() -> Iterator[None]:
    """What SQLite writes in this process need not reach the disk. Servers, which tests kill, are other processes."""
    prepare = db._prepare_sqlite

    @wraps(prepare)
    def prepare_without_sync(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "_prepare_sqlite", prepare_without_sync)
        yield


def _make_template(url: str, *, rates: bool) -> None:
    database = Database(Settings(database_url=url))
    migrate.upgrade(database)
    if rates:
        with database.transaction() as session:
            load_rates(session)
    database.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server's maintenance database."""
    given = os.environ.get(postgres.GIVEN)
    if given:
        yield given
        return
    # Not below pytest's own folder, which another run may close to the server's user at any time.
    with (
        TemporaryDirectory(prefix="aidledger-") as folder,
        postgres.run_cluster(Path(folder)) as cluster,
    ):
        yield cluster.url("postgres")


@pytest.fixture(scope="session")
def _sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Path]:
    folder = tmp_path_factory.mktemp("templates")

    def template(rates: bool) -> Path:
        path = folder / f"rates-{rates}.db"
        if not path.exists():
            _make_template(f"sqlite:///{path}", rates=rates)
        return path

    return template


@pytest.fixture(scope="session")
def _postgres_databases(postgres_server: str) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(
        postgres_server, lambda url, rates: _make_template(url, rates=rates)
    )
    yield databases
    databases.drop_all()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Every test that touches a database runs on both."""
    name: str = request.param
    return name


@contextmanager
def making_databases(
    engine_name: str, request: pytest.FixtureRequest, folder: Path
) -> Iterator[MakeUrl]:
    """Makes migrated databases, with or without exchange rates, that are there for as long as the block lasts."""
    taken: list[tuple[str, bool]] = []

    def make(rates: bool) -> str:
        if engine_name == "sqlite":
            path = folder / f"ledger-{next(_serial)}.db"
            shutil.copyfile(request.getfixturevalue("_sqlite_templates")(rates), path)
            return f"sqlite:///{path}"
        databases: PostgresDatabases = request.getfixturevalue("_postgres_databases")
        name = databases.take(rates=rates)
        taken.append((name, rates))
        return databases.url(name)

    yield make
    for name, rates in taken:
        request.getfixturevalue("_postgres_databases").give_back(name, rates=rates)


@pytest.fixture
def fresh_database_url(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[MakeUrl]:
    """Makes migrated, empty databases; with or without exchange rates."""
    with making_databases(engine_name, request, tmp_path) as make:
        yield make


@pytest.fixture
def database(fresh_database_url: MakeUrl) -> Iterator[Database]:
    """A migrated, empty ledger without exchange rates."""
    database = Database(Settings(database_url=fresh_database_url(False)))
    yield database
    database.dispose()


@pytest.fixture
def priced_database(fresh_database_url: MakeUrl) -> Iterator[Database]:
    """A migrated, empty ledger with the reference rates."""
    database = Database(Settings(database_url=fresh_database_url(True)))
    yield database
    database.dispose()


@pytest.fixture
def clock() -> StoppedClock:
    """Noon is far away: 22 November 2026, 10:00 UTC."""
    return StoppedClock()


def make_key(database: Database, clock: StoppedClock, role: Role) -> str:
    with database.transaction() as session:
        new = access.create_key(
            session,
            name=f"{role.value} of the tests",
            role=role,
            valid_for=timedelta(days=90),
            clock=clock,
            created_by="tests",
        )
    return new.text


@pytest.fixture
def app(fresh_database_url: MakeUrl, clock: StoppedClock) -> Iterator[FastAPI]:
    """The whole application on a ledger with exchange rates."""
    app = make_app(Settings(database_url=fresh_database_url(True)), clock)
    yield app
    app.state.database.dispose()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client without a key; faults of ours answer 500 and do not raise."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def api(app: FastAPI, client: TestClient, clock: StoppedClock) -> Api:
    """A client that speaks of pledges, with a contributor's key."""
    return Api(client, make_key(app.state.database, clock, Role.CONTRIBUTOR))
