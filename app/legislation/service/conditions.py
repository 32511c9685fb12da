"""What pledges wait for, as the ledger knew it at a moment."""

from uuid import UUID

from app.db import ReadSession
from app.journal.domain import Snapshot
from app.legislation import store
from app.legislation.domain import Condition, Dossier, conditions, is_carried_on


def list_conditions(
    session: ReadSession, snapshot: Snapshot, pledge_id: UUID | None = None
) -> list[Condition]:
    """What pledges, or one of them, depend on, by the reference of the request.

    It costs what the requests cost that pledges hang on; where one of these was carried on by
    another, it costs a look through all requests.
    """
    awaited = [one.dossier for one in store.list_awaited(session, snapshot)]
    asked = [one for one in awaited if pledge_id is None or _hangs_on(one, pledge_id)]
    dossiers = _with_successors(session, asked, snapshot)
    found = conditions([one.request.id for one in asked], dossiers)
    return [one for one in found if pledge_id in {None, one.dependency.pledge_id}]


def list_conditional_pledges(session: ReadSession, snapshot: Snapshot) -> list[UUID]:
    """The pledges that are in no firm total, because what they wait for is not law."""
    found = list_conditions(session, snapshot)
    return sorted({one.dependency.pledge_id for one in found if one.keeps_from_firm})


def _hangs_on(dossier: Dossier, pledge_id: UUID) -> bool:
    return any(one.pledge_id == pledge_id for one in dossier.request.standing_dependencies)


def _with_successors(
    session: ReadSession, asked: list[Dossier], snapshot: Snapshot
) -> dict[UUID, Dossier]:
    """These requests, and whatever carries them on, by id."""
    known = {one.request.id: one for one in asked}
    ended = [one for one in asked if is_carried_on(one)]
    while ended:
        related = store.list_related(session, [one.request for one in ended], snapshot)
        new = [one.dossier for one in related if one.dossier.request.id not in known]
        known |= {one.request.id: one for one in new}
        ended = [one for one in new if is_carried_on(one)]
    return known
