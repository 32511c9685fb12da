"""Create the table of legislative requests.

Revision: 0003_legislation
After: 0002_append_only
Written: 2026-11-22 10:20:00+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003_legislation"
down_revision: str | None = "0002_append_only"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "legislative_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "since_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "until_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("donor", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=True),
        sa.Column("requested_first", sa.Date(), nullable=False),
        sa.Column("requested_last", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_legislative_request")),
    )
    op.create_index(
        "ix_legislative_request_reference", "legislative_request", ["reference"], unique=False
    )
    op.create_index(
        "ix_legislative_request_until_requested",
        "legislative_request",
        ["until_revision", "requested_first", "reference"],
        unique=False,
    )
    op.create_index(
        "uq_legislative_request_current_reference",
        "legislative_request",
        ["reference"],
        unique=True,
        sqlite_where=sa.text("until_revision = 4611686018427387904"),
        postgresql_where=sa.text("until_revision = 4611686018427387904"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("legislative_request")
