"""Published series as they are known: later imports over earlier ones, the central bank's apart from all others."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from app.fx.domain.imports import SeriesPart
from app.fx.domain.rates import ECB

# By currency, its rates as texts, each beginning with its ISO day and a blank.
Series = dict[str, list[str]]


def overlay(
    series: Mapping[str, Iterable[str]], parts: Iterable[SeriesPart]
) -> tuple[Series, Series]:
    """What is known of the European Central Bank's rates, and of all others.

    Args:
        series: the bank's, as the package has them.
        parts: what was imported, oldest first; of one day, the last import stands.

    Returns:
        The bank's, each as ``"2023-11-14 7.4580"``, and the others', each as ``"2023-11-14 38.9 NBU"``.
    """
    parts = list(parts)
    bank = {currency: list(rates) for currency, rates in series.items()}
    others: Series = {}
    for currency in {part.currency for part in parts}:
        of_currency = [part for part in parts if part.currency == currency]
        corrections = [part for part in of_currency if part.source == ECB]
        foreign = [part for part in of_currency if part.source != ECB]
        if corrections:
            days = {line[:10]: line for line in bank.get(currency, ())}
            days |= {line[:10]: line for part in corrections for line in part.rates}
            bank[currency] = list(days.values())
        if foreign:
            lines = {line[:10]: f"{line} {part.source}" for part in foreign for line in part.rates}
            others[currency] = list(lines.values())
    return bank, others


def by_day(series: Mapping[str, Iterable[str]]) -> dict[str, dict[date, Decimal]]:
    """The same, by currency and day."""
    return {
        currency: {date.fromisoformat(line[:10]): Decimal(line.split(" ", 2)[1]) for line in lines}
        for currency, lines in series.items()
    }
