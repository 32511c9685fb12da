"""Reads what is given, as it is given; every refusal is noted with its place."""

from app.legislation.domain.reading.actions import read_action
from app.legislation.domain.reading.fields import read_fields
from app.legislation.domain.reading.lines import read_key
from app.legislation.domain.reading.opening import follow_dates, read_opening
from app.legislation.domain.reading.reader import Reader, is_reference, read_reference
from app.legislation.domain.reading.vehicles import (
    find_name,
    parse_vehicle_name,
    read_name,
    read_vehicle_fields,
)

__all__ = [
    "Reader",
    "find_name",
    "follow_dates",
    "is_reference",
    "parse_vehicle_name",
    "read_action",
    "read_fields",
    "read_key",
    "read_name",
    "read_opening",
    "read_reference",
    "read_vehicle_fields",
]
