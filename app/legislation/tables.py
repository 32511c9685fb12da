"""The tables of legislative requests and vehicles: derived from the journal, and rebuilt from it where needed."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant, Revision

# ``until_revision`` of the current version.
FOREVER: Final = 2**62
_CURRENT: Final = text(f"until_revision = {FOREVER}")


class LegislativeRequestRow(Base):
    """One version of a request, and the revisions during which it was the current one.

    The ledger as of revision N shows the rows with ``since_revision <= N < until_revision``. The
    state is in no column: it follows from the vehicles' actions as well as from the request's own.
    """

    __tablename__ = "legislative_request"
    __table_args__ = (
        Index(
            "uq_legislative_request_current_reference",
            "reference",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index(
            "ix_legislative_request_until_requested",
            "until_revision",
            "requested_first",
            "reference",
        ),
        Index("ix_legislative_request_reference", "reference"),
        # Few requests have pledges that hang on them, and every firm total looks for these.
        Index(
            "ix_legislative_request_awaited",
            "until_revision",
            sqlite_where=text("awaited = 1"),
            postgresql_where=text("awaited"),
        ),
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
    requested_first: Mapped[date]
    """First day that the date of the request may mean; the first day of all time when undated."""
    requested_last: Mapped[date]
    withdrawn: Mapped[bool]
    """It was recorded in error; not the state of the same name."""
    awaited: Mapped[bool] = mapped_column(server_default=false())
    """Whether pledges hang on it: it has dependencies that were not withdrawn."""
    search: Mapped[str] = mapped_column(Text)
    """Title, reference, notes, offices and vehicles, case folded."""
    document: Mapped[str] = mapped_column(Text)
    """``domain.request_record`` as JSON."""


class VehicleRow(Base):
    """One version of a vehicle, and the revisions during which it was the current one."""

    __tablename__ = "vehicle"
    __table_args__ = (
        Index(
            "uq_vehicle_current_name",
            "jurisdiction",
            "session",
            "identifier",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index("ix_vehicle_until", "until_revision"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since_revision: Mapped[int] = mapped_column(Revision)
    until_revision: Mapped[int] = mapped_column(Revision)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    jurisdiction: Mapped[str] = mapped_column(String(3))
    session: Mapped[str] = mapped_column(String(200))
    """Empty where texts are not numbered by session."""
    identifier: Mapped[str] = mapped_column(String(200))
    search: Mapped[str] = mapped_column(Text)
    """Name, titles, notes and citation, case folded."""
    document: Mapped[str] = mapped_column(Text)
    """``domain.vehicle_record`` as JSON."""
