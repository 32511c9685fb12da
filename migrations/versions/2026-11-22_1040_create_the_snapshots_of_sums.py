"""Create the snapshots of the posting sums, and what keeps an answer as of a moment the same for ever.

Revision: 0005_snapshots
After: 0004_transparency
Written: 2026-11-22 10:40:00+00:00
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0005_snapshots"
down_revision: str | None = "0004_transparency"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REVISION: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BIG_SUM: Final = sa.Numeric(precision=38, scale=0).with_variant(sa.BigInteger(), "sqlite")
INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "posting_snapshot",
        sa.Column("revision", REVISION, autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("donor", sa.String(length=3), nullable=False),
        sa.Column("aid_type", sa.String(length=16), nullable=False),
        sa.Column("instrument", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("amount", BIG_SUM, nullable=False),
        sa.Column("pledges", sa.BigInteger(), nullable=False),
        sa.Column("unvalued", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "revision",
            "stage",
            "donor",
            "aid_type",
            "instrument",
            "currency",
            "valued_on",
            "first",
            "last",
            name=op.f("pk_posting_snapshot"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "complete_snapshot",
        sa.Column("revision", REVISION, autoincrement=False, nullable=False),
        sa.Column("cells", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_complete_snapshot")),
    )
    op.create_table(
        "rate_load",
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("since_revision", REVISION, nullable=False),
        sa.PrimaryKeyConstraint("last_day", name=op.f("pk_rate_load")),
    )
    # The rates that are held already were known from the beginning.
    op.execute(
        "INSERT INTO rate_load (last_day, since_revision) SELECT max(on_day), 0 FROM fx_rate"
        " WHERE currency = 'USD' HAVING max(on_day) IS NOT NULL"
    )
    op.add_column("head", sa.Column("settled_at", INSTANT, nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("head", "settled_at")
    op.drop_table("rate_load")
    op.drop_table("complete_snapshot")
    op.drop_table("posting_snapshot")
