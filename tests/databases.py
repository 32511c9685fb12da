"""Empty, migrated databases for tests: made once, emptied between tests, dropped when a test altered one."""

import os
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from typing import Final

import psycopg
from sqlalchemy import make_url

from tests import postgres

# What must be as the migrations left it, or the database is not used again.
_SHAPE: Final = """
SELECT md5(
  (SELECT string_agg(concat_ws(' ', attrelid::regclass, attname, atttypid::regtype, attnotnull,
                               pg_get_expr(adbin, adrelid)), ',' ORDER BY attrelid, attnum)
     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND relnamespace = 'public'::regnamespace)
  || (SELECT string_agg(concat_ws(' ', tgrelid::regclass, tgname, tgenabled), ',' ORDER BY tgname)
        FROM pg_trigger WHERE NOT tgisinternal)
  || (SELECT string_agg(indexdef, ',' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public')
  || (SELECT string_agg(concat_ws(' ', relname, relacl::text), ',' ORDER BY relname)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  || coalesce((SELECT string_agg(proname, ',' ORDER BY proname) FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace), '')
  || (SELECT version_num FROM alembic_version) || (SELECT count(*) FROM fx_rate) || (SELECT count(*) FROM rate_load))
"""
# The owner may switch the guards of the append-only tables off, empty everything, and switch them on again. Most tests
# fill a few tables with a few rows: to truncate all of them would take ten times as long as such a test.
_EMPTY: Final = """
DO $$
DECLARE place regclass; guard record; filled boolean;
BEGIN
  -- Without looking at foreign keys the order does not matter.
  SET LOCAL session_replication_role = replica;
  FOR place IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                  AND relname NOT IN ('fx_rate', 'rate_load', 'alembic_version') LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', place) INTO filled;
    CONTINUE WHEN NOT filled;
    FOR guard IN SELECT tgname FROM pg_trigger WHERE tgrelid = place AND NOT tgisinternal LOOP
      EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', place, guard.tgname);
    END LOOP;
    EXECUTE format('DELETE FROM %s', place);
  END LOOP;
  FOR guard IN SELECT tgrelid::regclass AS place, tgname FROM pg_trigger
                WHERE NOT tgisinternal AND tgenabled <> 'A' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', guard.place, guard.tgname);
  END LOOP;
  INSERT INTO head (id, revision) VALUES (1, 0);
  INSERT INTO log_tree (id, size) VALUES (1, 0);
END $$
"""
_LEAVE: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class PostgresDatabases:
    """The databases of one test process on one server."""

    def __init__(self, server: str, make_template: Callable[[str, bool], None]) -> None:
        self._server = server
        self._make_template = make_template
        self._templates: dict[bool, str] = {}
        self._shapes: dict[bool, str] = {}
        self._free: defaultdict[bool, list[str]] = defaultdict(list)
        self._made: list[str] = []
        self._serial = count()

    def take(self, *, rates: bool) -> str:
        """The name of an empty database; with or without exchange rates."""
        if self._free[rates]:
            return self._free[rates].pop()
        if rates not in self._templates:
            template = self._create(f"template_{'rates' if rates else 'plain'}")
            self._make_template(self.url(template), rates)
            self._templates[rates] = template
            with psycopg.connect(self._dsn(template), autocommit=True) as connection:
                self._shapes[rates] = _shape(connection)
        return self._create(f"test_{next(self._serial)}", self._templates[rates])

    def give_back(self, name: str, *, rates: bool) -> None:
        """Empty a database for the next test, or drop it where a test has altered it."""
        try:
            with psycopg.connect(self._dsn(name), autocommit=True) as connection:
                connection.execute(_LEAVE)
                connection.execute(_EMPTY)
                shape = _shape(connection)
            if shape == self._shapes[rates]:
                self._free[rates].append(name)
                return
        except psycopg.Error:
            pass
        self._drop(name)

    def drop_all(self) -> None:
        """Throw everything away."""
        for name in list(self._made):
            self._drop(name)

    def url(self, name: str) -> str:
        """The address of a database."""
        return make_url(self._server).set(database=name).render_as_string(hide_password=False)

    def _create(self, suffix: str, template: str | None = None) -> str:
        name = f"aidledger_{os.getpid()}_{suffix}"
        source = f" TEMPLATE {template}" if template else ""
        postgres.execute(self._server, f"CREATE DATABASE {name}{source}")
        self._made.append(name)
        return name

    def _drop(self, name: str) -> None:
        postgres.execute(self._server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._made.remove(name)

    def _dsn(self, name: str) -> str:
        return self.url(name).replace("+psycopg", "")


def _shape(connection: psycopg.Connection) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])
