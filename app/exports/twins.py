"""The tables behind the twins: which rows, in which columns, of which state of the ledger, and what the JSON has."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.db import Database, ReadSession
from app.exports import columns
from app.exports.tabular import Column, Row, Table
from app.fx import service as fx
from app.fx.schemas import RatesParams, rate_json
from app.journal import service as journal
from app.journal.domain import Entry, Snapshot
from app.journal.history import HistoryItem
from app.journal.schemas import entry_json, history_json
from app.kernel.canonical import Json
from app.legislation import service as legislation
from app.legislation.schemas import ListParams, PendingParams, figures_json, request_json
from app.pledges import service as pledges
from app.pledges.schemas import PledgeListParams, pledge_json
from app.totals import service as totals
from app.totals.schemas import (
    ChangesParams,
    TotalsParams,
    changes_json,
    donors_json,
    explained_json,
    totals_json,
)
from reports.kit.errors import ReportTooLargeError

# Read at a time: an entry takes 64 KiB at most and a few KiB as a rule.
_PAGE: Final = 500
Items = Callable[[], Iterable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A table of one state of the ledger, and the JSON that it is the twin of.

    Attributes:
        name: of its files, without revision and suffix.
        snapshot: the state that it shows.
        table: its rows and columns.
        items: opens what stands in ``data`` of the JSON, once or several times.
        around: the other members of the JSON.
        conversion: of converted figures, what names the rates that they took.
    """

    name: str
    snapshot: Snapshot
    table: Table
    items: Items
    around: Mapping[str, Any] = field(default_factory=dict)
    conversion: Mapping[str, Any] | None = None

    @property
    def file_name(self) -> str:
        """Without suffix: ``totals-r1482``."""
        return f"{self.name}-r{self.snapshot.revision}"

    def about(self, question: Mapping[str, Json]) -> dict[str, Json]:
        """What a file says beyond its table; ``question`` is the call that it answers."""
        conversion: Json = None if self.conversion is None else {**self.conversion}
        return {
            "ledger": self.snapshot.meta(),
            "conversion": conversion,
            "question": dict(question),
        }


def totals_twin(
    session: ReadSession, params: TotalsParams, snapshot: Snapshot, *, explained: bool = False
) -> Twin:
    """The rows of ``/v1/totals``, with measure and currency beside each figure.

    Args:
        session: reads the ledger.
        params: the question.
        snapshot: the state that is asked about.
        explained: whether the JSON is to have the explanation, where it was asked for.
    """
    query = params.to_query()
    if explained and params.explain == "true":
        answer = explained_json(*totals.explain_totals(session, query, snapshot), snapshot)
    else:
        answer = totals_json(totals.read_totals(session, query, snapshot), snapshot)
    return _figures_twin("totals", "totals", snapshot, answer, *columns.totals_rows(answer))


def changes_twin(
    session: ReadSession, params: ChangesParams, earlier: Snapshot, later: Snapshot
) -> Twin:
    """The rows of ``/v1/changes``, with measure and currency beside each figure."""
    changes = totals.read_changes(session, params.to_query(), earlier, later)
    answer = changes_json(changes, earlier, later)
    name = f"changes-r{earlier.revision}"
    return _figures_twin(name, "changes", later, answer, *columns.changes_rows(answer))


def pending_twin(
    session: ReadSession, params: PendingParams, snapshot: Snapshot, today: date
) -> Twin:
    """The rows of ``/v1/legislative-requests/pending``."""
    query = params.to_query(today, snapshot.day)
    answer = figures_json(legislation.read_pending(session, query, snapshot))
    return _figures_twin("pending", "pending", snapshot, answer, *columns.pending_rows(answer))


def donors_twin(session: ReadSession, snapshot: Snapshot) -> Twin:
    """The rows of ``/v1/donors``."""
    answer = donors_json(totals.list_activity(session, snapshot), snapshot)
    rows = map(columns.donor_row, answer["data"])
    return _figures_twin("donors", "donors", snapshot, answer, columns.DONORS, rows)


def pledges_twin(database: Database, params: PledgeListParams, snapshot: Snapshot) -> Twin:
    """All pledges that match, read when they are asked for, in a transaction of their own.

    The snapshot's revision is read as one of the past, so what is written meanwhile does not show.
    """
    filters, order = params.to_filters(), params.to_order()
    pinned = replace(snapshot, is_head=False)

    def items() -> Iterator[Mapping[str, Any]]:
        with database.reading() as session:
            yield from map(pledge_json, pledges.iter_pledges(session, filters, order, pinned))

    return _pledges_twin(snapshot, order.text, items)


def few_pledges_twin(
    session: ReadSession, params: PledgeListParams, snapshot: Snapshot, most: int
) -> Twin:
    """As ``pledges_twin``, read at once.

    Raises:
        ReportTooLargeError: more than so many match.
    """
    order = params.to_order()
    page, rest = pledges.list_pledges(
        session, params.to_filters(), order, snapshot, after=(), limit=most
    )
    if rest:
        raise ReportTooLargeError("Sheet Pledges", "pledges that an import reads", most)
    return _pledges_twin(snapshot, order.text, _kept(map(pledge_json, page)))


