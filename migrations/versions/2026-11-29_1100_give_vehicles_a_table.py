"""Give vehicles a table of their own, and take the state of requests out of theirs.

A request moves by its own actions and by those of its vehicles, so its state is in no column any more.
The documents of requests get the fields that they now have, so that they read as if they had been
recorded today; what is in the journal stays as it is.

Revision: 0007_vehicles
After: 0005_snapshots
Written: 2026-11-29 11:00:00+00:00
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0007_vehicles"
down_revision: str | None = "0005_snapshots"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CURRENT = "until_revision = 4611686018427387904"
REQUEST = sa.table(
    "legislative_request",
    sa.column("id", sa.Uuid()),
    sa.column("version", sa.Integer()),
    sa.column("state", sa.String()),
    sa.column("document", sa.Text()),
)
# The columns of the table of requests that it has before and after this step.
KEPT = (
    "id",
    "version",
    "since_revision",
    "until_revision",
    "recorded_at",
    "reference",
    "donor",
    "kind",
    "requested_first",
    "requested_last",
    "withdrawn",
    "search",
    "document",
)
# What a part of a document has by now, and what it is where nobody said.
NEW_IN_REQUEST: dict[str, Any] = {
    "legal_basis": None,
    "period": None,
    "relations": [],
    "enactments": [],
    "funding": [],
    "dependencies": [],
}
NEW_IN_ACTION: dict[str, Any] = {
    "time": None,
    "language": None,
    "scheme": None,
    "code": None,
    "known_on": None,
    "substantive": True,
    "cause": None,
}
NEW_IN_VOTE: dict[str, Any] = {"chamber": None, "session": None, "question": None}
NEW_IN_LINE: dict[str, Any] = {
    "parent": None,
    "subcomponent": None,
    "year": None,
    "new_money": None,
    "claims": [],
    "residual": False,
}
NEW_IN_LINK: dict[str, Any] = {
    "vehicle_id": None,
    "role": "primary",
    "division": None,
    "ceased_on": None,
    "reason": None,
}


def upgrade() -> None:
    """Take the step."""
    revision_type = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "vehicle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since_revision", revision_type, nullable=False),
        sa.Column("until_revision", revision_type, nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"),
            nullable=False,
        ),
        sa.Column("jurisdiction", sa.String(length=3), nullable=False),
        sa.Column("session", sa.String(length=200), nullable=False),
        sa.Column("identifier", sa.String(length=200), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_vehicle")),
    )
    op.create_index("ix_vehicle_until", "vehicle", ["until_revision"], unique=False)
    op.create_index(
        "uq_vehicle_current_name",
        "vehicle",
        ["jurisdiction", "session", "identifier"],
        unique=True,
        sqlite_where=sa.text(CURRENT),
        postgresql_where=sa.text(CURRENT),
    )
    _rewrite(lambda document: {"document": _write(_extend(document))})
    op.drop_column("legislative_request", "state")


def downgrade() -> None:
    """Take it back. Requests of which the journal has entries of newer kinds cannot be replayed by older programs."""
    _give_a_state()
    _rewrite(lambda document: {"state": _state(document), "document": _write(_reduce(document))})
    op.drop_table("vehicle")


def _give_a_state() -> None:
    """The table with its old column at its old place, which on SQLite only a new table gives."""
    connection = op.get_bind()
    copy = "CREATE TABLE legislative_request_copy AS SELECT * FROM legislative_request"
    connection.execute(sa.text(copy))
    op.drop_table("legislative_request")
    revision_type = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "legislative_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since_revision", revision_type, nullable=False),
        sa.Column("until_revision", revision_type, nullable=False),
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
        sqlite_where=sa.text(CURRENT),
        postgresql_where=sa.text(CURRENT),
    )
    names = ", ".join(KEPT)
    back = f"INSERT INTO legislative_request ({names}) SELECT {names} FROM legislative_request_copy"
    connection.execute(sa.text(back))
    op.drop_table("legislative_request_copy")


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Set columns of each version of a request by its document."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(REQUEST)).all() if _has_state() else []:
        connection.execute(
            sa.update(REQUEST)
            .where(REQUEST.c.id == row.id, REQUEST.c.version == row.version)
            .values(change(json.loads(row.document)))
        )


def _has_state() -> bool:
    columns = sa.inspect(op.get_bind()).get_columns("legislative_request")
    return any(column["name"] == "state" for column in columns)


def _write(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _extend(document: dict[str, Any]) -> dict[str, Any]:
    return {
        **NEW_IN_REQUEST,
        **document,
        "lines": [
            {"key": str(place), **NEW_IN_LINE, **line}
            for place, line in enumerate(document["lines"], start=1)
        ],
        "vehicles": [
            {
                **NEW_IN_LINK,
                **link,
                "jurisdiction": link["jurisdiction"] or "",
                "session": link["session"] or "",
            }
            for link in document["vehicles"]
        ],
        "actions": [
            {
                **NEW_IN_ACTION,
                **action,
                "vote": action["vote"] and {**NEW_IN_VOTE, **action["vote"]},
            }
            for action in document["actions"]
        ],
    }


def _reduce(document: dict[str, Any]) -> dict[str, Any]:
    return {
        **_without(document, NEW_IN_REQUEST),
        "lines": [_without(line, {"key", *NEW_IN_LINE}) for line in document["lines"]],
        "vehicles": [
            {
                **_without(link, NEW_IN_LINK),
                "jurisdiction": link["jurisdiction"] or None,
                "session": link["session"] or None,
            }
            for link in document["vehicles"]
        ],
        "actions": [
            {
                **_without(action, NEW_IN_ACTION),
                "vote": action["vote"] and _without(action["vote"], NEW_IN_VOTE),
            }
            for action in document["actions"]
        ],
    }


def _without(part: dict[str, Any], names: Any) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in names}


def _state(document: dict[str, Any]) -> str | None:
    """How far a request has got by its own last action."""
    states = [
        action["state"]
        for action in document["actions"]
        if action["state"] and not action["withdrawn"]
    ]
    return states[-1] if states else None
