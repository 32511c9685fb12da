"""Engine, sessions and column types: one way to talk to SQLite and to PostgreSQL.

A ``ReadSession`` sees one snapshot of the database and cannot change it; a ``WriteSession`` is a kind of
read session, so a function that asks only to read cannot be handed the power to write.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NewType

import psycopg
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    create_engine,
    event,
    insert,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from app.settings import Settings

ReadSession = NewType("ReadSession", Session)
WriteSession = NewType("WriteSession", ReadSession)

# Fewer rows are as quick to insert.
WORTH_COPYING: Final = 4
MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations"


class Base(DeclarativeBase):
    """All tables, with predictable names for their constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC: ``timestamptz`` on PostgreSQL, sortable ISO text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """``timestamptz``, or text on SQLite."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """ISO text of fixed width in UTC for SQLite."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Back to an aware instant."""
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant.astimezone(UTC)


# Sums of minor units: beyond 64 bits on PostgreSQL; SQLite integers have 64 and refuse to overflow.
BigSum: Final = Numeric(38, 0, asdecimal=True).with_variant(BigInteger(), "sqlite")
# SQLite counts rowids only in a column declared INTEGER.
Revision: Final = BigInteger().with_variant(Integer(), "sqlite")


def table_of(row: type[Base]) -> Table:
    """The table behind a mapped class, for Core statements."""
    table = row.__table__
    assert isinstance(table, Table)  # noqa: S101 -- our classes map tables, never views
    return table


def dialect_of(session: Session) -> str:
    """``sqlite`` or ``postgresql``."""
    return session.get_bind().dialect.name


def upsert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do on a conflict."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns, in the same order.

    Several go to PostgreSQL by COPY, which takes half the time of as many INSERTs, and to SQLite as the driver's own
    values, which takes two thirds; the journal's lock is held for it.

    Raises:
        IntegrityError: a constraint refuses a row.
    """
    connection = session.connection()
    if len(rows) < WORTH_COPYING:
        session.execute(insert(table), rows)
        return
    statement, processors = _copying(table, tuple(rows[0]), connection.dialect)
    values = (_driver_values(row, processors) for row in rows)
    if connection.dialect.name == "postgresql":
        _copy(connection, statement, values)
    else:
        connection.exec_driver_sql(statement, list(values))


def _driver_values(
    row: Mapping[str, Any], processors: Sequence[Callable[[Any], Any] | None]
) -> tuple[Any, ...]:
    values = zip(row.values(), processors, strict=True)
    return tuple([process(value) if process else value for value, process in values])


def _copy(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        # As the engine would have told it, had the statement gone through it.
        told = DBAPIError.instance(
            statement, None, error, psycopg.Error, dialect=connection.dialect
        )
        raise told from error


@cache
def _copying(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[Callable[[Any], Any] | None, ...]]:
    """The statement of an engine, and what makes its driver's values of those of each column."""
    processors = tuple(
        table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names
    )
    quoted = ", ".join(f'"{name}"' for name in names)
    if dialect.name == "postgresql":
        return f'COPY "{table.name}" ({quoted}) FROM STDIN', processors
    marks = ", ".join("?" * len(names))
    return f'INSERT INTO "{table.name}" ({quoted}) VALUES ({marks})', processors  # noqa: S608 -- our own names


class Database:
    """One database, as one process uses it."""

    def __init__(self, settings: Settings) -> None:
        self.url = make_url(settings.database_url)
        self.engine = _make_engine(settings)
        self._read_engine = _read_only(self.engine)

    @property
    def is_sqlite(self) -> bool:
        """Whether the ledger is embedded in a file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """One snapshot for as long as the block lasts; nothing can be written."""
        with Session(self._read_engine) as session:
            yield ReadSession(session)

    @contextmanager
    def transaction(self) -> Iterator[WriteSession]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with Session(self.engine) as session, session.begin():
            yield WriteSession(ReadSession(session))

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _make_engine(settings: Settings) -> Engine:
    if settings.is_sqlite:
        engine = create_engine(
            settings.database_url,
            connect_args={"timeout": settings.pool_timeout_seconds, "check_same_thread": False},
            pool_size=settings.pool_size,
            pool_timeout=settings.pool_timeout_seconds,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        settings.database_url,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=settings.pool_timeout_seconds,
        pool_pre_ping=True,
        connect_args={
            "application_name": "aidledger",
            # A host that swallows packets would otherwise keep a call waiting for minutes.
            "connect_timeout": settings.pool_timeout_seconds,
            "options": "-c lock_timeout=10s -c statement_timeout=60s"
            " -c idle_in_transaction_session_timeout=60s -c timezone=UTC -c datestyle=ISO",
        },
    )


def _read_only(engine: Engine) -> Engine:
    """The same pool, with transactions that see one snapshot and refuse to write."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(aidledger_read_only=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: ``_begin_sqlite`` decides which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    # WAL lets readers go on while one writes; FULL syncs every commit, so what was acknowledged survives
    # a power cut. recursive_triggers makes INSERT OR REPLACE fire the delete triggers of append-only tables.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "busy_timeout=10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("aidledger_read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    # IMMEDIATE takes the write lock at once: a deferred transaction that reads first may fail to upgrade.
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
