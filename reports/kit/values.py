"""What a cell may hold: text, a count, a day, an exact number with its pattern, or a formula with its result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Final, TypeAlias, overload

from app.pledges.domain.model import decimals_of
from reports.kit.formulas import Formula
from reports.kit.numbers import MAX_DIGITS, Number

DAY_PATTERN: Final = "yyyy-mm-dd"
MONTH_PATTERN: Final = "yyyy-mm"
# Whoever edits the cell gets a text too, whatever it looks like.
TEXT_PATTERN: Final = "@"
COUNT_PATTERN: Final = "#,##0"
YEAR_PATTERN: Final = "0"
# The day before the first of Excel's days, which counts a 29 February 1900 that never was.
_DAY_ZERO: Final = date(1899, 12, 30)


Value: TypeAlias = str | int | date | Number | Formula | None


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that a chart counts in, so that its axis shows short numbers."""

    name: str
    size: Decimal

    @property
    def pattern(self) -> str:
        """Shows a whole amount in this unit: each comma at the end leaves three digits out."""
        return "#,##0.##" + "," * ((len(str(self.size)) - 1) // 3)

    def scale(self, amount: Decimal) -> Number:
        """The amount in this unit, rounded: for a picture, not for an account."""
        return Number(round(_PICTURE.divide(amount, self.size), 6), "#,##0.000")

    def label(self, currency: str) -> str:
        """Such as ``billion EUR``."""
        return f"{self.name} {currency}".strip()


# A chart needs numbers, so what it shows must never be too long for one.
_PICTURE: Final = Context(prec=MAX_DIGITS)
_UNITS: Final = (
    Unit("trillion", Decimal(10**12)),
    Unit("billion", Decimal(10**9)),
    Unit("million", Decimal(10**6)),
    Unit("", Decimal(1)),
)


def unit_for(amounts: Iterable[Decimal]) -> Unit:
    """The largest unit of which the largest amount has at least one."""
    largest = max(amounts, default=Decimal(0))
    return next((unit for unit in _UNITS if largest >= unit.size), _UNITS[-1])


def is_negative(value: Value) -> bool:
    """Whether it is a number below zero."""
    shown = value.result if isinstance(value, Formula) else value
    match shown:
        case Number():
            return shown.value < 0
        case int():
            return shown < 0
        case _:
            return False


def serial(day: date) -> int:
    """The day as Excel counts it (1900 date system); right from 1900-03-01 on."""
    return (day - _DAY_ZERO).days


def refer(text: str, value: Value) -> Value:
    """A formula that comes to the same as another cell; where that cell holds no formula, what it holds."""
    return Formula(text, value.result) if isinstance(value, Formula) else value


def add_up(text: str, values: Iterable[Value], currency: str) -> Value:
    """A formula that adds amounts up which are formulas too; ``None`` where one of them could not be one."""
    total = Decimal(0)
    for value in values:
        if not isinstance(value, Formula) or not isinstance(value.result, Number):
            return None
        total += value.result.value
    return Formula(text, money(total, currency))


@overload
def money(amount: Decimal, currency: str | None) -> Number: ...
@overload
def money(amount: Decimal | None, currency: str | None) -> Number | None: ...
def money(amount: Decimal | None, currency: str | None) -> Number | None:
    """An amount with the pattern of its currency: two decimals for EUR, none for KRW and JPY."""
    return None if amount is None else Number(amount, _money_pattern(decimals_of(currency)))


def _money_pattern(decimals: int) -> str:
    return f"{COUNT_PATTERN}.{'0' * decimals}" if decimals else COUNT_PATTERN
