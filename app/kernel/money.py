"""Exact amounts: decimal strings on the wire, integer minor units inside, ``Decimal`` in between, never a float."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from app.kernel.currencies import Currency
from app.kernel.errors import ValueRefusedError

MAX_MAJOR_UNITS: Final = 10**12
_PLAIN_DECIMAL: Final = re.compile(r"(0|[1-9][0-9]{0,30})(?:\.([0-9]{1,30}))?", re.ASCII)
_NEGATIVE: Final = re.compile(r"-[0-9]+(?:\.[0-9]+)?", re.ASCII)


def parse_amount(text: str, currency: Currency, *, may_be_zero: bool = False) -> int:
    """Minor units of a positive plain decimal such as ``"820000000.00"``.

    No sign, no exponent, no blanks, no separators, no leading zeros; at most the currency's decimals
    (ISO 4217); above zero and at most 10^12 major units. An unknown amount is ``None``, never ``"0"``.

    Args:
        text: as above.
        currency: says how many decimals there may be.
        may_be_zero: zero is a statement of its own here: that nothing was granted, or taken back.

    Raises:
        ValueRefusedError: ``invalid-amount``, ``negative-amount``, ``zero-amount``, ``amount-too-large`` or
            ``too-many-decimals``.
    """
    match = _PLAIN_DECIMAL.fullmatch(text)
    if match is None:
        if _NEGATIVE.fullmatch(text):
            raise ValueRefusedError(
                "negative-amount",
                "An amount has no sign; take money back with a cancellation or a restatement.",
            )
        raise ValueRefusedError(
            "invalid-amount", 'An amount is a plain decimal string such as "820000000.00".'
        )
    whole, fraction = match[1], match[2] or ""
    if len(fraction) > currency.decimals:
        raise ValueRefusedError(
            "too-many-decimals",
            f"{currency.code} has {currency.decimals} decimals.",
            decimals=currency.decimals,
        )
    minor = int(whole + fraction.ljust(currency.decimals, "0"))
    if minor == 0 and not may_be_zero:
        raise ValueRefusedError(
            "zero-amount", "An amount is above zero; an amount that was not published is null."
        )
    if minor > MAX_MAJOR_UNITS * 10**currency.decimals:
        raise ValueRefusedError(
            "amount-too-large", "An amount is at most 10^12 units of its currency."
        )
    return minor


# A pledge says its amount in its record, in its postings and at each of its stages, which mostly stand at zero.
@lru_cache(maxsize=1024)
def format_minor(minor: int, decimals: int) -> str:
    """The decimal string of ``minor`` units, with exactly ``decimals`` digits behind the point."""
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).rjust(decimals + 1, "0")
    if decimals == 0:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def to_decimal(minor: int, decimals: int) -> Decimal:
    """The exact ``Decimal`` of ``minor`` units, whatever its size."""
    return Decimal(format_minor(minor, decimals))
