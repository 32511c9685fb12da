"""Make entry and posting append-only, enforced by the database itself.

Revision: 0002_append_only
After: 0001_ledger
Written: 2026-11-22 10:10:00+00:00

PostgreSQL: triggers that refuse UPDATE, DELETE and TRUNCATE, also under session_replication_role = replica
(ENABLE ALWAYS), and a role for the application, ``aidledger_app``, that may not even try.

SQLite: triggers that refuse UPDATE and DELETE, and one that refuses to insert over an existing row: INSERT OR
REPLACE deletes without firing delete triggers (unless recursive_triggers is on), and an upsert updates.
"""

from collections.abc import Sequence
from typing import Final

from alembic import op

revision: str = "0002_append_only"
down_revision: str | None = "0001_ledger"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Table, and what identifies a row of it: any of these keys.
KEYS: Final = {
    "entry": "revision = NEW.revision OR id = NEW.id"
    " OR (stream_id = NEW.stream_id AND version = NEW.version)",
    "posting": "revision = NEW.revision AND line = NEW.line",
}

REFUSE: Final = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '55000';
END $$
"""
# Roles belong to the whole cluster: another database of it may have made this one, perhaps just now.
# Whoever may not make roles can make it by hand, before migrating.
MAKE_ROLE: Final = """
DO $$
BEGIN
  CREATE ROLE aidledger_app NOLOGIN;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN RAISE NOTICE 'role aidledger_app is not there and cannot be made';
END $$
"""
GRANT: Final = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'aidledger_app') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO aidledger_app', current_schema());
    EXECUTE format(
      'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO aidledger_app', current_schema());
    EXECUTE format(
      'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO aidledger_app',
      current_schema());
    REVOKE UPDATE, DELETE, TRUNCATE ON entry, posting FROM aidledger_app;
    REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM aidledger_app;
  END IF;
END $$
"""


def upgrade() -> None:
    """Take the step."""
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Take it back."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEYS:
        for event in ("change", "truncate") if postgresql else ("update", "delete", "overwrite"):
            place = f" ON {table}" if postgresql else ""
            op.execute(f"DROP TRIGGER {table}_no_{event}{place}")
    if postgresql:
        op.execute("DROP FUNCTION refuse_change()")


def _guard_postgresql() -> None:
    op.execute(REFUSE)
    for table in KEYS:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change")
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate")
    op.execute(MAKE_ROLE)
    op.execute(GRANT)


def _guard_sqlite() -> None:
    for table, key in KEYS.items():
        refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refuse}; END")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse}; END")
        op.execute(
            f"CREATE TRIGGER {table}_no_overwrite BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key}) BEGIN {refuse}; END"
        )
