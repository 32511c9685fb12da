"""Drafts: what was filled in and not recorded yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.desk.domain.forms import Form, FormKind

KEPT: Final = timedelta(days=30)
MAX_DRAFTS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form that its holder will go on with, in any session of the key.

    Attributes:
        version: of the target that it is based on; ``None`` where that does not matter.
    """

    id: UUID
    key_id: str
    kind: FormKind
    target: UUID | None
    part: str | None
    version: int | None
    fields: Mapping[str, str]
    updated_at: datetime

    @classmethod
    def of(cls, form: Form, key_id: str, now: datetime) -> "Draft":
        """The form as it is kept, with the version that it is based on: that may be no longer the current one then."""
        return cls(
            id=form.id,
            key_id=key_id,
            kind=form.kind,
            target=form.target,
            part=None if form.part is None else str(form.part),
            version=form.version,
            fields=form.fields,
            updated_at=now,
        )
