"""API keys on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from app.access.domain import DEFAULT_DAYS, MAX_DAYS, MAX_NAME, ApiKey, KeyState, NewKey, Role
from app.kernel.clock import format_instant
from app.wire import WireModel


class ApiKeyIn(WireModel):
    """A key to be made."""

    name: Annotated[
        str,
        Field(description=f"Who holds it, at most {MAX_NAME} characters; the actor of entries."),
    ]
    role: Annotated[str, Field(description="reader, contributor or admin.")]
    valid_days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = DEFAULT_DAYS


class ApiKeyOut(BaseModel):
    """A key without its secret."""

    id: str
    name: str
    role: Role
    state: KeyState
    created_at: str
    expires_at: str
    revoked_at: str | None
    created_by: str

    @classmethod
    def of(cls, key: ApiKey, now: datetime) -> Self:
        """The key as it stands at ``now``."""
        return cls(
            id=key.key_id,
            name=key.name,
            role=key.role,
            state=key.state_at(now),
            created_at=format_instant(key.created_at),
            expires_at=format_instant(key.expires_at),
            revoked_at=None if key.revoked_at is None else format_instant(key.revoked_at),
            created_by=key.created_by,
        )


class NewApiKeyOut(ApiKeyOut):
    """A key just made, with its full text for the only time."""

    key: str

    @classmethod
    def issued(cls, new: NewKey, key: ApiKey, now: datetime) -> Self:
        """The stored key, and its text."""
        return cls(key=new.text, **ApiKeyOut.of(key, now).model_dump())


class ApiKeysMeta(BaseModel):
    """When the states were true."""

    as_of: str


class ApiKeysOut(BaseModel):
    """All keys; there are few, so one page holds them."""

    data: list[ApiKeyOut]
    next_cursor: None = None
    meta: ApiKeysMeta

    @classmethod
    def of(cls, keys: list[ApiKey], now: datetime) -> Self:
        """The keys as they stand at ``now``."""
        return cls(
            data=[ApiKeyOut.of(key, now) for key in keys],
            meta=ApiKeysMeta(as_of=format_instant(now)),
        )