def requests_twin(database: Database, params: ListParams, snapshot: Snapshot, today: date) -> Twin:
    """All legislative requests that match, read as ``pledges_twin`` reads."""
    filters, order = params.to_filters(today), params.to_order()
    pinned = replace(snapshot, is_head=False)

    def items() -> Iterator[Mapping[str, Any]]:
        with database.reading() as session:
            for stored in legislation.iter_requests(session, filters, order, pinned):
                yield request_json(stored, filters.on, filters.known_on)

    name = "legislative-requests"
    table = Table(
        name=name,
        columns=columns.REQUESTS,
        rows=_each(columns.request_row, items),
        primary_key=("reference",),
    )
    days = {
        "on": filters.on.isoformat() if filters.on else None,
        "known_on": filters.known_on.isoformat() if filters.known_on else None,
    }
    around = _whole_list({**snapshot.meta(), **days, "sort": order.text})
    return Twin(name=name, snapshot=snapshot, table=table, items=items, around=around)


def rates_twin(
    database: Database, session: ReadSession, params: RatesParams, snapshot: Snapshot
) -> Twin:
    """All exchange rates that match, read when they are asked for, in a transaction of their own.

    What is loaded meanwhile does not show: how far the table reaches is settled before its first row.
    """
    filters = params.to_filters()
    horizon = fx.find_horizon(session, snapshot)

    def items() -> Iterator[Mapping[str, Any]]:
        with database.reading() as streaming:
            yield from map(rate_json, fx.iter_rates(streaming, filters, snapshot, horizon))

    table = Table(
        name="rates",
        columns=columns.RATES,
        rows=items,
        primary_key=("on", "quote", "source"),
    )
    around = _whole_list(snapshot.meta())
    return Twin(name="rates", snapshot=snapshot, table=table, items=items, around=around)


def entries_twin(database: Database, snapshot: Snapshot, after: int, limit: int | None) -> Twin:
    """The entries behind a revision, all or so many, read when they are asked for, a page at a time."""
    until = snapshot.revision if limit is None else min(snapshot.revision, after + limit)

    def entries() -> Iterator[Entry]:
        return _iter_entries(database, after, until)

    following = str(until) if until < snapshot.revision else None
    return Twin(
        name="entries",
        snapshot=snapshot,
        table=Table(
            name="entries",
            columns=columns.ENTRIES,
            rows=lambda: map(columns.told_entry_row, entries()),
            primary_key=("revision",),
        ),
        items=lambda: map(entry_json, entries()),
        around={"next_cursor": following, "meta": snapshot.meta()},
    )


def history_twin(of: str, record: UUID, items: Sequence[HistoryItem], snapshot: Snapshot) -> Twin:
    """The history of a record, a row for each field that an entry changed.

    Args:
        of: what it is, such as ``pledge``.
        record: its id; a reference may hold what no name of a data package may.
        items: its entries.
        snapshot: up to which.
    """
    answer = history_json(items, snapshot)
    rows = columns.history_rows(answer)
    return _figures_twin(
        f"{of}-{record}-history", "history", snapshot, answer, columns.HISTORY, rows
    )


def _iter_entries(database: Database, after: int, until: int) -> Iterator[Entry]:
    while after < until:
        with database.reading() as session:
            page = journal.list_entries(session, after=after, until=until, limit=_PAGE)
        if not page:
            return
        yield from page
        after = page[-1].revision


def _pledges_twin(snapshot: Snapshot, sort: str, items: Items) -> Twin:
    table = Table(
        name="pledges",
        columns=columns.PLEDGES,
        rows=_each(columns.pledge_row, items),
        primary_key=("reference",),
    )
    around = _whole_list({**snapshot.meta(), "sort": sort})
    return Twin(name="pledges", snapshot=snapshot, table=table, items=items, around=around)


def _figures_twin(
    name: str,
    table: str,
    snapshot: Snapshot,
    answer: Mapping[str, Any],
    of: Sequence[Column],
    rows: Iterable[Row],
) -> Twin:
    """Of an answer that is there already."""
    data = answer["data"]
    return Twin(
        name=name,
        snapshot=snapshot,
        table=Table(name=table, columns=of, rows=_kept(rows)),
        items=lambda: data,
        around={member: value for member, value in answer.items() if member != "data"},
        conversion=_conversion(answer),
    )


def _whole_list(meta: Mapping[str, Any]) -> dict[str, Any]:
    """What stands around all items of a list, of which there is one page."""
    return {"next_cursor": None, "meta": meta}


def _conversion(answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the answer says of its conversion; ``None`` where amounts keep their own currencies, or there are none."""
    meta = answer["meta"]
    if meta.get("fx") is None:
        return None
    return {name: meta[name] for name in ("currency", "fx", "prices", "left_apart") if name in meta}


def _each(to_row: Callable[[Mapping[str, Any]], Row], items: Items) -> Callable[[], Iterable[Row]]:
    return lambda: map(to_row, items())


def _kept(rows: Iterable[Row]) -> Callable[[], Iterable[Row]]:
    kept = list(rows)
    return lambda: kept
