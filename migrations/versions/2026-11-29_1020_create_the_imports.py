"""Create the records of imports: which file was taken in, what became of it, which pledge an external id means.

Revision: 0006_imports
After: 0005_snapshots
Written: 2026-11-29 10:20:00+00:00
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0006_imports"
down_revision: str | None = "0005_snapshots"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REVISION: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
# Append-only tables, and what identifies a row of each.
KEYS: Final = {
    "import_run": "id = NEW.id",
    "import_link": "series = NEW.series AND external_id = NEW.external_id",
}
# Roles belong to the whole cluster, and this one may be missing (see 0002_append_only).
REVOKE: Final = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'aidledger_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON import_run, import_link FROM aidledger_app;
  END IF;
END $$
"""


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "import_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", REVISION, nullable=False),
        sa.Column("layout", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("coverage", sa.String(length=100), nullable=True),
        sa.Column("retrieved_on", sa.Date(), nullable=True),
        sa.Column("skip_bad_rows", sa.Boolean(), nullable=False),
        sa.Column("withdraw_missing", sa.Boolean(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("first_revision", REVISION, nullable=True),
        sa.Column("last_revision", REVISION, nullable=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_sha256"), "import_run", ["sha256"])
    op.create_table(
        "import_link",
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("series", "external_id", name=op.f("pk_import_link")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_import_link_import_id_import_run")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Take it back; the guards go with their tables."""
    for table in ("import_link", "import_run"):
        op.drop_table(table)


def _guard_postgresql() -> None:
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
    op.execute(REVOKE)


def _guard_sqlite() -> None:
    for table, key in KEYS.items():
        refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refuse}; END")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse}; END")
        op.execute(
            f"CREATE TRIGGER {table}_no_overwrite BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key}) BEGIN {refuse}; END"
        )
