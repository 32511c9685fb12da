"""Loads reference rates into the ledger and takes out what an answer needs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.db import ReadSession, WriteSession
from app.fx import ecb, store
from app.fx.domain import EURO, MAX_AGE_DAYS, RateBook
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.kernel.dates import Span


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did.

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
    rows = [(*row, ecb.SOURCE) for row in reference.published_after(held_until)]
    if rows:
        # Under the lock, so that no revision is both asked for before this load and counted as knowing it.
        since = journal.lock_revision(session) + 1 if held_until else 0
        store.insert_load(session, reference.days[-1], since)
        store.insert_rates(session, rows)
    return LoadResult(len(rows), reference.days[0], reference.days[-1])


def find_last_day(session: ReadSession, snapshot: Snapshot) -> date | None:
    """The last day with a published rate: converted figures change when it does.

    What is asked about a named moment knows the rates that were known then, and no later ones.
    """
    if snapshot.is_named:
        known = store.find_last_day_known(session, snapshot.revision)
        return known or store.find_last_day(session)
    return store.find_last_day(session)


def load_book(
    session: ReadSession, currencies: Iterable[str], first: date, last: date, snapshot: Snapshot
) -> RateBook:
    """The rates for converting amounts dated from ``first`` to ``last``, both included.

    Args:
        session: where the rates are held.
        currencies: the codes of all amounts and of the target; the euro may be among them.
        first: the earliest day of any amount.
        last: the latest.
        snapshot: the state of the ledger that the amounts are of; it decides which rates are known.
    """
    wanted = frozenset(currencies) - {EURO}
    ends_on = find_last_day(session, snapshot)
    found = _select_series(session, wanted, first, last, ends_on)
    series = {currency: found.get(currency, []) for currency in wanted}
    return RateBook(series, span=Span(first, last), ends_on=ends_on)


def list_rates(
    session: ReadSession, currencies: Iterable[str], first: date, last: date, snapshot: Snapshot
) -> dict[str, list[str]]:
    """By currency, all published rates that amounts dated from ``first`` to ``last`` can take.

    Each is ``"2023-11-14 7.4580"``: the day, and units of the currency for one euro. In the order of the days.
    """
    found = _select_series(
        session, frozenset(currencies) - {EURO}, first, last, find_last_day(session, snapshot)
    )
    return {currency: sorted(rates) for currency, rates in found.items()}


def _select_series(
    session: ReadSession, wanted: Collection[str], first: date, last: date, ends_on: date | None
) -> dict[str, list[str]]:
    # Amounts that are newer than all rates take the last ones, so these must be among them.
    oldest = min(first, ends_on or first) - timedelta(days=MAX_AGE_DAYS)
    newest = min(last, ends_on or last)
    return store.select_series(session, wanted, oldest, newest) if wanted else {}
