"""Forms on the wire: their fields become the bodies that the API takes, and those become commands."""

from app.desk.schemas.fields import to_body
from app.desk.schemas.forms import read_form
from app.desk.schemas.showing import MOST_ROWS, find_enacted_line, find_line, show_fields, too_long

__all__ = [
    "MOST_ROWS",
    "find_enacted_line",
    "find_line",
    "read_form",
    "show_fields",
    "to_body",
    "too_long",
]
