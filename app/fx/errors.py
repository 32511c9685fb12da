"""What conversion refuses."""

from collections.abc import Sequence
from datetime import date

from app.kernel.errors import Finding, InvalidError

_WAY_OUT = "ask with currency=native for amounts that are not converted."


class NoExchangeRateError(InvalidError):
    """An amount cannot be converted, because no rate is known for its currency and day.

    Attributes:
        currency: ISO 4217 code.
        on: the day that a rate was asked for; of a release, the day of its table.
        release: the table that lacks the currency, where one was asked for.
    """

    def __init__(self, currency: str, on: date, *, release: str | None = None) -> None:
        facts: dict[str, object] = {"currency": currency, "on": on.isoformat()}
        if release is None:
            detail = f"There is no exchange rate of {currency} for {on.isoformat()}; {_WAY_OUT}"
        else:
            detail = (
                f"The table of release {release} has no exchange rate of {currency}; {_WAY_OUT}"
            )
            facts["release"] = release
        super().__init__([Finding("?currency", "no-exchange-rate", detail, facts)])
        self.currency = currency
        self.on = on
        self.release = release


class UnknownReleaseError(InvalidError):
    """No table of rates bears this name, or none did at the moment that is asked about."""

    def __init__(self, known: Sequence[str]) -> None:
        detail = "There is no table of exchange rates of this name."
        super().__init__([Finding("?fx", "unknown-release", detail, {"known": list(known)})])


class NoPriceIndexError(InvalidError):
    """An amount cannot be restated in the prices of another year.

    Attributes:
        currency: whose prices are asked for.
        year: the year that the index does not know; ``None`` where there is no index at all.
    """

    def __init__(self, currency: str, year: int | None) -> None:
        what = f"for {year}" if year is not None else "at all"
        detail = (
            f"There is no index of prices in {currency} {what}; leave `prices` out, or load one."
        )
        facts = {"currency": currency, "year": year}
        super().__init__([Finding("?prices", "no-price-index", detail, facts)])
        self.currency = currency
        self.year = year
