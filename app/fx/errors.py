"""What conversion refuses."""

from datetime import date

from app.kernel.errors import Finding, InvalidError


class NoExchangeRateError(InvalidError):
    """An amount cannot be converted, because no reference rate is known for its currency and day.

    Attributes:
        currency: ISO 4217 code.
        on: the day that a rate was asked for.
    """

    def __init__(self, currency: str, on: date) -> None:
        detail = (
            f"There is no exchange rate of {currency} for {on.isoformat()};"
            " ask with currency=native for amounts that are not converted."
        )
        facts = {"currency": currency, "on": on.isoformat()}
        super().__init__([Finding("?currency", "no-exchange-rate", detail, facts)])
        self.currency = currency
        self.on = on
