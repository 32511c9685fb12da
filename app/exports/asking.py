"""Which workbooks can be asked for, and how each is: one place for addresses, orders and the command line."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol

from app.db import Database, ReadSession
from app.exports import schemas, streaming
from app.exports.asked import Alive, AskedReport
from app.exports.changes import gather_changes
from app.exports.donor import gather_donor
from app.exports.legislation import gather_legislation
from app.exports.summary import gather_summary
from app.exports.timeline import gather_timeline
from app.fx import service as fx
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.kernel.clock import Clock
from app.legislation.schemas import PendingFilterParams
from reports import REPORTS
from reports.figures import Stamp
from reports.kit.stream import FORMAT, StreamedBook
from reports.kit.workbook import Book


class Sight(Protocol):
    """What a report is asked of: a ledger, and the moments that calls name."""

    @property
    def database(self) -> Database:
        """Where it is kept."""

    @property
    def clock(self) -> Clock:
        """Tells today."""

    def read_snapshot(self, session: ReadSession, as_of: str | None) -> Snapshot:
        """The state that ``as_of`` names, by default the last one."""

    def read_snapshots(
        self, session: ReadSession, first: str, last: str | None
    ) -> tuple[Snapshot, Snapshot]:
        """Two states, the earlier one first."""


Gather = Callable[[ReadSession, Snapshot, Alive], tuple[Any, Stamp]]


def ask_summary(sight: Sight, params: schemas.SummaryParams) -> AskedReport:
    """The summary.

    Raises:
        InvalidError: the question cannot be read, as for all of these.
    """
    with sight.database.reading() as session:
        snapshot = sight.read_snapshot(session, params.as_of)
        query = params.to_query(sight.clock.today(), snapshot.day)
        return _gathered(
            sight, session, "summary", snapshot, query,
            lambda session, pinned, alive: gather_summary(session, query, pinned, alive),
        )  # fmt: skip


def ask_timeline(sight: Sight, params: schemas.TimelineParams) -> AskedReport:
    """Aid over time."""
    with sight.database.reading() as session:
        snapshot = sight.read_snapshot(session, params.as_of)
        query = params.to_query(sight.clock.today(), snapshot.day)
        return _gathered(
            sight, session, "timeline", snapshot, query,
            lambda session, pinned, alive: gather_timeline(session, query, pinned, alive),
        )  # fmt: skip


def ask_donor(sight: Sight, params: schemas.DonorParams) -> AskedReport:
    """One donor."""
    with sight.database.reading() as session:
        snapshot = sight.read_snapshot(session, params.as_of)
        query = params.to_query(sight.clock.today(), snapshot.day)
        asked = _gathered(
            sight, session, "donor", snapshot, query,
            lambda session, pinned, alive: gather_donor(session, query, pinned, alive),
        )  # fmt: skip
    return replace(asked, about=f"-{query.filters.donors[0]}")


def ask_changes(sight: Sight, params: schemas.ChangesReportParams) -> AskedReport:
    """What changed between two states."""
    query = params.to_query()
    with sight.database.reading() as session:
        earlier, later = sight.read_snapshots(session, params.from_, params.to)
        asked = _gathered(
            sight, session, "changes", later, (earlier, query),
            lambda session, pinned, _alive: gather_changes(session, query, earlier, pinned),
        )  # fmt: skip
    return replace(asked, about=f"-r{earlier.revision}")


def ask_legislation(sight: Sight, params: PendingFilterParams) -> AskedReport:
    """What is pending, and what became of all requests."""
    with sight.database.reading() as session:
        snapshot = sight.read_snapshot(session, params.as_of)
        query = params.to_query(sight.clock.today(), snapshot.day)
        return _gathered(
            sight, session, "legislation", snapshot, query,
            lambda session, pinned, _alive: gather_legislation(session, query, pinned),
        )  # fmt: skip


def ask_pledges(sight: Sight, params: schemas.PledgesReportParams) -> AskedReport:
    """Every pledge."""
    query = params.to_query()
    with sight.database.reading() as session:
        snapshot = sight.read_snapshot(session, params.as_of)
        depends_on = streaming.describe_pledges(session, query, snapshot)

    def make(_alive: Alive) -> StreamedBook:
        with sight.database.reading() as session:
            pinned = _pinned(sight, session, snapshot)
            return streaming.open_pledges(sight.database, session, query, pinned)

    return AskedReport(name="pledges", snapshot=snapshot, depends_on=depends_on, make=make)


def ask_journal(sight: Sight, params: schemas.JournalReportParams) -> AskedReport:
    """Every entry."""
    with sight.database.reading() as session:
        snapshot = sight.read_snapshot(session, params.as_of)
    return AskedReport(
        name="journal",
        snapshot=snapshot,
        depends_on=FORMAT,
        make=lambda _alive: streaming.open_journal(sight.database, snapshot),
    )


ASKS: Final[dict[str, tuple[Callable[[Sight, Any], AskedReport], type[Any]]]] = {
    "changes": (ask_changes, schemas.ChangesReportParams),
    "donor": (ask_donor, schemas.DonorParams),
    "journal": (ask_journal, schemas.JournalReportParams),
    "legislation": (ask_legislation, PendingFilterParams),
    "pledges": (ask_pledges, schemas.PledgesReportParams),
    "summary": (ask_summary, schemas.SummaryParams),
    "timeline": (ask_timeline, schemas.TimelineParams),
}
"""By name: how a report is asked for, and with which parameters."""


def _gathered(
    sight: Sight,
    session: ReadSession,
    name: str,
    snapshot: Snapshot,
    question: object,
    gather: Gather,
) -> AskedReport:
    """A report whose figures are gathered first; ``question`` is all that was asked, read."""

    def make(alive: Alive) -> Book:
        with sight.database.reading() as reading:
            figures, stamp = gather(reading, _pinned(sight, reading, snapshot), alive)
        return REPORTS[name].build(figures, stamp)

    rates = fx.describe_state(session, snapshot)
    depends_on = f"{FORMAT} {snapshot.is_named} {question!r} {rates}"
    return AskedReport(name=name, snapshot=snapshot, depends_on=depends_on, make=make)


def _pinned(sight: Sight, session: ReadSession, snapshot: Snapshot) -> Snapshot:
    """The snapshot as this session sees it: by now it may be one of the past."""
    last = journal.read_snapshot(session, None, now=sight.clock.now()).revision
    return replace(snapshot, is_head=snapshot.revision == last)
