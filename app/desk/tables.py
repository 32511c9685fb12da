"""The table of drafts: rows that come, change and go."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant


class WebDraftRow(Base):
    """A form that was filled in and not recorded yet."""

    __tablename__ = "web_draft"
    __table_args__ = (Index("ix_web_draft_key_id", "key_id", "updated_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(String(10), ForeignKey("api_key.key_id"))
    form: Mapped[str] = mapped_column(String(32))
    target: Mapped[UUID | None]
    part: Mapped[str | None] = mapped_column(String(100))
    version: Mapped[int | None]
    """Of the target, that the form is based on."""
    fields: Mapped[str] = mapped_column(Text)
    """What was filled in, by name, as JSON."""
    updated_at: Mapped[datetime] = mapped_column(Instant())
