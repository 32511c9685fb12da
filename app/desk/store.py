"""The SQL of drafts."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, select

from app.db import ReadSession, WriteSession, dialect_of, table_of, upsert
from app.desk.domain import Draft, FormKind
from app.desk.tables import WebDraftRow

_DRAFT: Final = table_of(WebDraftRow)


def find_draft(session: ReadSession, draft_id: UUID) -> Draft | None:
    """The draft with this id, whosever it is."""
    row = session.execute(select(_DRAFT).where(_DRAFT.c.id == draft_id)).first()
    return None if row is None else _to_draft(row)


def list_drafts(session: ReadSession, key_id: str, *, since: datetime) -> list[Draft]:
    """The drafts of a key that were changed after ``since``, the last changed first."""
    statement = (
        select(_DRAFT)
        .where(_DRAFT.c.key_id == key_id, _DRAFT.c.updated_at > since)
        .order_by(_DRAFT.c.updated_at.desc(), _DRAFT.c.id)
    )
    return [_to_draft(row) for row in session.execute(statement)]


def keep_draft(session: WriteSession, draft: Draft) -> None:
    """Keep a draft, in place of what was kept under its id."""
    changing = {
        "fields": json.dumps(dict(draft.fields)),
        "part": draft.part,
        "version": draft.version,
        "updated_at": draft.updated_at,
    }
    statement = upsert(dialect_of(session), _DRAFT).values(
        id=draft.id, key_id=draft.key_id, form=draft.kind.value, target=draft.target, **changing
    )
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changing))


def drop_draft(session: WriteSession, draft_id: UUID, key_id: str) -> None:
    """Let go of a draft of this key."""
    session.execute(delete(_DRAFT).where(_DRAFT.c.id == draft_id, _DRAFT.c.key_id == key_id))


def drop_old_drafts(session: WriteSession, until: datetime) -> None:
    """Let go of all drafts that were not changed since."""
    session.execute(delete(_DRAFT).where(_DRAFT.c.updated_at <= until))


def drop_surplus(session: WriteSession, key_id: str, most: int) -> None:
    """Let go of what a key has beyond so many drafts, the oldest first."""
    surplus = (
        select(_DRAFT.c.id)
        .where(_DRAFT.c.key_id == key_id)
        .order_by(_DRAFT.c.updated_at.desc(), _DRAFT.c.id)
        .offset(most)
    )
    ids = session.execute(surplus).scalars().all()
    if ids:
        session.execute(delete(_DRAFT).where(_DRAFT.c.id.in_(ids)))


def _to_draft(row: Row[*tuple[Any, ...]]) -> Draft:
    return Draft(
        id=row.id,
        key_id=row.key_id,
        kind=FormKind(row.form),
        target=row.target,
        part=row.part,
        version=row.version,
        fields=json.loads(row.fields),
        updated_at=row.updated_at,
    )
