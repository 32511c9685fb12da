"""Create the imports of exchange rates and price indices, and make all rates append-only.

Revision: 0008_rate_imports
After: 0006_imports
Written: 2026-11-29 11:10:00+00:00

The triggers are those that guard entries and postings, with the function that step 0002 made.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0008_rate_imports"
down_revision: str | None = "0006_imports"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REVISION: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
# Tables that stood before this step, and those that it makes; each with what identifies a row of it.
OLD: Final = {
    "fx_rate": "currency = NEW.currency AND on_day = NEW.on_day",
    "rate_load": "last_day = NEW.last_day",
}
NEW: Final = {
    "fx_import": "id = NEW.id",
    "imported_rate": "import_id = NEW.import_id AND currency = NEW.currency AND on_day = NEW.on_day",
    "price_index": "import_id = NEW.import_id AND year = NEW.year",
}
KEYS: Final = OLD | NEW
RIGHTS: Final = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'aidledger_app') THEN
    {what};
  END IF;
END $$
"""


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "fx_import",
        sa.Column("id", REVISION, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", INSTANT, nullable=False),
        sa.Column("imported_by", sa.String(length=100), nullable=False),
        sa.Column("since_revision", REVISION, nullable=False),
        sa.CheckConstraint(
            "kind in ('series', 'release', 'prices')", name=op.f("ck_fx_import_kind")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_fx_import_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fx_import")),
    )
    op.create_table(
        "imported_rate",
        sa.Column("import_id", REVISION, autoincrement=False, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "currency", "on_day", name=op.f("pk_imported_rate")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_imported_rate_currency_day", "imported_rate", ["currency", "on_day"])
    op.create_table(
        "price_index",
        sa.Column("import_id", REVISION, autoincrement=False, nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "year", name=op.f("pk_price_index")),
        sqlite_with_rowid=False,
    )
    if _is_postgresql():
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Take it back."""
    events = ("change", "truncate") if _is_postgresql() else ("update", "delete", "overwrite")
    for table in KEYS:
        place = f" ON {table}" if _is_postgresql() else ""
        for event in events:
            op.execute(f"DROP TRIGGER {table}_no_{event}{place}")
    if _is_postgresql():
        op.execute(RIGHTS.format(what=f"GRANT UPDATE, DELETE ON {', '.join(OLD)} TO aidledger_app"))
    op.drop_table("price_index")
    op.drop_index("ix_imported_rate_currency_day", table_name="imported_rate")
    op.drop_table("imported_rate")
    op.drop_table("fx_import")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


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
    revoked = f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(KEYS)} FROM aidledger_app"
    op.execute(RIGHTS.format(what=revoked))


def _guard_sqlite() -> None:
    for table, key in KEYS.items():
        refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refuse}; END")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse}; END")
        op.execute(
            f"CREATE TRIGGER {table}_no_overwrite BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key}) BEGIN {refuse}; END"
        )
