"""Find the requests that pledges wait for without reading all of them.

Every firm total asks which pledges are conditional. A column says of each version of a request whether
pledges hang on it, as its document has it, and an index holds the few of which that is true.

Revision: 0009_awaited
After: 0008_rate_imports
Written: 2026-11-29 12:00:00+00:00
"""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0009_awaited"
down_revision: str | None = "0008_rate_imports"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REQUEST = sa.table(
    "legislative_request",
    sa.column("id", sa.Uuid()),
    sa.column("version", sa.Integer()),
    sa.column("awaited", sa.Boolean()),
    sa.column("document", sa.Text()),
)
NO_DEPENDENCIES = '"dependencies":[]'


def upgrade() -> None:
    """Take the step."""
    op.add_column(
        "legislative_request",
        sa.Column("awaited", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _mark()
    op.create_index(
        "ix_legislative_request_awaited",
        "legislative_request",
        ["until_revision"],
        unique=False,
        sqlite_where=sa.text("awaited = 1"),
        postgresql_where=sa.text("awaited"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_legislative_request_awaited", table_name="legislative_request")
    op.drop_column("legislative_request", "awaited")


def _mark() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(REQUEST).where(~REQUEST.c.document.contains(NO_DEPENDENCIES))
    ).all()
    for row in rows:
        if _is_awaited(json.loads(row.document)):
            connection.execute(
                sa.update(REQUEST)
                .where(REQUEST.c.id == row.id, REQUEST.c.version == row.version)
                .values(awaited=True)
            )


def _is_awaited(document: dict[str, Any]) -> bool:
    return any(not one["withdrawn"] for one in document["dependencies"])
