"""Create the tables of the transparency log, and make its checkpoints append-only.

Revision: 0004_transparency
After: 0003_legislation
Written: 2026-11-22 10:30:00+00:00

``log_node`` and ``log_tree`` are derived from the entries and may be rebuilt; ``log_checkpoint`` is guarded as the
journal is (see 0002_append_only).
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0004_transparency"
down_revision: str | None = "0003_legislation"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Default privileges hold for what the role that set them makes; another owner may run this step.
GRANT: Final = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'aidledger_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON log_node, log_tree TO aidledger_app;
    GRANT SELECT, INSERT ON log_checkpoint TO aidledger_app;
    REVOKE UPDATE, DELETE, TRUNCATE ON log_checkpoint FROM aidledger_app;
  END IF;
END $$
"""


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "log_node",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "index",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("level between 1 and 62", name=op.f("ck_log_node_level")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_log_node_hash")),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_log_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_tree",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_tree_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_tree")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column(
            "size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("vkey", sa.String(length=500), nullable=False),
        sa.Column(
            "signed_at",
            sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"),
            nullable=False,
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_log_checkpoint_size")),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_log_checkpoint_root")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoint")),
    )
    op.execute("INSERT INTO log_tree (id, size) VALUES (1, 0)")
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Take it back: the tree can be rebuilt, the published checkpoints are gone from the database."""
    op.drop_table("log_checkpoint")
    op.drop_table("log_tree")
    op.drop_table("log_node")


def _guard_postgresql() -> None:
    op.execute(
        "CREATE TRIGGER log_checkpoint_no_change BEFORE UPDATE OR DELETE ON log_checkpoint"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER log_checkpoint_no_truncate BEFORE TRUNCATE ON log_checkpoint"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for trigger in ("log_checkpoint_no_change", "log_checkpoint_no_truncate"):
        op.execute(f"ALTER TABLE log_checkpoint ENABLE ALWAYS TRIGGER {trigger}")
    op.execute(GRANT)


def _guard_sqlite() -> None:
    refuse = "SELECT RAISE(ABORT, 'log_checkpoint is append-only')"
    exists = "EXISTS (SELECT 1 FROM log_checkpoint WHERE size = NEW.size)"
    for name, when in (
        ("update", "BEFORE UPDATE ON log_checkpoint"),
        ("delete", "BEFORE DELETE ON log_checkpoint"),
        ("overwrite", f"BEFORE INSERT ON log_checkpoint WHEN {exists}"),
    ):
        op.execute(f"CREATE TRIGGER log_checkpoint_no_{name} {when} BEGIN {refuse}; END")
