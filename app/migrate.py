"""Brings the database to the schema of this release, and tells whether it is there."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db import MIGRATIONS, Database


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations up to ``revision``, all in one transaction."""
    _run(database, command.upgrade, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back down to ``revision``; ``base`` empties the database."""
    _run(database, command.downgrade, revision)


def expected_head() -> str | None:
    """The schema revision that this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current_head(database: Database) -> str | None:
    """The schema revision that the database is at; ``None`` where it was never migrated."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _run(database: Database, step: Callable[[Config, str], None], revision: str) -> None:
    config = _config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        step(config, revision)
        connection.commit()
