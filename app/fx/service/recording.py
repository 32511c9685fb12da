"""Loads rates and prices into the ledger: those of the installed package, and those of files. Nothing is replaced."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.db import ReadSession, WriteSession
from app.fx import ecb, store
from app.fx.domain import ECB, EURO, RateTable
from app.fx.domain.imports import (
    Correction,
    DayRate,
    ImportKind,
    ImportOutcome,
    Provenance,
    RateImport,
    check_table,
    compare,
)
from app.fx.domain.known import Series, by_day, overlay
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.journal.service import Head
from app.kernel.clock import Clock
from app.kernel.dates import UNDATED, year_span

# What is loaded is compared with all that is known now.
_NOW = Snapshot(0, None, is_head=True)


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load of the package's rates did.

    Attributes:
        rows: how many rates were new, and are now in the ledger.
        first_day: the first day of the package's rates.
        last_day: their last day.
    """

    rows: int
    first_day: date
    last_day: date


def load_reference_rates(session: WriteSession) -> LoadResult:
    """Insert the reference rates of the days after those already held; at first, all of them.

    Doing it again changes nothing, and a renewed package adds its new days. A published rate is
    never replaced. Of two first loads at once, the primary key refuses the second.
    """
    reference = ecb.read_reference_rates()
    held_until = store.find_last_day(session)
    rows = [(*row, ECB) for row in reference.published_after(held_until)]
    if rows:
        # Under the lock, so that no revision is both asked for before this load and counted as knowing it.
        since = journal.lock_revision(session) + 1 if held_until else 0
        store.insert_load(session, reference.days[-1], since)
        store.insert_rates(session, rows)
    return LoadResult(len(rows), reference.days[0], reference.days[-1])


def record_rates(
    session: WriteSession, rates: Sequence[DayRate], given: Provenance, clock: Clock
) -> ImportOutcome:
    """Record what rates of many days say beyond what is known of their source.

    A rate that is known otherwise is corrected: by a new row, which answers about moments before now do not see. What
    is known already is not recorded again, so a second time changes nothing.

    Args:
        session: the transaction; the caller commits it, and rolls it back for a trial.
        rates: no two of one currency and day.
        given: where they come from; what ``ECB`` publishes goes before the rates of all other sources.
        clock: tells the instant of recording.
    """
    head = journal.lock(session, clock)
    held = _list_held(session, {rate.currency for rate in rates}, given.source)
    fresh, corrected = compare(rates, by_day(held))
    recorded = None
    if fresh:
        days = [rate.on for rate in fresh]
        recorded = replace(
            _describe(session, head, given, ImportKind.SERIES),
            rows=len(fresh), first_day=min(days), last_day=max(days),
        )  # fmt: skip
        store.insert_import(session, recorded, rates=[_rate_row(*rate) for rate in fresh])
    unchanged = len(rates) - len(fresh)
    return _outcome(
        given, ImportKind.SERIES, len(fresh) - len(corrected), unchanged, recorded, corrected
    )


def record_table(
    session: WriteSession, table: RateTable, given: Provenance, clock: Clock
) -> ImportOutcome:
    """Record a table that gives each currency one rate; ``release:LABEL`` converts with it.

    A table of a name that is known is a correction of it as a whole, for answers about now and later. One that says
    the same is not recorded again.

    Args:
        session: the transaction; the caller commits it.
        table: its ``label`` is the name, ``[A-Za-z0-9][A-Za-z0-9._-]*``, at most 64 characters.
        given: where it comes from. Its label is not kept: the table has its own.
        clock: tells the instant of recording.

    Raises:
        ValueRefusedError: ``invalid-release-label`` or, of a rate or currency, what ``read_rate`` and
            ``get_currency`` refuse.
    """
    check_table(table)
    head = journal.lock(session, clock)
    given = replace(given, label=table.label)
    found = store.find_table(session, table.label, _NOW)
    held = {currency: Decimal(rate) for currency, rate in found[1].items()} if found else {}
    if (
        found
        and held == dict(table.rates)
        and (found[0].base, found[0].last_day) == (table.base, table.on)
    ):
        return _outcome(given, ImportKind.RELEASE, 0, len(held))
    corrected = tuple(
        Correction(currency, table.on, held[currency], rate)
        for currency, rate in sorted(table.rates.items())
        if currency in held and held[currency] != rate
    )
    recorded = replace(
        _describe(session, head, given, ImportKind.RELEASE),
        base=table.base, rows=len(table.rates), first_day=table.on, last_day=table.on,
    )  # fmt: skip
    rows = [_rate_row(currency, table.on, rate) for currency, rate in sorted(table.rates.items())]
    store.insert_import(session, recorded, rates=rows)
    new = len(table.rates.keys() - held.keys())
    unchanged = len(table.rates) - new - len(corrected)
    return _outcome(given, ImportKind.RELEASE, new, unchanged, recorded, corrected)


def record_prices(
    session: WriteSession,
    currency: str,
    values: Mapping[int, Decimal],
    given: Provenance,
    clock: Clock,
) -> ImportOutcome:
    """Record a yearly index of prices in a currency; it takes the place of the one before it as a whole.

    Indices are rebased from time to time, so years of two of them are never mixed.

    Args:
        session: the transaction; the caller commits it.
        currency: ISO 4217 code.
        values: by year, above zero; at least one.
        given: where it comes from.
        clock: tells the instant of recording.
    """
    head = journal.lock(session, clock)
    found = store.list_prices(session, currency, _NOW)
    held = {year: Decimal(value) for year, value in found[1].items()} if found else {}
    if found and held == dict(values) and found[0].label == given.label:
        return _outcome(given, ImportKind.PRICES, 0, len(held))
    recorded = replace(
        _describe(session, head, given, ImportKind.PRICES),
        base=currency, rows=len(values),
        first_day=year_span(min(values)).first, last_day=year_span(max(values)).last,
    )  # fmt: skip
    rows = [{"year": year, "value": f"{value:f}"} for year, value in sorted(values.items())]
    store.insert_import(session, recorded, prices=rows)
    return _outcome(given, ImportKind.PRICES, len(values), 0, recorded)


def _list_held(session: ReadSession, currencies: Collection[str], source: str) -> Series:
    """What is known now of what a source publishes."""
    first, last = UNDATED.first, UNDATED.last
    parts = store.select_imported(session, currencies, first, last, _NOW)
    own = [part for part in parts if part.source == source]
    if source == ECB:
        return overlay(store.select_series(session, currencies, first, last), own)[0]
    return overlay({}, own)[1]


def _describe(session: WriteSession, head: Head, given: Provenance, kind: ImportKind) -> RateImport:
    """The import that comes next, yet without rows."""
    return RateImport(
        id=store.find_last_import(session, _NOW) + 1,
        kind=kind,
        source=given.source,
        label=given.label,
        base=EURO,
        rows=0,
        first_day=UNDATED.first,
        last_day=UNDATED.last,
        sha256=given.sha256,
        imported_at=head.now,
        imported_by=given.actor,
        since_revision=head.revision + 1,
    )


def _rate_row(currency: str, on: date, rate: Decimal) -> dict[str, object]:
    return {"currency": currency, "on_day": on, "rate": f"{rate:f}"}


def _outcome(
    given: Provenance,
    kind: ImportKind,
    new: int,
    unchanged: int,
    recorded: RateImport | None = None,
    corrected: tuple[Correction, ...] = (),
) -> ImportOutcome:
    return ImportOutcome(
        kind=kind,
        source=given.source,
        label=given.label,
        sha256=given.sha256,
        new=new,
        unchanged=unchanged,
        corrected=corrected,
        recorded=recorded,
    )
