"""What a calendar and a feed reader subscribe to."""

from collections.abc import Sequence
from datetime import date

from app.db import ReadSession
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.legislation import store
from app.legislation.domain.ahead import Ahead, ahead
from app.legislation.domain.news import News, news, streams_of
from app.legislation.domain.query import Filters, Order, SortKey
from app.legislation.domain.telling import Tellings, Told
from app.legislation.service.waiting import list_dossiers


def list_ahead(
    session: ReadSession,
    on: date,
    snapshot: Snapshot,
    *,
    known_on: date | None = None,
    donors: Sequence[str] = (),
) -> list[tuple[Ahead, Told]]:
    """What lies ahead at the end of a day, by day, each with the entry that said so."""
    found = ahead(list_dossiers(session, snapshot, donors=donors), on, known_on)
    streams = {one.stream for one in found}
    entries = journal.list_streams(session, streams, until=snapshot.revision)
    tellings = Tellings(entries)
    return [(one, tellings.find(one.told_by)) for one in found]


def list_news(
    session: ReadSession,
    snapshot: Snapshot,
    *,
    known_on: date | None = None,
    donors: Sequence[str] = (),
) -> list[News]:
    """What requests became, as the ledger knew it at the snapshot; what it was told last comes first."""
    order = Order(SortKey.REFERENCE, descending=False)
    dossiers = [
        stored.dossier
        for withdrawn in (False, True)
        for stored in store.iter_requests(
            session, Filters(donors=tuple(donors), withdrawn=withdrawn), order, snapshot
        )
    ]
    entries = journal.list_streams(session, streams_of(dossiers), until=snapshot.revision)
    return news(dossiers, Tellings(entries), known_on)
