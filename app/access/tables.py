"""The tables of API keys and of the sessions of those who signed in with one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant


class ApiKeyRow(Base):
    """One API key, without its secret.

    Several keys may bear one name: a holder who changes keys has two for a while.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("role in ('reader', 'contributor', 'admin')", name="role"),
        CheckConstraint("length(digest) = 32", name="digest"),
    )

    key_id: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(16))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(Instant())
    expires_at: Mapped[datetime] = mapped_column(Instant())
    revoked_at: Mapped[datetime | None] = mapped_column(Instant())
    created_by: Mapped[str] = mapped_column(String(100))


class WebSessionRow(Base):
    """One sign-in session, without its secret. Rows go when their time is over."""

    __tablename__ = "web_session"
    __table_args__ = (CheckConstraint("length(digest) = 32", name="digest"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(10), ForeignKey("api_key.key_id"))
    created_at: Mapped[datetime] = mapped_column(Instant())
    last_seen_at: Mapped[datetime] = mapped_column(Instant())
    expires_at: Mapped[datetime] = mapped_column(Instant(), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
