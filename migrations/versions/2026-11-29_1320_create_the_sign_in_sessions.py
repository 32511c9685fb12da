"""Create what the desk's pages keep for a while: sign-in sessions, and drafts of forms.

Revision: 0013_web_sessions
After: 0012_report_jobs
Written: 2026-11-29 13:20:00+00:00
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0013_web_sessions"
down_revision: str | None = "0012_report_jobs"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "web_session",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=10), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_web_session_digest")),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_key.key_id"], name=op.f("fk_web_session_key_id_api_key")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"])
    op.create_table(
        "web_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=10), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("target", sa.Uuid(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_key.key_id"], name=op.f("fk_web_draft_key_id_api_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_draft")),
    )
    op.create_index(op.f("ix_web_draft_key_id"), "web_draft", ["key_id", "updated_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("web_draft")
    op.drop_table("web_session")
