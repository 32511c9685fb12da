"""The tables behind the CSV twins: which rows, in which columns, of which state of the ledger."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.csv_text import write_csv
from app.db import Database, ReadSession
from app.exports import schemas
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
    """

    name: str
    snapshot: Snapshot
    columns: Sequence[str]
    numbers: frozenset[str]
    rows: Callable[[], Iterable[Row]]

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
    return Twin("totals", snapshot, columns, schemas.FIGURES, _kept(rows))


def changes_twin(
    session: ReadSession, params: ChangesParams, earlier: Snapshot, later: Snapshot
) -> Twin:
    """The rows of ``/v1/changes``, with measure and currency beside each figure."""
    changes = totals.read_changes(session, params.to_query(), earlier, later)
    columns, rows = schemas.changes_rows(changes_json(changes, earlier, later))
    name = f"changes-r{earlier.revision}"
    return Twin(name, later, columns, schemas.CHANGES_FIGURES, _kept(rows))


def pending_twin(
    session: ReadSession, params: PendingParams, snapshot: Snapshot, today: date
) -> Twin:
    """The rows of ``/v1/legislative-requests/pending``."""
    query = params.to_query(today, snapshot.day)
    answer = figures_json(legislation.read_pending(session, query, snapshot))
    columns, rows = schemas.pending_rows(answer)
    return Twin("pending", snapshot, columns, schemas.PENDING_FIGURES, _kept(rows))


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


def _kept(rows: Iterable[Row]) -> Callable[[], Iterable[Row]]:
    kept = list(rows)
    return lambda: kept
