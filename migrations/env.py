"""Runs migrations, on a connection that the caller hands in or on a database named by its address.

There is no alembic.ini: the program builds its configuration in code, and the developers' settings
for the `alembic` command stand in pyproject.toml.
"""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text
from sqlalchemy.dialects import sqlite

import app
from app.db import Base, Database
from app.settings import Settings

# Any number will do, as long as every process that migrates uses the same one.
MIGRATION_LOCK: Final = 7_204_112_022


def import_all_tables() -> None:
    """Fill the metadata: each room describes its tables in a module of that name."""
    for room in pkgutil.iter_modules(app.__path__):
        if room.ispkg and find_spec(f"app.{room.name}.tables"):
            import_module(f"app.{room.name}.tables")


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write a column type of ours as the types beneath it: a migration never imports app."""
    if kind == "type" and type(item).__module__.startswith("app."):
        on_sqlite = item.load_dialect_impl(sqlite.dialect())
        return f'sa.{item.impl!r}.with_variant(sa.{on_sqlite!r}, "sqlite")'
    return False


def configure(**where: Any) -> None:
    """Set Alembic up, alike for a live database and for printing SQL."""
    context.configure(
        **where,
        target_metadata=Base.metadata,
        render_item=render_item,
        # SQLite cannot alter a column in place, so Alembic copies the table.
        render_as_batch=True,
        # All steps stand or fall together; on SQLite too, because our engine says BEGIN itself.
        transactional_ddl=True,
    )


def take_turn(connection: Connection) -> None:
    """Make sure that one process migrates at a time; the lock ends with the transaction.

    SQLite needs nothing: our engine begins with BEGIN IMMEDIATE, which lets one writer in.
    """
    if connection.dialect.name != "postgresql":
        return
    # A second process waits for the first one's whole migration, which may copy data.
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = '10min'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    # Every later query queues behind a step that waits for a table: better to fail and run again.
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))


def migrate(connection: Connection) -> None:
    """Run the steps in one transaction; the caller's, if one is open."""
    configure(connection=connection)
    with context.begin_transaction():
        take_turn(connection)
        context.run_migrations()


def address() -> str:
    """The database asked for: `sqlalchemy.url`, or what the program itself would use."""
    asked_for = context.config.get_alembic_option("sqlalchemy.url")
    return asked_for or Settings.from_environment().database_url


def run() -> None:
    """Find the database and migrate it, or print the SQL when asked to (`--sql`)."""
    import_all_tables()
    if context.is_offline_mode():
        configure(url=address(), literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    database = Database(Settings(database_url=address()))
    try:
        with database.engine.connect() as connection:
            migrate(connection)
    finally:
        database.dispose()


run()
