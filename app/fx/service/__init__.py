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
from app.fx.service.files import (
    GivenFile,
    read_rates,
    record_prices_file,
    record_quotes,
    record_release,
)
from app.fx.service.listing import (
    KnownSources,
    find_horizon,
    iter_rates,
    list_rates_page,
    list_sources,
)
from app.fx.service.recording import (
    LoadResult,
    load_reference_rates,
    record_prices,
    record_rates,
    record_table,
)

__all__ = [
    "GivenFile",
    "KnownSources",
    "LoadResult",
    "describe_state",
    "find_horizon",
    "find_last_day",
    "get_table",
    "iter_rates",
    "list_rates",
    "list_rates_page",
    "list_sources",
    "load_book",
    "load_deflator",
    "load_reference_rates",
    "open_book",
    "read_rates",
    "record_prices",
    "record_prices_file",
    "record_quotes",
    "record_rates",
    "record_release",
    "record_table",
]
