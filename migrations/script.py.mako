"""${message}.

Revision: ${up_revision}
After: ${down_revision or "nothing" | comma,n}
Written: ${create_date}
"""

# The rules, where the hand is:
#
# - This file never imports app. The code moves on; this step must do for ever what it does today.
# - The previous release still runs against the new schema while this step is rolled out. Add first
#   (a column with a default, a table), use it in the next release, take the old away in the one
#   after. A rename is those three steps.
# - On PostgreSQL a step waits at most 5 seconds for a lock (migrations/env.py sets lock_timeout),
#   because every later query queues behind it. Large tables: add constraints NOT VALID and validate
#   them in a step of their own; fill columns in batches.
# - entry and posting only grow: no step changes or removes a recorded row.
# - It runs on both engines. On SQLite a change of a column copies the table (op.batch_alter_table),
#   and the copy has no triggers: make them again.

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision: str = "${up_revision}"
down_revision: str | None = ${repr(down_revision)}
branch_labels: str | Sequence[str] | None = ${repr(branch_labels)}
depends_on: str | Sequence[str] | None = ${repr(depends_on)}


def upgrade() -> None:
    """Take the step."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take it back."""
    ${downgrades if downgrades else "pass"}
