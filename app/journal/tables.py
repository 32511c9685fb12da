"""The journal's tables. ``entry`` is append-only, and the database itself refuses the rest (see migrations)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant, Revision


class EntryRow(Base):
    """One entry. Never updated, never deleted."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("stream_id", "version"),)

    revision: Mapped[int] = mapped_column(Revision, primary_key=True, autoincrement=False)
    """Place in the journal: 1, 2, 3, ... in commit order, without a gap."""
    id: Mapped[UUID] = mapped_column(unique=True)
    stream_kind: Mapped[str] = mapped_column(String(32))
    stream_id: Mapped[UUID]
    version: Mapped[int]
    """Place in its stream: 1, 2, 3, ... without a gap."""
    kind: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Instant, index=True)
    """Never earlier than that of the revision before, even where the machine's clock went back."""
    actor: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(Text)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    """Canonical JSON, stored verbatim: the other columns repeat it for queries."""
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of 0x00 and the payload (RFC 6962)."""


class HeadRow(Base):
    """One row: the last revision. Writers lock it, so revisions are contiguous and in commit order."""

    __tablename__ = "head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Revision)
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    """An instant that somebody was answered about: whatever is appended from now on is recorded after it."""


class IdempotencyRow(Base):
    """A call that was answered, so that a repetition gets the same answer and has no second effect."""

    __tablename__ = "idempotency"

    actor: Mapped[str] = mapped_column(String(100), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of method, path and body."""
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    headers: Mapped[str | None] = mapped_column(Text)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
