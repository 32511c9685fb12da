"""Gathers the figures of the summary: totals by donor, by aid type and over time, pledges, pending requests."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.asked import Alive, unheeded
from app.exports.basis import gather_basis, gather_pledges
from app.exports.questions import ReportQuery
from app.exports.stamps import Told, stamp_report
from app.journal.domain import Snapshot
from app.kernel.money import to_decimal
from app.kernel.periods import Grain, parse_label, run
from app.legislation import service as legislation
from app.pledges.domain import AidType, Stage, decimals_of
from app.totals import service as totals
from app.totals.domain import Dimension, Sum, Totals
from reports.figures import (
    AidTypeStages,
    Counts,
    DonorMonths,
    DonorStages,
    MonthlyCommitments,
    PendingLine,
    Stages,
    Stamp,
    SummaryFigures,
)


def gather_summary(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, alive: Alive = unheeded
) -> tuple[SummaryFigures, Stamp]:
    """All that the summary workbook shows, as of the snapshot.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as for totals.
    """
    by_donor = read_stages(session, query, snapshot, Dimension.DONOR)
    by_aid_type = read_stages(session, query, snapshot, Dimension.AID_TYPE)
    listed = gather_pledges(session, query, snapshot, alive)
    gathered = gather_basis(session, query, snapshot, alive=alive)
    figures = SummaryFigures(
        donors=donor_stages(by_donor),
        aid_types=aid_type_stages(by_aid_type),
        monthly=read_months(session, query, snapshot, Stage.COMMITTED),
        pledges=listed.lines,
        pending=_pending_lines(session, query, snapshot),
        pending_on=query.on,
        basis=gathered.basis,
    )
    told = Told(
        title="Aid to Ukraine: summary of pledges",
        what="Who promised what, how far it has got, and what parliaments still have to decide.",
        measure="All four stages, each by itself: pledged, committed, allocated, delivered",
        gathered=gathered,
        counts=count_pledges(by_donor[Stage.PLEDGED], listed.frames, len(figures.donors), query),
    )
    return figures, stamp_report(told, query, snapshot, by_donor[Stage.PLEDGED])


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


def count_pledges(pledged: Totals, frames: int, donors: int, query: ReportQuery) -> Counts:
    """What stands beside the totals."""
    [grand] = pledged.by_currency.values()
    return Counts(
        pledges=grand.pledges,
        donors=donors,
        unvalued=grand.unvalued,
        undated=_decimal(grand.undated, query.currency),
        frames=frames,
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
