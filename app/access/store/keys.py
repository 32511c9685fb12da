"""All SQL about API keys."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select, update

from app.access.domain import ApiKey, Role
from app.access.tables import ApiKeyRow
from app.db import ReadSession, WriteSession, table_of

_KEY = table_of(ApiKeyRow)
_SELECT: Final = select(
    _KEY.c.key_id, _KEY.c.name, _KEY.c.role, _KEY.c.digest, _KEY.c.created_at, _KEY.c.expires_at, _KEY.c.revoked_at,
    _KEY.c.created_by,
)  # fmt: skip
# Every call with a key asks for it: built once, for building it takes longer than the answer.
_FINDING: Final = _SELECT.where(_KEY.c.key_id.in_(bindparam("key_ids", expanding=True)))


def find_key(session: ReadSession, key_id: str) -> ApiKey | None:
    """The key with this public part."""
    return find_keys(session, [key_id]).get(key_id)


def find_keys(session: ReadSession, key_ids: Collection[str]) -> dict[str, ApiKey]:
    """The keys with these public parts, by them."""
    rows = session.connection().execute(_FINDING, {"key_ids": list(key_ids)})
    return {row.key_id: _to_key(row) for row in rows}


def list_keys(session: ReadSession) -> list[ApiKey]:
    """All keys, the oldest first."""
    rows = session.execute(_SELECT.order_by(_KEY.c.created_at, _KEY.c.key_id))
    return [_to_key(row) for row in rows]


def insert_key(session: WriteSession, key: ApiKey) -> None:
    """Store a new key."""
    session.execute(insert(ApiKeyRow).values(**_columns(key)))


def revoke(session: WriteSession, key_id: str, revoked_at: datetime) -> None:
    """Take a key back, unless that was done before."""
    session.execute(
        update(ApiKeyRow)
        .where(ApiKeyRow.key_id == key_id, ApiKeyRow.revoked_at.is_(None))
        .values(revoked_at=revoked_at)
    )


def _columns(key: ApiKey) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "role": key.role.value,
        "digest": key.digest,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "created_by": key.created_by,
    }


def _to_key(row: Row[*tuple[Any, ...]]) -> ApiKey:
    return ApiKey(**(row._asdict() | {"role": Role(row.role)}))
