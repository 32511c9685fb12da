"""The tables behind the CSV twins: which rows, in which columns, of which state of the ledger."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.csv_text import write_csv
from app.db import Database, ReadSession
from app.exports import schemas
from app.fx import service as fx
from app.fx.schemas import RATE_COLUMNS, RATE_NUMBERS, RatesParams, rate_json
from app.journal.domain import Snapshot
from app.legislation import service as legislation
from app.legislation.schemas import PendingParams, figures_json
from app.pledges import service as pledges
from app.pledges.schemas import PledgeListParams
from app.totals import service as totals
from app.totals.schemas import ChangesParams, TotalsParams, changes_json, totals_json
from reports.kit.errors import ReportTooLargeError

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Twin:
    """A table of one state of the ledger.

    Attributes:
        name: of its files, without revision and suffix.
        snapshot: the state that it shows.
        columns: in order; they are the header.
        numbers: the columns that hold our own figures.
        rows: opens the rows, once or several times.
        conversion: of converted figures, what names the rates that they took.
    """

    name: str
    snapshot: Snapshot
    columns: Sequence[str]
    numbers: frozenset[str]
    rows: Callable[[], Iterable[Row]]
    conversion: Mapping[str, Any] | None = None

    @property
    def file_name(self) -> str:
        """Without suffix: ``totals-r1482``."""
        return f"{self.name}-r{self.snapshot.revision}"

    def lines(self) -> Iterator[bytes]:
        """The table as CSV, in pieces."""
        return write_csv(self.columns, self.rows(), numbers=self.numbers)


def totals_twin(session: ReadSession, params: TotalsParams, snapshot: Snapshot) -> Twin:
    """The rows of ``/v1/totals``, with measure and currency beside each figure."""
    answer = totals_json(totals.read_totals(session, params.to_query(), snapshot), snapshot)
    columns, rows = schemas.totals_rows(answer)
    return Twin("totals", snapshot, columns, schemas.FIGURES, _kept(rows), _conversion(answer))


def changes_twin(
    session: ReadSession, params: ChangesParams, earlier: Snapshot, later: Snapshot
) -> Twin:
    """The rows of ``/v1/changes``, with measure and currency beside each figure."""
    changes = totals.read_changes(session, params.to_query(), earlier, later)
    answer = changes_json(changes, earlier, later)
    columns, rows = schemas.changes_rows(answer)
    name = f"changes-r{earlier.revision}"
    figures = schemas.CHANGES_FIGURES
    return Twin(name, later, columns, figures, _kept(rows), _conversion(answer))


def pending_twin(
    session: ReadSession, params: PendingParams, snapshot: Snapshot, today: date
) -> Twin:
    """The rows of ``/v1/legislative-requests/pending``."""
    query = params.to_query(today, snapshot.day)
    answer = figures_json(legislation.read_pending(session, query, snapshot))
    columns, rows = schemas.pending_rows(answer)
    figures = schemas.PENDING_FIGURES
    return Twin("pending", snapshot, columns, figures, _kept(rows), _conversion(answer))


def pledges_twin(database: Database, params: PledgeListParams, snapshot: Snapshot) -> Twin:
    """All pledges that match, read when they are asked for, in a transaction of their own.

    The snapshot's revision is read as one of the past, so what is written meanwhile does not show.
    """
    filters, order = params.to_filters(), params.to_order()
    pinned = replace(snapshot, is_head=False)

    def rows() -> Iterator[Row]:
        with database.reading() as session:
            yield from map(
                schemas.pledge_row, pledges.iter_pledges(session, filters, order, pinned)
            )

    return Twin("pledges", snapshot, schemas.PLEDGE_COLUMNS, schemas.PLEDGE_NUMBERS, rows)


def few_pledges_twin(
    session: ReadSession, params: PledgeListParams, snapshot: Snapshot, most: int
) -> Twin:
    """As ``pledges_twin``, read at once.

    Raises:
        ReportTooLargeError: more than so many match.
    """
    page, rest = pledges.list_pledges(
        session, params.to_filters(), params.to_order(), snapshot, after=(), limit=most
    )
    if rest:
        raise ReportTooLargeError("Sheet Pledges", "pledges that an import reads", most)
    rows = map(schemas.pledge_row, page)
    return Twin("pledges", snapshot, schemas.PLEDGE_COLUMNS, schemas.PLEDGE_NUMBERS, _kept(rows))


def rates_twin(
    database: Database, session: ReadSession, params: RatesParams, snapshot: Snapshot
) -> Twin:
    """All exchange rates that match, read when they are asked for, in a transaction of their own.

    What is loaded meanwhile does not show: how far the table reaches is settled before its first row.
    """
    filters = params.to_filters()
    horizon = fx.find_horizon(session, snapshot)

    def rows() -> Iterator[Row]:
        with database.reading() as streaming:
            yield from map(rate_json, fx.iter_rates(streaming, filters, snapshot, horizon))

    return Twin("rates", snapshot, RATE_COLUMNS, RATE_NUMBERS, rows)


def _conversion(answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the answer says of its conversion; ``None`` where amounts keep their own currencies."""
    meta = answer["meta"]
    if meta["fx"] is None:
        return None
    return {name: meta[name] for name in ("currency", "fx", "prices", "left_apart") if name in meta}


def _kept(rows: Iterable[Row]) -> Callable[[], Iterable[Row]]:
    kept = list(rows)
    return lambda: kept
