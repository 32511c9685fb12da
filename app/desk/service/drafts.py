"""Drafts belong to a key, so that they outlive a session; each stands for one form, until it is recorded."""

from uuid import UUID

from app.db import ReadSession, WriteSession
from app.desk import store
from app.desk.domain import KEPT, MAX_DRAFTS, Draft, Form
from app.desk.errors import DraftNotFoundError
from app.kernel.clock import Clock


def save_draft(session: WriteSession, form: Form, key_id: str, clock: Clock) -> Draft:
    """Keep a form as it is filled in; the key's oldest drafts give way to it, and those that have expired go.

    Raises:
        DraftNotFoundError: the id is of a draft of another key.
    """
    kept, now = store.find_draft(session, form.id), clock.now()
    if kept is not None and kept.key_id != key_id:
        raise DraftNotFoundError
    draft = Draft.of(form, key_id, now)
    store.keep_draft(session, draft)
    store.drop_old_drafts(session, now - KEPT)
    store.drop_surplus(session, key_id, MAX_DRAFTS)
    return draft


def get_draft(session: ReadSession, draft_id: UUID, key_id: str, clock: Clock) -> Draft:
    """The key's draft with this id.

    Raises:
        DraftNotFoundError: it has none, or it has expired.
    """
    draft = store.find_draft(session, draft_id)
    if draft is None or draft.key_id != key_id or draft.updated_at <= clock.now() - KEPT:
        raise DraftNotFoundError
    return draft


def list_drafts(session: ReadSession, key_id: str, clock: Clock) -> list[Draft]:
    """The key's drafts, the last changed first; at most ``MAX_DRAFTS``."""
    return store.list_drafts(session, key_id, since=clock.now() - KEPT)


def drop_draft(session: WriteSession, draft_id: UUID, key_id: str) -> None:
    """Let go of a draft of the key; of none, where it has no such draft."""
    store.drop_draft(session, draft_id, key_id)
