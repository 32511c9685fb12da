"""Says in words what a report was filtered by."""

from app.pledges.domain.query import Filters

_NAMES = {
    "donor": "Donor",
    "group": "Group",
    "aid_type": "Aid type",
    "instrument": "Instrument",
    "status": "Status",
    "from": "From",
    "to": "To",
    "q": "Text",
    "unvalued": "Unvalued",
    "undated": "Undated",
}


def filter_words(filters: Filters) -> tuple[tuple[str, str], ...]:
    """Name and value of each filter that is set."""
    return tuple((_NAMES[name], _value(value)) for name, value in filters.to_json().items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "only these" if value else "without these"
    return str(value)
