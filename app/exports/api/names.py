"""Names of records in addresses: an id, or a reference."""

from collections.abc import Callable
from uuid import UUID

from app.kernel.errors import NotFoundError
from app.kernel.ids import parse_id
from app.legislation.domain import is_reference as is_request_reference
from app.legislation.errors import LegislativeRequestNotFoundError
from app.pledges.domain.reading import is_reference as is_pledge_reference
from app.pledges.errors import PledgeNotFoundError


def read_pledge_name(text: str) -> UUID | str:
    """Which pledge. What can be neither id nor reference names nothing, and is not looked up.

    Raises:
        PledgeNotFoundError: it is neither.
    """
    return _read_name(text, is_pledge_reference, PledgeNotFoundError)


def read_request_name(text: str) -> UUID | str:
    """Which legislative request.

    Raises:
        LegislativeRequestNotFoundError: it is neither id nor reference.
    """
    return _read_name(text, is_request_reference, LegislativeRequestNotFoundError)


def _read_name(
    text: str, is_reference: Callable[[str], bool], missing: Callable[[], NotFoundError]
) -> UUID | str:
    try:
        return parse_id(text, "record")
    except NotFoundError:
        if is_reference(text):
            return text
        raise missing() from None
