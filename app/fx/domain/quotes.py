"""Reads single quotes, and makes of many what can be recorded: series of the euro, or the table of a release."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.fx.domain.imports import DayRate, QuotedRate, read_rate
from app.fx.domain.rates import EURO, RateTable
from app.kernel.currencies import get_currency
from app.kernel.dates import day_span, parse_day, refuse_future
from app.kernel.errors import Finding, InvalidError
from app.kernel.findings import Collector

# So many findings help; a file of another kind has one on every line.
MAX_FINDINGS: Final = 100


@dataclass(frozen=True, slots=True)
class QuoteText:
    """A quote as it is written."""

    on: str
    base: str
    quote: str
    rate: str
    source: str | None = None


def read_quote(
    collector: Collector,
    pointer: str,
    text: QuoteText,
    today: date,
    read_source: Callable[[str], str],
) -> QuotedRate | None:
    """The quote, or ``None`` with findings noted under ``pointer``."""
    on = collector.find(lambda given: read_past_day(given, today), f"{pointer}/on", text.on)
    base = collector.find(get_currency, f"{pointer}/base", text.base)
    quote = collector.find(get_currency, f"{pointer}/quote", text.quote)
    value = collector.find(read_rate, f"{pointer}/rate", text.rate)
    source = collector.find(read_source, f"{pointer}/source", text.source)
    if on is None or base is None or quote is None or value is None:
        return None
    if base == quote:
        collector.note(f"{pointer}/quote", "same-currency", "A currency has no rate in itself.")
        return None
    return QuotedRate(pointer, on, base.code, quote.code, value, source)


def read_past_day(text: str, today: date) -> date:
    """A day that has come; one day of grace, because it is already tomorrow somewhere.

    Raises:
        ValueRefusedError: ``invalid-date``, ``date-out-of-range`` or ``date-in-future``.
    """
    return refuse_future(day_span(parse_day(text)), today).first


def series_by_source(quotes: Iterable[QuotedRate], source: str | None) -> dict[str, list[DayRate]]:
    """The quotes as rates of one euro, by who publishes them.

    Args:
        quotes: in any order.
        source: of those beside which none stands.

    Raises:
        InvalidError: ``base-not-euro``, ``repeated-rate`` or ``source-required``; nothing to record: ``no-rates``.
    """
    collector = Collector()
    found: defaultdict[str, dict[tuple[str, date], DayRate]] = defaultdict(dict)
    for quote in quotes:
        named = quote.source or source
        if named is None:
            collector.note(quote.pointer, "source-required", "Say who publishes the rate.")
            continue
        if quote.base != EURO:
            collector.note(
                f"{quote.pointer}/base", "base-not-euro",
                "Rates of many days are units of a currency for one euro: base is EUR.",
            )  # fmt: skip
            continue
        key = (quote.quote, quote.on)
        if key in found[named]:
            collector.note(
                quote.pointer, "repeated-rate", "This currency has a rate of this day already."
            )
        found[named][key] = DayRate(quote.quote, quote.on, quote.value)
    finish(collector)
    _demand_rates(found)
    return {named: list(rates.values()) for named, rates in found.items()}


def table_of(quotes: Sequence[QuotedRate], label: str, source: str | None) -> RateTable:
    """The quotes as the table of a release.

    Raises:
        InvalidError: ``several-bases``, ``several-days``, ``repeated-rate`` or ``source-required``; nothing to
            record: ``no-rates``.
    """
    collector = Collector()
    _demand_rates(quotes)
    first = quotes[0]
    named = first.source or source
    if named is None:
        collector.note(first.pointer, "source-required", "Say who publishes the table.")
    rates = {}
    for quote in quotes:
        if quote.base != first.base:
            collector.note(f"{quote.pointer}/base", "several-bases", "A table has one base.")
        if quote.on != first.on:
            collector.note(f"{quote.pointer}/on", "several-days", "A table is of one day.")
        if quote.quote in rates:
            collector.note(quote.pointer, "repeated-rate", "This currency has a rate already.")
        rates[quote.quote] = quote.value
    finish(collector)
    return RateTable(label=label, base=first.base, on=first.on, source=named or "", rates=rates)


def finish(collector: Collector) -> None:
    """Raise what was collected, the first hundred of it.

    Raises:
        InvalidError: at least one value was refused.
    """
    count = len(collector.findings)
    if count:
        detail = None if count <= MAX_FINDINGS else f"{count} parts of the input were not accepted."
        raise InvalidError(collector.findings[:MAX_FINDINGS], detail)


def _demand_rates(found: Sequence[object] | Mapping[str, object]) -> None:
    if not found:
        raise InvalidError([Finding("", "no-rates", "There is no rate in it.")])
