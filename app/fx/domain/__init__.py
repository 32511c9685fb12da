"""The rules of conversion, pure: which rate applies by which policy, and what an amount is worth at it."""

from app.fx.domain.books import (
    MAX_AGE_DAYS,
    PROVISIONAL_DAYS,
    YARDSTICK,
    FixedDayBook,
    MonthlyBook,
    RateBook,
    TableBook,
)
from app.fx.domain.changeover import CHANGEOVERS, ConversionRate, find_conversion_rate
from app.fx.domain.policy import EFFECTIVE, Policy, PolicyKind, parse_policy
from app.fx.domain.prices import Deflator, PriceIndex
from app.fx.domain.rates import ECB, EURO, TARGETS, Book, Rate, RateTable, Valuation

__all__ = [
    "CHANGEOVERS",
    "ECB",
    "EFFECTIVE",
    "EURO",
    "MAX_AGE_DAYS",
    "PROVISIONAL_DAYS",
    "TARGETS",
    "YARDSTICK",
    "Book",
    "ConversionRate",
    "Deflator",
    "FixedDayBook",
    "MonthlyBook",
    "Policy",
    "PolicyKind",
    "PriceIndex",
    "Rate",
    "RateBook",
    "RateTable",
    "TableBook",
    "Valuation",
    "find_conversion_rate",
    "parse_policy",
]
