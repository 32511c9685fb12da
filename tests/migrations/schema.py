"""What a database is made of, as its own catalogue tells it."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sqlalchemy import Connection, MetaData, text

import app
from app.db import Base, Database

Schema = dict[str, list[tuple[Any, ...]]]
BOOKKEEPING = "alembic_version"

_SQLITE = {
    "everything": "SELECT type, name, tbl_name, sql FROM sqlite_schema"
    f" WHERE tbl_name <> '{BOOKKEEPING}'",
}
_HERE = "relnamespace = current_schema()::regnamespace"
_POSTGRESQL = {
    "columns": "SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull,"
    " pg_get_expr(adbin, adrelid) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
    " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
    f" WHERE {_HERE} AND relkind = 'r' AND attnum > 0 AND NOT attisdropped",
    "constraints": "SELECT relname, conname, pg_get_constraintdef(o.oid) FROM pg_constraint o"
    f" JOIN pg_class c ON c.oid = conrelid WHERE {_HERE}",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes"
    " WHERE schemaname = current_schema()",
    "triggers": "SELECT relname, tgname, tgenabled, pg_get_triggerdef(t.oid) FROM pg_trigger t"
    f" JOIN pg_class c ON c.oid = tgrelid WHERE {_HERE} AND NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc"
    " WHERE pronamespace = current_schema()::regnamespace",
    "sequences": f"SELECT relname, relkind FROM pg_class WHERE {_HERE} AND relkind IN ('S', 'v')",
}
_RIGHTS = (
    "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
    " WHERE grantee = 'aidledger_app' AND table_schema = current_schema()"
)


def read_schema(database: Database) -> Schema:
    """Tables, columns, constraints, indexes, triggers and functions, without Alembic's own table."""
    with database.engine.connect() as connection:
        queries = _SQLITE if database.is_sqlite else _POSTGRESQL
        return {what: _rows(connection, query) for what, query in queries.items()}


def read_rights(database: Database) -> list[tuple[Any, ...]]:
    """What the role of the service may do, on PostgreSQL."""
    with database.engine.connect() as connection:
        return _rows(connection, _RIGHTS)


def _rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    rows = (tuple(row) for row in connection.execute(text(query)))
    return sorted((row for row in rows if BOOKKEEPING not in row), key=repr)


def all_tables() -> MetaData:
    """Every table that a room describes."""
    for room in pkgutil.iter_modules(app.__path__):
        if room.ispkg and find_spec(f"app.{room.name}.tables"):
            import_module(f"app.{room.name}.tables")
    return Base.metadata
