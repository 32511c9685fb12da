"""Forms on the wire: their fields become the bodies that the API takes, and those become commands."""

from app.desk.schemas.fields import to_body
from app.desk.schemas.forms import read_form, show_fields

__all__ = ["read_form", "show_fields", "to_body"]
