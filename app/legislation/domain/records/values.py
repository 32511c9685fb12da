"""How dates and amounts stand in a record, and how they are read again."""

from app.kernel.currencies import CURRENCIES
from app.kernel.dates import UNDATED, Span, format_span, parse_span
from app.kernel.money import format_minor, parse_amount


def format_date(span: Span | None) -> str | None:
    """A date as on the wire; ``None`` for none and for an undated one."""
    return None if span is None else format_span(span)


def find_date(text: str | None) -> Span | None:
    """A date that may be missing."""
    return None if text is None else parse_span(text)


def read_date(text: str | None) -> Span:
    """A date; undated where it is missing."""
    return find_date(text) or UNDATED


def format_amount(minor: int | None, currency: str) -> str | None:
    """An amount of minor units as a decimal string; ``None`` for an unknown one."""
    return None if minor is None else format_minor(minor, CURRENCIES[currency].decimals)


def read_amount(text: str | None, currency: str) -> int | None:
    """Minor units of a decimal string; ``None`` for none."""
    return None if text is None else parse_amount(text, CURRENCIES[currency], may_be_zero=True)
