"""Databases that no migration has touched."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from app.db import Database
from app.settings import Settings
from tests import postgres


@pytest.fixture
def blank(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    if engine_name == "sqlite":
        database = Database(Settings(database_url=f"sqlite:///{tmp_path / 'blank.db'}"))
        yield database
        database.dispose()
        return
    server, name = request.getfixturevalue("postgres_server"), f"aidledger_blank_{uuid4().hex}"
    postgres.execute(server, f"CREATE DATABASE {name}")
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    database = Database(Settings(database_url=url))
    yield database
    database.dispose()
    postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")
