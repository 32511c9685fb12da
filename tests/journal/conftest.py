"""Who else may write."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.access import service as access
from app.access.domain import Role
from app.db import Database
from tests.client import Api
from tests.clock import StoppedClock


@pytest.fixture
def ledger(app: FastAPI) -> Database:
    """The database behind the application."""
    database: Database = app.state.database
    return database


@pytest.fixture
def other_api(ledger: Database, client: TestClient, clock: StoppedClock) -> Api:
    """A client with the key of somebody else."""
    with ledger.transaction() as session:
        new = access.create_key(
            session,
            name="somebody else",
            role=Role.CONTRIBUTOR,
            valid_for=timedelta(days=90),
            clock=clock,
            created_by="tests",
        )
    return Api(client, new.text)
