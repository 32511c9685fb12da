"""The tables of pledges. ``posting`` is append-only; ``pledge`` and ``rollup`` are derived and can be rebuilt."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigSum, Instant, Revision

# ``until_revision`` of the current version.
FOREVER: Final = 2**62


class PledgeRow(Base):
    """One version of a pledge, and the revisions during which it was the current one.

    The ledger as of revision N shows the rows with ``since_revision <= N < until_revision``.
    """

    __tablename__ = "pledge"
    __table_args__ = (
        Index(
            "uq_pledge_current_reference",
            "reference",
            unique=True,
            sqlite_where=text(f"until_revision = {FOREVER}"),
            postgresql_where=text(f"until_revision = {FOREVER}"),
        ),
        Index("ix_pledge_until_announced", "until_revision", "announced_first", "reference"),
        Index("ix_pledge_reference", "reference"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since_revision: Mapped[int] = mapped_column(Revision)
    until_revision: Mapped[int] = mapped_column(Revision)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    """When this version was recorded."""
    reference: Mapped[str] = mapped_column(String(64))
    donor: Mapped[str] = mapped_column(String(3))
    aid_type: Mapped[str] = mapped_column(String(16))
    instrument: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    announced_first: Mapped[date]
    """First day that the announcement may mean; the first day of all time when undated."""
    announced_last: Mapped[date]
    search: Mapped[str] = mapped_column(Text)
    """Title, reference and notes, case folded."""
    document: Mapped[str] = mapped_column(Text)
    """``domain.pledge_record`` as JSON."""
    stages: Mapped[str] = mapped_column(Text)
    """What stands at each stage, as decimal strings in JSON."""


class PostingRow(Base):
    """What an entry does to the totals: one signed effect. Never updated, never deleted."""

    __tablename__ = "posting"
    __table_args__ = (
        Index("ix_posting_stage_revision", "stage", "revision"),
        # A hidden rowid would be a second key, over which INSERT OR REPLACE could replace a row.
        {"sqlite_with_rowid": False},
    )

    revision: Mapped[int] = mapped_column(Revision, primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    pledge_id: Mapped[UUID] = mapped_column(index=True)
    donor: Mapped[str] = mapped_column(String(3))
    aid_type: Mapped[str] = mapped_column(String(16))
    instrument: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(16))
    currency: Mapped[str] = mapped_column(String(3))
    valued_on: Mapped[date]
    """The day whose exchange rate converts the amount."""
    first: Mapped[date]
    """First day of the effective date; the first day of all time when undated."""
    last: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    """Signed minor units."""
    pledges: Mapped[int] = mapped_column(SmallInteger)
    """Signed count mark, see ``domain.count_marks``."""
    unvalued: Mapped[int] = mapped_column(SmallInteger)
    implied: Mapped[bool]
    """A later stage brought it about; no source says so."""


class RollupRow(Base):
    """The sums of all postings of one cell: the totals of now."""

    __tablename__ = "rollup"

    stage: Mapped[str] = mapped_column(String(16), primary_key=True)
    donor: Mapped[str] = mapped_column(String(3), primary_key=True)
    aid_type: Mapped[str] = mapped_column(String(16), primary_key=True)
    instrument: Mapped[str] = mapped_column(String(16), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    valued_on: Mapped[date] = mapped_column(primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[date] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigSum)
    pledges: Mapped[int] = mapped_column(BigInteger)
    unvalued: Mapped[int] = mapped_column(BigInteger)


class ReferenceCounterRow(Base):
    """The last number given out for references such as ``DK-2023-0007``."""

    __tablename__ = "reference_counter"

    donor: Mapped[str] = mapped_column(String(3), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last_number: Mapped[int]
