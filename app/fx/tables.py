"""The tables of exchange rates and price indices. All are append-only: what was known once stays known."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant, Revision


class FxRateRow(Base):
    """One published rate of the installed package: what one euro was worth in ``currency`` on a working day.

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
    """A load of the package's new rates, and the revision since which answers about a named moment know of them.

    So the ledger as of a revision is converted for ever with the rates that were known by then. The first load
    is known from the beginning.
    """

    __tablename__ = "rate_load"

    last_day: Mapped[date] = mapped_column(primary_key=True)
    since_revision: Mapped[int] = mapped_column(Revision)


class FxImportRow(Base):
    """Rates or prices that somebody loaded: from which file, when, by whom, and since when they are known.

    An answer about a named revision knows the imports with ``since_revision`` at or before it; one about a named
    instant those of ``imported_at`` at or before that.
    """

    __tablename__ = "fx_import"
    __table_args__ = (
        CheckConstraint("kind in ('series', 'release', 'prices')", name="kind"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    id: Mapped[int] = mapped_column(Revision, primary_key=True, autoincrement=False)
    """1, 2, 3, ... in the order of loading; given under the journal's lock."""
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(64))
    """Who publishes it: ``ECB``, ``NBU``."""
    label: Mapped[str] = mapped_column(String(200))
    """Of a release its name, by which a policy asks for it; else the file's name or what it was called."""
    base: Mapped[str] = mapped_column(String(3))
    """Rates are of one unit of it; of prices, the currency that they are in."""
    rows: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file's bytes, hexadecimal."""
    imported_at: Mapped[datetime] = mapped_column(Instant)
    imported_by: Mapped[str] = mapped_column(String(100))
    since_revision: Mapped[int] = mapped_column(Revision)


class ImportedRateRow(Base):
    """One rate of an import: units of ``currency`` for one unit of the import's base. Text, as published."""

    __tablename__ = "imported_rate"
    __table_args__ = (
        Index("ix_imported_rate_currency_day", "currency", "on_day"),
        {"sqlite_with_rowid": False},
    )

    import_id: Mapped[int] = mapped_column(Revision, primary_key=True, autoincrement=False)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[str] = mapped_column(String(32))


class PriceIndexRow(Base):
    """The price index of one year, of an import of kind ``prices``."""

    __tablename__ = "price_index"
    __table_args__ = ({"sqlite_with_rowid": False},)

    import_id: Mapped[int] = mapped_column(Revision, primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(String(32))
