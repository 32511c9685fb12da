"""Identifiers: random UUIDs (version 4), which spread evenly over any index and tell nothing of their origin."""

from uuid import UUID, uuid4

from app.kernel.errors import NotFoundError


def new_id() -> UUID:
    """A fresh identifier."""
    return uuid4()


def parse_id(text: str, what: str) -> UUID:
    """Read an identifier from an address; one that is malformed names nothing.

    Raises:
        NotFoundError: the text is not a UUID in its canonical form.
    """
    try:
        value = UUID(text)
    except ValueError:
        value = None
    if value is None or str(value) != text:
        raise NotFoundError(f"There is no {what} with this id.")
    return value
