"""Gathers the figures of the summary: totals by donor, by aid type and over time, pledges, pending requests."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.basis import BY_REFERENCE, Valued, gather_basis, value_pledges
from app.exports.pledge_lines import worth_line
from app.exports.questions import ReportQuery
from app.exports.stamps import Told, stamp_report
from app.journal.domain import Snapshot
from app.kernel.clock import Clock
from app.kernel.money import to_decimal
from app.kernel.periods import Grain, parse_label, run
from app.legislation import service as legislation
from app.pledges import service as pledges
from app.pledges.domain import AidType, Instrument, Stage, StoredPledge, decimals_of
from app.totals import service as totals
from app.totals.domain import Dimension, Sum, Totals
from reports import REPORTS
from reports.figures import (
    AidTypeStages,
    Counts,
    DonorMonths,
    DonorStages,
    MonthlyCommitments,
    PendingLine,
    PledgeLine,
    Stages,
    Stamp,
    SummaryFigures,
)
from reports.kit.workbook import to_bytes


def gather_summary(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, clock: Clock
) -> tuple[SummaryFigures, Stamp]:
    """All that the summary workbook shows, as of the snapshot.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as for totals.
    """
    by_donor = read_stages(session, query, snapshot, Dimension.DONOR)
    by_aid_type = read_stages(session, query, snapshot, Dimension.AID_TYPE)
    listed = list(pledges.iter_pledges(session, query.filters, BY_REFERENCE, snapshot))
    figures = SummaryFigures(
        donors=donor_stages(by_donor),
        aid_types=aid_type_stages(by_aid_type),
        monthly=read_months(session, query, snapshot, Stage.COMMITTED),
        pledges=pledge_lines(listed, value_pledges(session, query, snapshot, listed), query),
        pending=_pending_lines(session, query, snapshot),
        pending_on=query.on,
        basis=gather_basis(session, query, snapshot),
    )
    told = Told(
        title="Aid to Ukraine: summary of pledges",
        what="Who promised what, how far it has got, and what parliaments still have to decide.",
        measure="All four stages, each by itself: pledged, committed, allocated, delivered",
        basis=figures.basis,
        counts=count_pledges(by_donor[Stage.PLEDGED], figures.pledges, len(figures.donors), query),
    )
    return figures, stamp_report(told, query, snapshot, clock, by_donor[Stage.PLEDGED])


def build_summary(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, clock: Clock
) -> bytes:
    """The summary as the bytes of an Excel workbook.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as ``gather_summary``.
        ReportTooLargeError: more rows, or a longer text, than a sheet can hold.
    """
    figures, stamp = gather_summary(session, query, snapshot, clock)
    return to_bytes(REPORTS["summary"].build(figures, stamp))


def read_stages(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, by: Dimension
) -> Mapping[Stage, Totals]:
    """The totals of each stage by one dimension."""
    return {
        stage: totals.read_totals(session, query.totals(stage, by), snapshot) for stage in Stage
    }


def read_months(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, measure: Stage
) -> MonthlyCommitments:
    """A stage by month and donor: every month from the first to the last, and per donor what is in no month."""
    asked = query.totals(measure, Dimension.DONOR, Dimension.MONTH)
    series = totals.read_totals(session, asked, snapshot)
    whole = totals.read_totals(session, query.totals(measure, Dimension.DONOR), snapshot)
    months = run({parse_label(Grain.MONTH, str(row.key[1])) for row in series.rows})
    amounts = {(row.key[0], row.key[1]): row.figures.amount for row in series.rows}
    return MonthlyCommitments(
        measure=measure,
        months=tuple(month.span.first for month in months),
        donors=tuple(
            _donor_months(str(row.key[0]), row.figures.amount, row.currency,
                          [amounts.get((row.key[0], month.label), 0) for month in months])
            for row in sorted(whole.rows, key=lambda row: (-row.figures.amount, row.key))
        ),
    )  # fmt: skip


def donor_stages(by_stage: Mapping[Stage, Totals]) -> tuple[DonorStages, ...]:
    """Donors in the order of what they pledged, the largest first."""
    rows = _by_key(by_stage)
    return tuple(
        DonorStages(
            donor=code,
            name=get_donor(code).name,
            stages=_stages(found, by_stage),
            pledges=found[Stage.PLEDGED].pledges,
            unvalued=found[Stage.PLEDGED].unvalued,
            undated=_decimal(found[Stage.PLEDGED].undated, _currency(by_stage)),
        )
        for code, found in sorted(rows.items(), key=lambda one: (-one[1][Stage.PLEDGED].amount, one[0]))
    )  # fmt: skip


def aid_type_stages(by_stage: Mapping[Stage, Totals]) -> tuple[AidTypeStages, ...]:
    """Aid types in their own order."""
    rows = _by_key(by_stage)
    return tuple(
        AidTypeStages(
            aid_type=aid_type,
            stages=_stages(rows[aid_type.value], by_stage),
            pledges=rows[aid_type.value][Stage.PLEDGED].pledges,
            unvalued=rows[aid_type.value][Stage.PLEDGED].unvalued,
            undated=_decimal(rows[aid_type.value][Stage.PLEDGED].undated, _currency(by_stage)),
        )
        for aid_type in AidType
        if aid_type.value in rows
    )


def pledge_lines(
    listed: Sequence[StoredPledge], valued: Mapping[UUID, Valued], query: ReportQuery
) -> tuple[PledgeLine, ...]:
    """Pledges as a workbook lists them."""
    counts_frames = Instrument.AUTHORITY in query.filters.instruments
    worths = ((one, valued[one.pledge.id]) for one in listed)
    return tuple(
        worth_line(one, worth.stages, worth.unconverted, counts_frames=counts_frames)
        for one, worth in worths
    )


def count_pledges(
    pledged: Totals, lines: Sequence[PledgeLine], donors: int, query: ReportQuery
) -> Counts:
    """What stands beside the totals."""
    [grand] = pledged.by_currency.values()
    return Counts(
        pledges=grand.pledges,
        donors=donors,
        unvalued=grand.unvalued,
        undated=_decimal(grand.undated, query.currency),
        frames=sum(1 for line in lines if not line.in_totals),
    )


def _by_key(by_stage: Mapping[Stage, Totals]) -> dict[str, dict[Stage, Sum]]:
    """The rows of all stages by their only key; a stage that a row does not reach is nothing."""
    keys = {str(row.key[0]) for answer in by_stage.values() for row in answer.rows}
    rows: dict[str, dict[Stage, Sum]] = {key: {stage: Sum() for stage in Stage} for key in keys}
    for stage, answer in by_stage.items():
        for row in answer.rows:
            rows[str(row.key[0])][stage] = row.figures
    return rows


def _stages(found: Mapping[Stage, Sum], by_stage: Mapping[Stage, Totals]) -> Stages:
    currency = _currency(by_stage)
    return Stages(*(_decimal(found[stage].amount, currency) for stage in Stage))


def _currency(by_stage: Mapping[Stage, Totals]) -> str:
    return by_stage[Stage.PLEDGED].query.currency


def _decimal(minor: int, currency: str) -> Decimal:
    return to_decimal(minor, decimals_of(currency))


def _donor_months(donor: str, total: int, currency: str, amounts: Sequence[int]) -> DonorMonths:
    return DonorMonths(
        donor=donor,
        name=get_donor(donor).name,
        amounts=tuple(_decimal(amount, currency) for amount in amounts),
        undated=_decimal(total - sum(amounts), currency),
    )


def _pending_lines(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot
) -> tuple[PendingLine, ...]:
    lines = legislation.list_pending_lines(session, query.on, snapshot, donors=query.filters.donors)
    return tuple(
        PendingLine(
            donor=line.request.donor,
            donor_name=get_donor(line.request.donor).name,
            reference=line.request.reference,
            title=line.request.title,
            body=line.body,
            state=line.state.value,
            state_since=line.state_since,
            requested=line.request.requested,
            days_pending=line.days_pending,
            component=line.line.component.value,
            label=line.line.label or line.line.component.value,
            amount_kind=line.line.amount_kind.value,
            beneficiary=line.line.beneficiary.value,
            amount=None if line.pending is None else _decimal(line.pending, line.request.currency),
            currency=line.request.currency,
            verification=line.line.verification.value,
            source_url=line.source_url,
        )
        for line in lines
    )
