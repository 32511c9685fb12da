"""The table of legislative requests: derived from the journal, and rebuilt from it where needed."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant, Revision

# ``until_revision`` of the current version.
FOREVER: Final = 2**62


class LegislativeRequestRow(Base):
    """One version of a request, and the revisions during which it was the current one.

    The ledger as of revision N shows the rows with ``since_revision <= N < until_revision``.
    """

    __tablename__ = "legislative_request"
    __table_args__ = (
        Index(
            "uq_legislative_request_current_reference",
            "reference",
            unique=True,
            sqlite_where=text(f"until_revision = {FOREVER}"),
            postgresql_where=text(f"until_revision = {FOREVER}"),
        ),
        Index(
            "ix_legislative_request_until_requested",
            "until_revision",
            "requested_first",
            "reference",
        ),
        Index("ix_legislative_request_reference", "reference"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since_revision: Mapped[int] = mapped_column(Revision)
    until_revision: Mapped[int] = mapped_column(Revision)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    """When this version was recorded."""
    reference: Mapped[str] = mapped_column(String(64))
    donor: Mapped[str] = mapped_column(String(3))
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[str | None] = mapped_column(String(32))
    """How far it has got by its last action; null where no action says."""
    requested_first: Mapped[date]
    """First day that the date of the request may mean; the first day of all time when undated."""
    requested_last: Mapped[date]
    withdrawn: Mapped[bool]
    """It was recorded in error; not the state of the same name."""
    search: Mapped[str] = mapped_column(Text)
    """Title, reference, notes, offices and vehicles, case folded."""
    document: Mapped[str] = mapped_column(Text)
    """``domain.request_record`` as JSON."""
