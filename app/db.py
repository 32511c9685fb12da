"""Engine, sessions and column types: one way to talk to SQLite and to PostgreSQL.

A ``ReadSession`` sees one snapshot of the database and cannot change it; a ``WriteSession`` is a kind of
read session, so a function that asks only to read cannot be handed the power to write.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NewType

import psycopg
import pydantic_core
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    create_engine,
    event,
    func,
    literal_column,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.settings import Settings

ReadSession = NewType("ReadSession", Session)
WriteSession = NewType("WriteSession", ReadSession)

_POSTGRESQL: Final[Dialect] = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations"
# Of the pages of a database SQLite keeps so many KiB at hand, which is its own default, and so many for a large write.
_PAGES_KIB: Final = 2_000
_PAGES_OF_LARGE_KIB: Final = 32_000


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


def each_of(dialect: str, name: str) -> TableValuedAlias:
    """The texts of a list that is bound as ``name``, in JSON, as rows with the column ``value``.

    So the statement reads the same however many there are, and is compiled and planned once.
    """
    if dialect == "postgresql":
        given = cast(bindparam(name, type_=Text()), JSON)
        return func.json_array_elements_text(given).table_valued("value")
    return func.json_each(bindparam(name, type_=Text())).table_valued("value")


def insert_rows(
    session: Session,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    adding: tuple[str, ...] = (),
) -> None:
    """Insert rows that all name the same columns.

    To PostgreSQL they go as one value of one statement, however many they are: it takes half the time of as many
    INSERTs, and no answer has to be waited for between the first and the last. To SQLite they go as the driver's own
    values, which takes two thirds of the time.

    Args:
        session: the transaction.
        table: where to.
        rows: values by column.
        adding: columns that are added to those of a row which has the same primary key already; without them such a
            row is an error.

    Raises:
        IntegrityError: a constraint refuses a row.
    """
    connection = session.connection()
    names = tuple(rows[0])
    if connection.dialect.name != "postgresql":
        statement, binds = _inserting_each(table, names, adding, connection.dialect)
        values = [
            tuple([bind(row[name]) if bind else row[name] for name, bind in binds]) for row in rows
        ]
        connection.exec_driver_sql(statement, values)
        return
    # Not by way of the engine, which takes longer than the driver and the database for as few values as these.
    driver: Any = connection.connection.driver_connection
    with _told_by_engine(connection):
        driver.execute(_inserting_all(table, names, adding), {"rows": _to_json(table, rows)})


@contextmanager
def sent_together(session: Session) -> Iterator[None]:
    """What the block writes goes to PostgreSQL without waiting for the outcome of each statement.

    A block does not read: what its statements return is lost.

    Raises:
        DBAPIError: what befell any of the statements, at the latest when the block ends.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    with _told_by_engine(connection), driver.pipeline():
        yield


@contextmanager
def _told_by_engine(connection: Connection) -> Iterator[None]:
    """Errors of the driver become those that the engine would have raised, had it been asked."""
    try:
        yield
    except psycopg.Error as error:
        told = DBAPIError.instance(None, None, error, psycopg.Error, dialect=connection.dialect)
        raise told from error


@cache
def _inserting_each(
    table: Table, names: tuple[str, ...], adding: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    """The statement, and for each of its marks the column and what makes the driver's value of one of ours."""
    statement = sqlite.insert(table).values({name: bindparam(name) for name in names})
    if adding:
        statement = statement.on_conflict_do_update(**_addition(statement, adding))
    compiled: Any = statement.compile(dialect=dialect)
    return str(compiled), tuple(
        (name, _binding(table.c[name].type, dialect)) for name in compiled.positiontup
    )


def _binding(column: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes the driver's value of one of ours; ``None`` where it is the same."""
    bind = column.dialect_impl(dialect).bind_processor(dialect)
    if bind is not None and isinstance(column, Date | Instant):
        # Rows that come together share their days and their instant.
        return lru_cache(maxsize=4096)(bind)
    return bind


@cache
def _inserting_all(table: Table, names: tuple[str, ...], adding: tuple[str, ...]) -> str:
    # A value of the table's row type gives each column its type.
    of_type: ColumnElement[Any] = literal_column(f'NULL::"{table.name}"')
    given = func.json_populate_recordset(of_type, cast(bindparam("rows", type_=Text()), JSON))
    rows = select(*given.table_valued(*names).columns)
    statement = postgresql.insert(table).from_select(list(names), rows)
    if adding:
        statement = statement.on_conflict_do_update(**_addition(statement, adding))
    return str(statement.compile(dialect=_POSTGRESQL))


def _addition(statement: postgresql.Insert | sqlite.Insert, adding: tuple[str, ...]) -> Any:
    """What to do where the row is there already: add up these columns."""
    columns = statement.table.columns
    sums = {name: columns[name] + statement.excluded[name] for name in adding}
    return {"index_elements": list(statement.table.primary_key), "set_": sums}


def _to_json(table: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as PostgreSQL reads them: bytes in hexadecimal; days, instants and identifiers as they are written."""
    for name in _binary(table):
        rows = [{**row, name: f"\\x{row[name].hex()}"} for row in rows]
    return pydantic_core.to_json(rows).decode()


@cache
def _binary(table: Table) -> tuple[str, ...]:
    return tuple(one.name for one in table.columns if isinstance(one.type, LargeBinary))


class Database:
    """One database, as one process uses it."""

    def __init__(self, settings: Settings) -> None:
        self.url = make_url(settings.database_url)
        self.engine = _make_engine(settings)
        self._read_engine = _read_only(self.engine)
        self._large_engine = self.engine.execution_options(aidledger_large=True)
        self._asking_engine = (
            self._read_engine
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        )

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
    def asking(self) -> Iterator[ReadSession]:
        """For one statement that reads, which needs no transaction around it: three waits fewer on PostgreSQL."""
        with Session(self._asking_engine) as session:
            yield ReadSession(session)

    @contextmanager
    def transaction(self) -> Iterator[WriteSession]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with Session(self.engine) as session, session.begin():
            yield WriteSession(ReadSession(session))

    @contextmanager
    def large_transaction(self) -> Iterator[WriteSession]:
        """As ``transaction``, for tens of thousands of rows.

        Their identifiers are random, so that each row falls on other pages of the indexes: for as long as the
        transaction lasts, SQLite keeps these in memory, 32 MB at most.
        """
        with Session(self._large_engine) as session, session.begin():
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
        event.listen(engine, "checkin", _shrink_sqlite)
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
    options = connection.get_execution_options()
    if options.get("aidledger_large", False):
        connection.exec_driver_sql(f"PRAGMA cache_size=-{_PAGES_OF_LARGE_KIB}")
        connection.info["is_large"] = True
    read_only = options.get("aidledger_read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    # IMMEDIATE takes the write lock at once: a deferred transaction that reads first may fail to upgrade.
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _shrink_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    """Give back the memory that a large transaction took."""
    # A connection that broke is gone already.
    if record.info.pop("is_large", False) and connection is not None:
        connection.execute(f"PRAGMA cache_size=-{_PAGES_KIB}")
