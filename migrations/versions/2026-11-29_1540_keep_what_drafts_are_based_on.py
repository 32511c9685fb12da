"""Keep what drafts are based on.

Revision: 0014_draft_bases
After: 0013_web_sessions
Written: 2026-11-29 15:40:00+00:00
"""

# A draft of before has neither: it is taken as based on what is on record when it is opened again.

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014_draft_bases"
down_revision: str | None = "0013_web_sessions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    op.add_column("web_draft", sa.Column("part", sa.String(length=100), nullable=True))
    op.add_column("web_draft", sa.Column("version", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("web_draft", "version")
    op.drop_column("web_draft", "part")
