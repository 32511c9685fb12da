"""Snapshots of the posting sums: derived from postings, and read by totals of the past. They can be rebuilt."""

from datetime import date

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigSum, Revision


class PostingSnapshotRow(Base):
    """The sums of all postings of one cell up to a revision: the roll-up as it stood then."""

    __tablename__ = "posting_snapshot"
    # SQLite keeps the rows in the primary key: one stage of one snapshot lies in one piece.
    __table_args__ = ({"sqlite_with_rowid": False},)

    revision: Mapped[int] = mapped_column(Revision, primary_key=True, autoincrement=False)
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


class CompleteSnapshotRow(Base):
    """A snapshot that is whole. Its rows are written in many short transactions, and this one after the last."""

    __tablename__ = "complete_snapshot"

    revision: Mapped[int] = mapped_column(Revision, primary_key=True, autoincrement=False)
    cells: Mapped[int] = mapped_column(BigInteger)
    """How many rows it has."""
