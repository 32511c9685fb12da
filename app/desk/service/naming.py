"""What the names in a form stand for."""

from collections.abc import Mapping
from uuid import UUID

from app.db import ReadSession
from app.desk.domain import Form, FormKind
from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError
from app.kernel.ids import parse_id
from app.pledges import service as pledges
from app.pledges.domain.reading import is_reference


def find_pledges(session: ReadSession, form: Form, snapshot: Snapshot) -> Mapping[str, UUID]:
    """The ids of the pledges that a form names, by the name as it is read: an id or a reference."""
    name = form.fields.get("pledge", "").strip()
    if form.kind is not FormKind.FUNDING or not name:
        return {}
    try:
        return {name: pledges.get_pledge(session, _parse(name), snapshot).pledge.id}
    except NotFoundError:
        return {}


def _parse(name: str) -> UUID | str:
    """An id or a reference.

    Raises:
        NotFoundError: it can be neither.
    """
    return name if is_reference(name) else parse_id(name, "pledge")
