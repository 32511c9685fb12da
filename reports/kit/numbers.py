"""Exact numbers, and which of them Excel keeps."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# Excel keeps numbers as IEEE 754 doubles and shows 15 significant digits of them.
MAX_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal and the Excel pattern that shows it."""

    value: Decimal
    pattern: str

    @property
    def is_exact_in_excel(self) -> bool:
        """Whether Excel keeps every digit; if not, it is to be written as text."""
        digits = "".join(map(str, self.value.as_tuple().digits)).strip("0")
        return len(digits) <= MAX_DIGITS

    def __str__(self) -> str:
        return f"{self.value:f}"
