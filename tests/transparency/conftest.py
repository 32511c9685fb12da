"""An application that knows where the last signed checkpoint is, and the signer that keeps it there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.settings import Settings
from app.transparency.domain.checkpoints import SignedCheckpoint
from app.transparency.signer import Signer
from tests.application import make_app
from tests.clock import StoppedClock
from tests.conftest import ENGINES, making_databases
from tests.transparency.build import append
from tests.transparency.build import signer as make_signer


@pytest.fixture
def app(
    fresh_database_url: Callable[[bool], str], clock: StoppedClock, tmp_path: Path
) -> Iterator[FastAPI]:
    """The whole application, which compares its ledger with the file."""
    settings = Settings(
        database_url=fresh_database_url(True), log_checkpoint_file=tmp_path / "last.checkpoint"
    )
    app = make_app(settings, clock)
    yield app
    app.state.database.dispose()


@pytest.fixture
def signer(app: FastAPI, clock: StoppedClock, tmp_path: Path) -> Signer:
    """The signer of the application's ledger."""
    return make_signer(app.state.database, clock, tmp_path)


@dataclass(frozen=True)
class SignedLog:
    """A served ledger that nobody writes to any more, and its newest checkpoint."""

    client: TestClient
    newest: SignedCheckpoint


@pytest.fixture(scope="module", params=ENGINES)
def log(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SignedLog]:
    """600 entries, signed at 300, 512 and 600, and one more; for all tests of a file that only read."""
    folder = tmp_path_factory.mktemp("log")
    with making_databases(request.param, request, folder) as make:
        yield from _serve(make(False), folder)


def _serve(url: str, folder: Path) -> Iterator[SignedLog]:
    clock = StoppedClock()
    app = make_app(Settings(database_url=url), clock)
    one = make_signer(app.state.database, clock, folder)
    for step in (300, 212, 88):
        append(app.state.database, clock, step)
        newest = one.sign()
    append(app.state.database, clock, 1)
    assert newest is not None
    with TestClient(app, raise_server_exceptions=False) as client:
        yield SignedLog(client, newest)
    app.state.database.dispose()
