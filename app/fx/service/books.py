"""Takes out of the ledger what an answer needs to convert, as it was known at the moment that it is about."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from app.db import ReadSession
from app.fx import store
from app.fx.domain import (
    ECB,
    EURO,
    MAX_AGE_DAYS,
    Book,
    Deflator,
    FixedDayBook,
    MonthlyBook,
    Policy,
    PolicyKind,
    PriceIndex,
    RateBook,
    RateTable,
    TableBook,
)
from app.fx.domain.known import Series, overlay
from app.fx.errors import NoPriceIndexError, UnknownReleaseError
from app.journal.domain import Snapshot
from app.kernel.dates import Span, month_span

B = TypeVar("B", bound=RateBook)
_MONTH: Final = 31


@dataclass(frozen=True, slots=True)
class KnownRates:
    """What is known of some currencies.

    Attributes:
        bank: the European Central Bank's rates, each as ``"2023-11-14 7.4580"``.
        others: those of other sources, each as ``"2023-11-14 38.9 NBU"``.
        ends_on: the last day of all the bank's rates.
    """

    bank: Series
    others: Series
    ends_on: date | None


def find_last_day(session: ReadSession, snapshot: Snapshot) -> date | None:
    """The last day with a published rate: converted figures change when it does.

    What is asked about a named moment knows the rates that were known then, and no later ones.
    """
    return _find_last_days(session, snapshot)[1]


def describe_state(session: ReadSession, snapshot: Snapshot) -> str:
    """What tells two states of all that conversion depends on apart: a part of the validator of a converted answer."""
    last_day, last_import = (
        find_last_day(session, snapshot),
        store.find_last_import(session, snapshot),
    )
    return f"{last_day} {last_import}" if last_import else str(last_day)


def load_book(
    session: ReadSession,
    currencies: Iterable[str],
    first: date,
    last: date,
    snapshot: Snapshot,
) -> RateBook:
    """The rates for converting amounts dated from ``first`` to ``last``, both included, each at that of its own day.

    Args:
        session: where the rates are held.
        currencies: the codes of all amounts and of the target; the euro may be among them.
        first: the earliest day of any amount.
        last: the latest.
        snapshot: the state of the ledger that the amounts are of; it decides which rates are known.
    """
    return _open(RateBook, session, currencies, Span(first, last), snapshot)


def open_book(
    session: ReadSession,
    policy: Policy,
    currencies: Iterable[str],
    span: Span,
    snapshot: Snapshot,
) -> Book:
    """As ``load_book``, by a policy. By announcement, the days of ``span`` are those of announcements.

    Raises:
        UnknownReleaseError: no table of the policy's name is known.
    """
    match policy.kind:
        case PolicyKind.EFFECTIVE | PolicyKind.ANNOUNCEMENT:
            return _open(RateBook, session, currencies, span, snapshot)
        case PolicyKind.MONTH_AVERAGE:
            months = Span(
                span.first.replace(day=1), month_span(span.last.year, span.last.month).last
            )
            return _open(MonthlyBook, session, currencies, months, snapshot)
        case PolicyKind.FIXED:
            assert policy.on is not None  # noqa: S101 -- a fixed policy names its day
            return _open(FixedDayBook, session, currencies, Span(policy.on, policy.on), snapshot)
        case PolicyKind.RELEASE:
            assert policy.label is not None  # noqa: S101 -- a policy of a release names it
            return TableBook(get_table(session, policy.label, snapshot))


def get_table(session: ReadSession, label: str, snapshot: Snapshot) -> RateTable:
    """The table of rates of this name, as it was last recorded.

    Raises:
        UnknownReleaseError: none of this name is known.
    """
    found = store.find_table(session, label, snapshot)
    if found is None:
        raise UnknownReleaseError(store.list_labels(session, snapshot))
    made, rates = found
    return RateTable(
        label=made.label,
        base=made.base,
        on=made.last_day,
        source=made.source,
        rates={currency: Decimal(rate) for currency, rate in rates.items()},
    )


def load_deflator(session: ReadSession, currency: str, year: int, snapshot: Snapshot) -> Deflator:
    """What restates amounts in the prices of ``year``, by the last index of prices in this currency.

    Raises:
        NoPriceIndexError: there is no such index, or it does not know the year.
    """
    found = store.list_prices(session, currency, snapshot)
    if found is None:
        raise NoPriceIndexError(currency, None)
    made, values = found
    index = PriceIndex(
        currency=currency,
        source=made.source,
        label=made.label,
        import_id=made.id,
        values={of: Decimal(value) for of, value in values.items()},
    )
    return Deflator(index, year)


def list_rates(
    session: ReadSession, currencies: Iterable[str], first: date, last: date, snapshot: Snapshot
) -> dict[str, list[tuple[str, str, str]]]:
    """By currency, all known rates that amounts dated from ``first`` to ``last`` can take, in the order of the days.

    Each is an ISO day, units of the currency for one euro as published, and who published it.
    """
    known = load_known(session, frozenset(currencies) - {EURO}, Span(first, last), snapshot)
    listed: dict[str, list[tuple[str, str, str]]] = {}
    for series in (known.bank, known.others):
        for currency, lines in series.items():
            parts = (line.split(" ", 2) for line in sorted(lines))
            listed.setdefault(currency, []).extend(
                (one[0], one[1], (*one, ECB)[2]) for one in parts
            )
    return {currency: sorted(rates) for currency, rates in listed.items()}


def load_known(
    session: ReadSession, currencies: Collection[str], span: Span, snapshot: Snapshot
) -> KnownRates:
    """All that is known of these currencies in a span, and what amounts of the span can reach back to."""
    loaded_until, ends_on = _find_last_days(session, snapshot)
    if not currencies:
        return KnownRates({}, {}, ends_on)
    # Amounts that are newer than all rates take the last ones, or those of the last month: these must be among them.
    reach = min(span.first, ends_on - timedelta(days=_MONTH) if ends_on else span.first)
    oldest = reach - timedelta(days=MAX_AGE_DAYS)
    newest = min(span.last, loaded_until or span.last)
    series = store.select_series(session, currencies, oldest, newest)
    parts = store.select_imported(session, currencies, oldest, span.last, snapshot)
    bank, others = overlay(series, parts)
    return KnownRates(bank, others, ends_on)


def _open(
    kind: type[B], session: ReadSession, currencies: Iterable[str], span: Span, snapshot: Snapshot
) -> B:
    wanted = frozenset(currencies) - {EURO}
    known = load_known(session, wanted, span, snapshot)
    series = {currency: known.bank.get(currency, []) for currency in wanted}
    return kind(series, span=span, ends_on=known.ends_on, others=known.others)


def find_last_day_loaded(session: ReadSession, snapshot: Snapshot) -> date | None:
    """The last day of the package's rates."""
    known = None
    if snapshot.is_named:
        known = store.find_last_day_known(session, snapshot.revision)
    return known or store.find_last_day(session)


def _find_last_days(session: ReadSession, snapshot: Snapshot) -> tuple[date | None, date | None]:
    """The last day of the package's rates, and that of all of the bank's, the imported ones too."""
    loaded = find_last_day_loaded(session, snapshot)
    imported = store.find_last_day_imported(session, snapshot)
    return loaded, max((day for day in (loaded, imported) if day), default=None)
