"""Create the tables of the journal, of pledges, of access and of exchange rates.

Revision: 0001_ledger
After: nothing
Written: 2026-11-22 11:18:32.933482+00:00
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0001_ledger"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# timestamptz on PostgreSQL, sortable ISO text on SQLite.
INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "api_key",
        sa.Column("key_id", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.CheckConstraint(
            "role in ('reader', 'contributor', 'admin')", name=op.f("ck_api_key_role")
        ),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_api_key_digest")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_key")),
    )
    op.create_table(
        "entry",
        sa.Column(
            "revision",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stream_kind", sa.String(length=32), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_entry")),
        sa.UniqueConstraint("id", name=op.f("uq_entry_id")),
        sa.UniqueConstraint("stream_id", "version", name=op.f("uq_entry_stream_id_version")),
    )
    op.create_index(op.f("ix_entry_recorded_at"), "entry", ["recorded_at"], unique=False)

    op.create_table(
        "fx_rate",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("currency", "on_day", name=op.f("pk_fx_rate")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head")),
    )
    op.create_table(
        "idempotency",
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("claimed_at", INSTANT, nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "pledge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "since_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "until_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("donor", sa.String(length=3), nullable=False),
        sa.Column("aid_type", sa.String(length=16), nullable=False),
        sa.Column("instrument", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("announced_first", sa.Date(), nullable=False),
        sa.Column("announced_last", sa.Date(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("stages", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_pledge")),
    )
    op.create_index("ix_pledge_reference", "pledge", ["reference"], unique=False)
    op.create_index(
        "ix_pledge_until_announced",
        "pledge",
        ["until_revision", "announced_first", "reference"],
        unique=False,
    )
    op.create_index(
        "uq_pledge_current_reference",
        "pledge",
        ["reference"],
        unique=True,
        sqlite_where=sa.text("until_revision = 4611686018427387904"),
        postgresql_where=sa.text("until_revision = 4611686018427387904"),
    )

    op.create_table(
        "posting",
        sa.Column(
            "revision",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("line", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("donor", sa.String(length=3), nullable=False),
        sa.Column("aid_type", sa.String(length=16), nullable=False),
        sa.Column("instrument", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("pledges", sa.SmallInteger(), nullable=False),
        sa.Column("unvalued", sa.SmallInteger(), nullable=False),
        sa.Column("implied", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("revision", "line", name=op.f("pk_posting")),
        # A hidden rowid would be a second key, over which INSERT OR REPLACE could replace a row.
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_posting_pledge_id"), "posting", ["pledge_id"], unique=False)
    op.create_index("ix_posting_stage_revision", "posting", ["stage", "revision"], unique=False)

    op.create_table(
        "reference_counter",
        sa.Column("donor", sa.String(length=3), nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("donor", "year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "rollup",
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("donor", sa.String(length=3), nullable=False),
        sa.Column("aid_type", sa.String(length=16), nullable=False),
        sa.Column("instrument", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column(
            "amount",
            sa.Numeric(precision=38, scale=0).with_variant(sa.BigInteger(), "sqlite"),
            nullable=False,
        ),
        sa.Column("pledges", sa.BigInteger(), nullable=False),
        sa.Column("unvalued", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "stage",
            "donor",
            "aid_type",
            "instrument",
            "currency",
            "valued_on",
            "first",
            "last",
            name=op.f("pk_rollup"),
        ),
    )
    op.execute("INSERT INTO head (id, revision) VALUES (1, 0)")


def downgrade() -> None:
    """Take it back."""
    op.drop_table("rollup")
    op.drop_table("reference_counter")
    op.drop_table("posting")
    op.drop_table("pledge")
    op.drop_table("idempotency")
    op.drop_table("head")
    op.drop_table("fx_rate")
    op.drop_table("entry")
    op.drop_table("api_key")
