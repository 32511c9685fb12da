"""How dates stand in a sheet: as real dates where the day is known, else as they are known."""

from datetime import date

from app.kernel.dates import Precision, Span, format_span


def day_or_text(span: Span | None) -> date | str | None:
    """A real date where the day is known; else the date as it is known, such as ``2023-06``."""
    if span is None:
        return None
    return span.first if span.precision is Precision.DAY else format_span(span)
