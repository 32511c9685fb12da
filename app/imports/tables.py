"""The tables of imports: what was recorded is append-only, by the database's own refusal; jobs come and go."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant, Revision


class ImportRunRow(Base):
    """A file that was taken in, on whose order, and what became of it. Never updated, never deleted."""

    __tablename__ = "import_run"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor: Mapped[str] = mapped_column(String(100))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Of the file's bytes, in hexadecimal."""
    size: Mapped[int] = mapped_column(Revision)
    """Of the file, in bytes."""
    layout: Mapped[str] = mapped_column(String(32))
    """As it was found or asked for."""
    label: Mapped[str | None] = mapped_column(String(200))
    """What its publisher calls it, such as ``Release 7``."""
    coverage: Mapped[str | None] = mapped_column(String(100))
    """The period that it covers."""
    retrieved_on: Mapped[date | None]
    skip_bad_rows: Mapped[bool]
    withdraw_missing: Mapped[bool]
    finished_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(16))
    first_revision: Mapped[int | None] = mapped_column(Revision)
    last_revision: Mapped[int | None] = mapped_column(Revision)
    counts: Mapped[str] = mapped_column(Text)
    """Rows by outcome and findings by severity, as JSON."""
    report: Mapped[bytes] = mapped_column(LargeBinary)
    """A line of JSON for every row that is not unchanged and for findings about the file, compressed (gzip)."""


class ImportLinkRow(Base):
    """Which pledge an external id means. Never updated, never deleted."""

    __tablename__ = "import_link"

    series: Mapped[str] = mapped_column(String(64), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    pledge_id: Mapped[UUID]
    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.id"))


class ImportJobRow(Base):
    """A file that is worked on, or was within the last day. Updated as it goes on, deleted when it expires."""

    __tablename__ = "import_job"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor: Mapped[str] = mapped_column(String(100))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file's bytes, in hexadecimal."""
    size: Mapped[int] = mapped_column(Revision)
    """Of the file, in bytes."""
    layout: Mapped[str | None] = mapped_column(String(32))
    """As it was asked for, and once the file is read as it was found."""
    label: Mapped[str | None] = mapped_column(String(200))
    coverage: Mapped[str | None] = mapped_column(String(100))
    retrieved_on: Mapped[date | None]
    dry_run: Mapped[bool]
    skip_bad_rows: Mapped[bool]
    withdraw_missing: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))
    alive_until: Mapped[datetime] = mapped_column(Instant)
    """By then it has finished, or its process is dead."""
    expires_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    counts: Mapped[str | None] = mapped_column(Text)
    """As in ``import_run``."""
    report: Mapped[bytes | None] = mapped_column(LargeBinary)
    """As in ``import_run``; ``None`` where that has it."""
    problem: Mapped[str | None] = mapped_column(Text)
    """Why nothing became of it, as JSON."""
    run_id: Mapped[UUID | None]
    """The import that is kept for ever. No foreign key: this row goes, that one stays."""
    workbook: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The file, where it is a workbook: comments are written into it."""
