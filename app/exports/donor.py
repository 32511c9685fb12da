"""Gathers the figures of the report on one donor: totals, series, pledges, requests, latest changes."""

from heapq import nlargest
from itertools import islice, starmap
from typing import Final

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.asked import Alive, unheeded
from app.exports.basis import ListedPledges, gather_basis, gather_pledges
from app.exports.legislation import gather_legislation
from app.exports.questions import ReportQuery
from app.exports.stamps import Told, stamp_report
from app.exports.summary import (
    aid_type_stages,
    count_pledges,
    donor_stages,
    read_stages,
)
from app.exports.timeline import read_series
from app.journal import service as journal
from app.journal.domain import Entry, Snapshot
from app.kernel.periods import Grain
from app.legislation.domain import PendingQuery
from app.pledges.domain import Stage
from app.totals.domain import Dimension
from reports.donor_figures import ChangeLine, DonorFigures
from reports.figures import PledgeLine, Stamp
from reports.kit.workbook import instant

LATEST: Final = 200
_CHUNK: Final = 500


def gather_donor(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, alive: Alive = unheeded
) -> tuple[DonorFigures, Stamp]:
    """All that the workbook on one donor shows, as of the snapshot.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as for totals.
    """
    [donor] = query.filters.donors
    name = get_donor(donor).name
    by_donor = read_stages(session, query, snapshot, Dimension.DONOR)
    by_aid_type = read_stages(session, query, snapshot, Dimension.AID_TYPE)
    listed = gather_pledges(session, query, snapshot, alive)
    gathered = gather_basis(session, query, snapshot, alive=alive)
    latest, count = _latest_changes(session, listed, snapshot)
    asked = PendingQuery(on=query.on, donors=(donor,))
    legislation, _ = gather_legislation(session, asked, snapshot)
    figures = DonorFigures(
        name=name,
        totals=donor_stages(by_donor),
        aid_types=aid_type_stages(by_aid_type),
        series=tuple(
            read_series(session, query, snapshot, Stage.COMMITTED, grain)
            for grain in (Grain.MONTH, Grain.YEAR)
        ),
        pledges=listed.lines,
        requests=legislation.requests,
        on=query.on,
        changes=latest,
        all_changes=count,
        basis=gathered.basis,
    )
    pledged = by_donor[Stage.PLEDGED]
    told = Told(
        title=f"Aid to Ukraine: {name}",
        what=f"What {name} promised, how far it has got, and what is known of every pledge.",
        measure="All four stages, each by itself; over time: committed, legally bound",
        gathered=gathered,
        counts=count_pledges(pledged, listed.frames, len(figures.totals), query),
    )
    return figures, stamp_report(told, query, snapshot, pledged)


def _latest_changes(
    session: ReadSession, listed: ListedPledges, snapshot: Snapshot
) -> tuple[tuple[ChangeLine, ...], int]:
    """The latest entries on these pledges, the newest first; and how many there are."""
    latest: list[tuple[Entry, PledgeLine]] = []
    count, named = 0, zip(listed.ids, listed.lines, strict=True)
    while some := dict(islice(named, _CHUNK)):
        entries = journal.list_streams(session, [*some], until=snapshot.revision)
        count += len(entries)
        both = [*latest, *((entry, some[entry.stream_id]) for entry in entries)]
        latest = nlargest(LATEST, both, key=lambda one: one[0].revision)
    return tuple(starmap(_change_line, latest)), count


def _change_line(entry: Entry, line: PledgeLine) -> ChangeLine:
    return ChangeLine(
        revision=entry.revision,
        recorded=instant(entry.recorded_at),
        reference=line.reference,
        title=line.title,
        kind=entry.kind,
        reason=entry.reason,
        fields=tuple(entry.read()["data"].get("changes", ())),
    )
