"""Alerts about the requests that are pending."""

from app.db import ReadSession
from app.journal.domain import Snapshot
from app.legislation.domain.alerts import Alert, AlertQuery, alerts
from app.legislation.service.waiting import list_dossiers


def list_alerts(session: ReadSession, query: AlertQuery, snapshot: Snapshot) -> list[Alert]:
    """The alerts that are asked for, as the ledger knew it at the snapshot; the newest first."""
    dossiers = list_dossiers(session, snapshot, donors=query.donors)
    return [one for one in alerts(dossiers, query.on, query.known_on) if query.admits(one)]
