"""All SQL on exchange rates and price indices."""

from app.fx.store.imported import (
    find_last_day_imported,
    find_last_import,
    find_table,
    insert_import,
    list_imports,
    list_labels,
    list_prices,
    select_imported,
)
from app.fx.store.listing import list_rates
from app.fx.store.reference import (
    find_last_day,
    find_last_day_known,
    insert_load,
    insert_rates,
    select_series,
)

__all__ = [
    "find_last_day",
    "find_last_day_imported",
    "find_last_day_known",
    "find_last_import",
    "find_table",
    "insert_import",
    "insert_load",
    "insert_rates",
    "list_imports",
    "list_labels",
    "list_prices",
    "list_rates",
    "select_imported",
    "select_series",
]
