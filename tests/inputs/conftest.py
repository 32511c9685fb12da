"""One ledger for all cases of a file, on each engine: what is refused leaves it as it was."""

from collections.abc import Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.application import make_app
from tests.clock import StoppedClock
from tests.conftest import ENGINES, making_databases
from tests.inputs.ledger import Ledger
from tests.rates import FEW, load_rates


@pytest.fixture(scope="module", params=ENGINES)
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated ledger with a few exchange rates, for one file of tests: some of them export all there are."""
    with making_databases(request.param, request, tmp_path_factory.mktemp("inputs")) as make:
        yield make(False)


@pytest.fixture(scope="module")
def ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger that the cases of one file share."""
    clock = StoppedClock()
    app = make_app(Settings(database_url=database_url), clock)
    with app.state.database.transaction() as session:
        load_rates(session, since=date(2023, 1, 1), currencies=FEW)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Ledger(app, client, clock)
    app.state.database.dispose()
