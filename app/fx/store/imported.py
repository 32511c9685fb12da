"""Writes and finds imports of rates and prices, as they were known at a moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Row, String, Table, cast, func, insert, select

from app.db import ReadSession, WriteSession, insert_rows, table_of
from app.fx.domain import ECB, YARDSTICK
from app.fx.domain.imports import ImportKind, RateImport, SeriesPart
from app.fx.tables import FxImportRow, ImportedRateRow, PriceIndexRow
from app.journal.domain import Snapshot

_IMPORT: Final = table_of(FxImportRow)
_RATE: Final = table_of(ImportedRateRow)
_PRICE: Final = table_of(PriceIndexRow)


def find_last_import(session: ReadSession, snapshot: Snapshot) -> int:
    """The number of the last import that is known; 0 where none is. Whatever depends on imports depends on it."""
    statement = select(func.max(_IMPORT.c.id)).where(*is_known(_IMPORT, snapshot))
    return session.execute(statement).scalar() or 0


def find_last_day_imported(session: ReadSession, snapshot: Snapshot) -> date | None:
    """The last day of the European Central Bank's rates that were imported; ``None`` where none were."""
    statement = (
        select(func.max(_RATE.c.on_day))
        .join(_IMPORT, _IMPORT.c.id == _RATE.c.import_id)
        .where(
            _RATE.c.currency == YARDSTICK,
            _IMPORT.c.kind == ImportKind.SERIES.value,
            _IMPORT.c.source == ECB,
            *is_known(_IMPORT, snapshot),
        )
    )
    last: date | None = session.execute(statement).scalar()
    return last


def list_imports(session: ReadSession, snapshot: Snapshot) -> list[RateImport]:
    """All imports that are known, oldest first."""
    statement = select(_IMPORT).where(*is_known(_IMPORT, snapshot)).order_by(_IMPORT.c.id)
    return [_read_import(row) for row in session.execute(statement)]


def select_imported(
    session: ReadSession, currencies: Iterable[str], first: date, last: date, snapshot: Snapshot
) -> list[SeriesPart]:
    """The imported series of these currencies from ``first`` to ``last`` included, oldest import first.

    A currency of an import travels as one text, see ``reference.select_series``.
    """
    day_and_rate = cast(_RATE.c.on_day, String).concat(" ").concat(_RATE.c.rate)
    statement = (
        select(
            _IMPORT.c.id,
            _IMPORT.c.source,
            _RATE.c.currency,
            func.aggregate_strings(day_and_rate, ",").label("rates"),
        )
        .join(_IMPORT, _IMPORT.c.id == _RATE.c.import_id)
        .where(
            _RATE.c.currency.in_(sorted(currencies)),
            _RATE.c.on_day.between(first, last),
            _IMPORT.c.kind == ImportKind.SERIES.value,
            *is_known(_IMPORT, snapshot),
        )
        .group_by(_IMPORT.c.id, _IMPORT.c.source, _RATE.c.currency)
        .order_by(_IMPORT.c.id)
    )
    return [
        SeriesPart(row.source, row.currency, row.rates.split(","))
        for row in session.execute(statement)
    ]


def find_table(
    session: ReadSession, label: str, snapshot: Snapshot
) -> tuple[RateImport, dict[str, str]] | None:
    """The last known table of this name, and its rates by currency; ``None`` where none is known."""
    found = _find_last(session, ImportKind.RELEASE, _IMPORT.c.label == label, snapshot)
    if found is None:
        return None
    statement = select(_RATE.c.currency, _RATE.c.rate).where(_RATE.c.import_id == found.id)
    return found, {row.currency: row.rate for row in session.execute(statement)}


def list_labels(session: ReadSession, snapshot: Snapshot) -> list[str]:
    """The names of all known tables."""
    statement = select(_IMPORT.c.label).distinct().order_by(_IMPORT.c.label)
    known = statement.where(
        _IMPORT.c.kind == ImportKind.RELEASE.value, *is_known(_IMPORT, snapshot)
    )
    return list(session.execute(known).scalars())


def list_prices(
    session: ReadSession, currency: str, snapshot: Snapshot
) -> tuple[RateImport, dict[int, str]] | None:
    """The last known index of prices in a currency, by year; ``None`` where none is known."""
    found = _find_last(session, ImportKind.PRICES, _IMPORT.c.base == currency, snapshot)
    if found is None:
        return None
    statement = select(_PRICE.c.year, _PRICE.c.value).where(_PRICE.c.import_id == found.id)
    return found, {row.year: row.value for row in session.execute(statement)}


def insert_import(
    session: WriteSession,
    made: RateImport,
    *,
    rates: Sequence[Mapping[str, Any]] = (),
    prices: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Insert an import with its rows; each row names its columns but ``import_id``."""
    values = {column.name: getattr(made, column.name) for column in _IMPORT.c}
    session.execute(insert(_IMPORT).values(values | {"kind": made.kind.value}))
    _insert(session, _RATE, made.id, rates)
    _insert(session, _PRICE, made.id, prices)


def _insert(
    session: WriteSession, table: Table, import_id: int, rows: Sequence[Mapping[str, Any]]
) -> None:
    if rows:
        insert_rows(session, table, [{"import_id": import_id, **row} for row in rows])


def _find_last(
    session: ReadSession, kind: ImportKind, condition: ColumnElement[bool], snapshot: Snapshot
) -> RateImport | None:
    statement = (
        select(_IMPORT)
        .where(_IMPORT.c.kind == kind.value, condition, *is_known(_IMPORT, snapshot))
        .order_by(_IMPORT.c.id.desc())
        .limit(1)
    )
    row = session.execute(statement).first()
    return None if row is None else _read_import(row)


def is_known(imports: FromClause, snapshot: Snapshot) -> Iterator[ColumnElement[bool]]:
    """Which rows of ``fx_import``, or of an alias of it, were known at the snapshot; about now, all are."""
    if snapshot.at is not None:
        yield imports.c.imported_at <= snapshot.at
    elif snapshot.is_named:
        yield imports.c.since_revision <= snapshot.revision


def _read_import(row: Row[Any]) -> RateImport:
    imported_at: datetime = row.imported_at
    return RateImport(
        id=row.id,
        kind=ImportKind(row.kind),
        source=row.source,
        label=row.label,
        base=row.base,
        rows=row.rows,
        first_day=row.first_day,
        last_day=row.last_day,
        sha256=row.sha256,
        imported_at=imported_at,
        imported_by=row.imported_by,
        since_revision=row.since_revision,
    )
