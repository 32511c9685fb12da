"""Lists what is known: rate by rate, and where all of it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.db import ReadSession
from app.fx import store
from app.fx.domain.imports import RateImport
from app.fx.domain.listing import Horizon, ListedRate, RateFilters
from app.fx.service.books import find_last_day_loaded
from app.journal.domain import Snapshot

_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class KnownSources:
    """Where the known rates come from.

    Attributes:
        loaded_until: the last day of the package's rates.
        imports: oldest first.
    """

    loaded_until: date | None
    imports: tuple[RateImport, ...]


def find_horizon(session: ReadSession, snapshot: Snapshot) -> Horizon:
    """How far what is known at the snapshot reaches."""
    return Horizon(
        store.find_last_import(session, snapshot), find_last_day_loaded(session, snapshot)
    )


def list_rates_page(
    session: ReadSession,
    filters: RateFilters,
    snapshot: Snapshot,
    horizon: Horizon,
    *,
    after: tuple[str, date, str] | None,
    limit: int,
) -> tuple[list[ListedRate], bool]:
    """One page of the rates that stand, and whether more follow."""
    page = store.list_rates(session, filters, snapshot, horizon, after=after, limit=limit + 1)
    return page[:limit], len(page) > limit


def iter_rates(
    session: ReadSession, filters: RateFilters, snapshot: Snapshot, horizon: Horizon
) -> Iterator[ListedRate]:
    """All rates that stand, in order."""
    after: tuple[str, date, str] | None = None
    more = True
    while more:
        page, more = list_rates_page(session, filters, snapshot, horizon, after=after, limit=_BATCH)
        yield from page
        after = page[-1].key if page else None


def list_sources(session: ReadSession, snapshot: Snapshot) -> KnownSources:
    """Where the rates and prices that are known come from."""
    loaded_until = find_last_day_loaded(session, snapshot)
    return KnownSources(loaded_until, tuple(store.list_imports(session, snapshot)))
