"""The tables of exchange rates."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Revision


class FxRateRow(Base):
    """One published rate: what one euro was worth in ``currency`` on a working day.

    The rate is the text as published, because its number of decimals differs by currency and year,
    and because neither database then has a chance to make a float of it.
    """

    __tablename__ = "fx_rate"
    # SQLite keeps the rows in the primary key: a range of a currency's days lies in one piece.
    __table_args__ = ({"sqlite_with_rowid": False},)

    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(64))


class RateLoadRow(Base):
    """A load of new rates, and the revision since which answers about a named moment know of them.

    So the ledger as of a revision is converted for ever with the rates that were known by then. The first load
    is known from the beginning.
    """

    __tablename__ = "rate_load"

    last_day: Mapped[date] = mapped_column(primary_key=True)
    since_revision: Mapped[int] = mapped_column(Revision)
