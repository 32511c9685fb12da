"""The exchange rates of ledgers in tests: those that the package has, from some day on or up to some day."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from app.db import WriteSession
from app.fx import ecb, store
from app.fx.domain import ECB

# Those of the donors that most tests speak of, and one without minor units.
FEW: Final = ("DKK", "GBP", "JPY", "NOK", "USD")


def load_rates(
    session: WriteSession,
    *,
    since: date = date(2021, 1, 1),
    until: date | None = None,
    currencies: Collection[str] | None = None,
) -> None:
    """Load them as known from the beginning. By default those of twenty years before the war are left out.

    Args:
        session: where to load them.
        since: the first day.
        until: the last day, by default the last that the package has.
        currencies: by default all.
    """
    reference = ecb.read_reference_rates()
    last = until or reference.days[-1]
    rows = [
        (currency, day, rate, ECB)
        for currency, day, rate in reference.published_after(since - timedelta(days=1))
        if day <= last.isoformat() and (currencies is None or currency in currencies)
    ]
    store.insert_load(session, last, 0)
    store.insert_rates(session, rows)
