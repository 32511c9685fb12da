"""The working table of exports: reports that were ordered. Updated as they go on, deleted when they expire."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant, Revision


class ReportJobRow(Base):
    """A report that is made, or was within the last day."""

    __tablename__ = "report_job"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ordered_at: Mapped[datetime] = mapped_column(Instant, index=True)
    report: Mapped[str] = mapped_column(String(32))
    question: Mapped[str] = mapped_column(Text)
    """The parameters of the call, as JSON."""
    revision: Mapped[int] = mapped_column(Revision)
    identity: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of what names state and question, in hexadecimal."""
    file_name: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(16))
    rows: Mapped[int] = mapped_column(Revision)
    rows_done: Mapped[int] = mapped_column(Revision)
    alive_until: Mapped[datetime] = mapped_column(Instant)
    """By then it has written again, or its process is dead."""
    size: Mapped[int | None] = mapped_column(Revision)
    """Of the file, in bytes."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the file, in hexadecimal."""
    problem: Mapped[str | None] = mapped_column(Text)
    """Why nothing became of it, as JSON."""
