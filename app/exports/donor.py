"""Gathers the figures of the report on one donor: totals, series, pledges, requests, latest changes."""

from collections.abc import Sequence
from typing import Final

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.basis import BY_REFERENCE, gather_basis, value_pledges
from app.exports.legislation import gather_legislation
from app.exports.questions import ReportQuery
from app.exports.stamps import Told, stamp_report
from app.exports.summary import (
    aid_type_stages,
    count_pledges,
    donor_stages,
    pledge_lines,
    read_stages,
)
from app.exports.timeline import read_series
from app.journal import service as journal
from app.journal.domain import Entry, Snapshot
from app.kernel.clock import Clock
from app.kernel.periods import Grain
from app.legislation.domain import PendingQuery
from app.pledges import service as pledges
from app.pledges.domain import Stage, StoredPledge
from app.totals.domain import Dimension
from reports import REPORTS
from reports.donor_figures import ChangeLine, DonorFigures
from reports.figures import Stamp
from reports.kit.workbook import instant, to_bytes

LATEST: Final = 200


def gather_donor(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, clock: Clock
) -> tuple[DonorFigures, Stamp]:
    """All that the workbook on one donor shows, as of the snapshot.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as for totals.
    """
    [donor] = query.filters.donors
    name = get_donor(donor).name
    by_donor = read_stages(session, query, snapshot, Dimension.DONOR)
    by_aid_type = read_stages(session, query, snapshot, Dimension.AID_TYPE)
    listed = list(pledges.iter_pledges(session, query.filters, BY_REFERENCE, snapshot))
    entries = _list_entries(session, listed, snapshot)
    asked = PendingQuery(on=query.on, donors=(donor,))
    legislation, _ = gather_legislation(session, asked, snapshot, clock)
    lines = pledge_lines(listed, value_pledges(session, query, snapshot, listed), query)
    figures = DonorFigures(
        name=name,
        totals=donor_stages(by_donor),
        aid_types=aid_type_stages(by_aid_type),
        series=tuple(
            read_series(session, query, snapshot, grain) for grain in (Grain.MONTH, Grain.YEAR)
        ),
        pledges=lines,
        requests=legislation.requests,
        on=query.on,
        changes=tuple(_change_lines(entries[-LATEST:], listed)),
        all_changes=len(entries),
        basis=gather_basis(session, query, snapshot),
    )
    pledged = by_donor[Stage.PLEDGED]
    told = Told(
        title=f"Aid to Ukraine: {name}",
        what=f"What {name} promised, how far it has got, and what is known of every pledge.",
        measure="All four stages, each by itself; over time: committed, legally bound",
        basis=figures.basis,
        counts=count_pledges(pledged, lines, len(figures.totals), query),
    )
    return figures, stamp_report(told, query, snapshot, clock, pledged)


def build_donor(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, clock: Clock
) -> bytes:
    """The workbook on one donor as the bytes of an Excel workbook.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as ``gather_donor``.
        ReportTooLargeError: more rows, or a longer text, than a sheet can hold.
    """
    figures, stamp = gather_donor(session, query, snapshot, clock)
    return to_bytes(REPORTS["donor"].build(figures, stamp))


def _list_entries(
    session: ReadSession, listed: Sequence[StoredPledge], snapshot: Snapshot
) -> list[Entry]:
    """All entries of these pledges, in commit order."""
    streams = [one.pledge.id for one in listed]
    return journal.list_streams(session, streams, until=snapshot.revision)


def _change_lines(entries: Sequence[Entry], listed: Sequence[StoredPledge]) -> list[ChangeLine]:
    """The newest first."""
    by_id = {one.pledge.id: one.pledge for one in listed}
    return [
        ChangeLine(
            revision=entry.revision,
            recorded=instant(entry.recorded_at),
            reference=by_id[entry.stream_id].reference,
            title=by_id[entry.stream_id].title,
            kind=entry.kind,
            reason=entry.reason,
            fields=tuple(entry.read()["data"].get("changes", ())),
        )
        for entry in reversed(entries)
    ]
