"""Lists the rates that stand: of the package and of imports alike, each the last that is known of its day."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, select

from app.db import ReadSession, table_of
from app.fx.domain import ECB
from app.fx.domain.imports import ImportKind
from app.fx.domain.listing import Horizon, ListedRate, RateFilters
from app.fx.store.imported import is_known
from app.fx.tables import FxImportRow, FxRateRow, ImportedRateRow
from app.journal.domain import Snapshot

_PACKAGE: Final = table_of(FxRateRow)
_IMPORT: Final = table_of(FxImportRow)
_RATE: Final = table_of(ImportedRateRow)
_LATER_IMPORT: Final = _IMPORT.alias("later_import")
_LATER_RATE: Final = _RATE.alias("later_rate")
Key = tuple[str, date, str]


def list_rates(
    session: ReadSession,
    filters: RateFilters,
    snapshot: Snapshot,
    horizon: Horizon,
    *,
    after: Key | None,
    limit: int,
) -> list[ListedRate]:
    """Up to ``limit`` rates behind a key, by currency, day and source.

    Both kinds are read up to the limit and merged here, so that each walks an index of its own.
    """
    found = [
        ListedRate(*row)
        for statement in (
            _of_package(filters, snapshot, horizon, after),
            _of_imports(filters, snapshot, horizon, after),
        )
        for row in session.execute(statement.limit(limit))
    ]
    return sorted(found, key=lambda rate: rate.key)[:limit]


def _of_package(
    filters: RateFilters, snapshot: Snapshot, horizon: Horizon, after: Key | None
) -> Select[Any]:
    columns = _PACKAGE.c
    source = literal(ECB)
    known = false() if horizon.loaded_until is None else columns.on_day <= horizon.loaded_until
    corrected = _is_corrected(
        columns.currency, columns.on_day, source, literal(0), snapshot, horizon
    )
    return (
        select(columns.currency, columns.on_day, source, columns.rate, literal(None))
        .where(known, ~corrected, *_conditions(filters, columns, ECB, after))
        .order_by(columns.currency, columns.on_day)
    )


def _of_imports(
    filters: RateFilters, snapshot: Snapshot, horizon: Horizon, after: Key | None
) -> Select[Any]:
    columns, source = _RATE.c, _IMPORT.c.source
    corrected = _is_corrected(
        columns.currency, columns.on_day, source, _IMPORT.c.id, snapshot, horizon
    )
    return (
        select(columns.currency, columns.on_day, source, columns.rate, _IMPORT.c.id)
        .join(_IMPORT, _IMPORT.c.id == columns.import_id)
        .where(
            _IMPORT.c.kind == ImportKind.SERIES.value,
            _IMPORT.c.id <= horizon.last_import,
            *is_known(_IMPORT, snapshot),
            ~corrected,
            *_conditions(filters, columns, source, after),
        )
        .order_by(columns.currency, columns.on_day, source)
    )


def _is_corrected(
    currency: ColumnElement[str],
    on: ColumnElement[date],
    source: ColumnElement[str],
    import_id: ColumnElement[int],
    snapshot: Snapshot,
    horizon: Horizon,
) -> ColumnElement[bool]:
    """Whether a later import holds the rate of the same currency, day and source."""
    return exists().where(
        _LATER_RATE.c.currency == currency,
        _LATER_RATE.c.on_day == on,
        _LATER_IMPORT.c.id == _LATER_RATE.c.import_id,
        _LATER_IMPORT.c.kind == ImportKind.SERIES.value,
        _LATER_IMPORT.c.source == source,
        _LATER_IMPORT.c.id > import_id,
        _LATER_IMPORT.c.id <= horizon.last_import,
        *is_known(_LATER_IMPORT, snapshot),
    )


def _conditions(
    filters: RateFilters, columns: Any, source: Any, after: Key | None
) -> Iterator[ColumnElement[bool]]:
    """What the filters and the page ask of a rate; ``source`` is a column, or the one that all rows have."""
    if filters.currencies:
        yield columns.currency.in_(filters.currencies)
    if filters.first:
        yield columns.on_day >= filters.first
    if filters.last:
        yield columns.on_day <= filters.last
    column = literal(source) if isinstance(source, str) else source
    if filters.sources:
        yield column.in_(filters.sources)
    if after:
        currency, on, name = after
        same_currency = columns.currency == currency
        yield or_(
            columns.currency > currency,
            and_(same_currency, columns.on_day > on),
            and_(same_currency, columns.on_day == on, column > name),
        )
