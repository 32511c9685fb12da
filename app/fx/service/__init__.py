"""What one can do with rates: load them, find what an answer needs, list what is known."""

from app.fx.service.books import (
    describe_state,
    find_last_day,
    get_table,
    list_rates,
    load_book,
    load_deflator,
    open_book,
)
from app.fx.service.recording import (
    LoadResult,
    load_reference_rates,
    record_prices,
    record_rates,
    record_table,
)

__all__ = [
    "LoadResult",
    "describe_state",
    "find_last_day",
    "get_table",
    "list_rates",
    "load_book",
    "load_deflator",
    "load_reference_rates",
    "open_book",
    "record_prices",
    "record_rates",
    "record_table",
]
