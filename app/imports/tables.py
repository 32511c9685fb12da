"""The tables of imports. All but the kept files are append-only, and the database itself refuses the rest."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant, Revision


class ImportRunRow(Base):
    """A file that somebody sent, and what was to be done with it. Never updated, never deleted."""

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_started_at", "started_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(100))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Of the file's bytes, in hexadecimal."""
    size: Mapped[int] = mapped_column(Revision)
    """Of the file, in bytes."""
    layout: Mapped[str | None] = mapped_column(String(32))
    """As it was asked for; null where the file was to say by itself."""
    label: Mapped[str | None] = mapped_column(String(200))
    """What its publisher calls it, such as ``Release 7``."""
    coverage: Mapped[str | None] = mapped_column(String(100))
    """The period that it covers."""
    retrieved_on: Mapped[date | None]
    dry_run: Mapped[bool]
    skip_bad_rows: Mapped[bool]
    withdraw_missing: Mapped[bool]


class ImportResultRow(Base):
    """What became of a run. Never updated, never deleted; a run without one is under way, or was lost."""

    __tablename__ = "import_result"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    finished_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(16))
    layout: Mapped[str | None] = mapped_column(String(32))
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


class ImportFileRow(Base):
    """The bytes of a file, for as long as somebody may still want them back with comments."""

    __tablename__ = "import_file"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    kept_since: Mapped[datetime] = mapped_column(Instant, index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
