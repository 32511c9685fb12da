"""Create the working table of exports: reports that were ordered, for a day.

Revision: 0012_report_jobs
After: 0010_import_jobs
Written: 2026-11-29 13:10:00+00:00
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0012_report_jobs"
down_revision: str | None = "0010_import_jobs"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REVISION: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "report_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", INSTANT, nullable=False),
        sa.Column("report", sa.String(length=32), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("revision", REVISION, nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("rows", REVISION, nullable=False),
        sa.Column("rows_done", REVISION, nullable=False),
        sa.Column("alive_until", INSTANT, nullable=False),
        sa.Column("size", REVISION, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_job")),
    )
    op.create_index(op.f("ix_report_job_identity"), "report_job", ["identity"])
    op.create_index(op.f("ix_report_job_ordered_at"), "report_job", ["ordered_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("report_job")
