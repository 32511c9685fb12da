"""Gathers the figures of the timeline: one stage by month, quarter and year, in each period and running."""

from decimal import Decimal

from app.db import ReadSession
from app.exports.asked import Alive, unheeded
from app.exports.basis import gather_basis
from app.exports.questions import ReportQuery
from app.exports.stamps import DEFINITIONS, Told, stamp_report
from app.exports.summary import read_months
from app.journal.domain import Snapshot
from app.kernel.money import to_decimal
from app.kernel.periods import Grain, Period, parse_label, run
from app.pledges.domain import Stage, decimals_of
from app.totals import service as totals
from app.totals.domain import Dimension, Totals
from reports.figures import Counts, Stamp
from reports.kit.text import words
from reports.series_figures import PeriodTotals, SeriesTotals, TimelineFigures


def gather_timeline(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, alive: Alive = unheeded
) -> tuple[TimelineFigures, Stamp]:
    """All that the timeline workbook shows, as of the snapshot.

    Raises:
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as for totals.
    """
    measure = query.measure
    gathered = gather_basis(session, query, snapshot, [measure], alive)
    whole = totals.read_totals(session, query.totals(measure, Dimension.DONOR), snapshot)
    figures = TimelineFigures(
        measure=measure,
        series=tuple(read_series(session, query, snapshot, measure, grain) for grain in Grain),
        monthly=read_months(session, query, snapshot, measure),
        basis=gathered.basis,
    )
    told = Told(
        title=f"Aid to Ukraine: {measure.value} over time",
        what=f"{words(measure.value)} amounts by month, quarter and year, in each period and running.",
        measure=DEFINITIONS[measure],
        gathered=gathered,
        counts=_counts(whole, query.currency),
    )
    return figures, stamp_report(told, query, snapshot, whole)


def read_series(
    session: ReadSession, query: ReportQuery, snapshot: Snapshot, measure: Stage, grain: Grain
) -> SeriesTotals:
    """A measure by one length of period: every period from the first to the last that anything is in."""
    asked = query.totals(measure, Dimension(grain.value))
    flows = totals.read_totals(session, asked, snapshot)
    running = totals.read_totals(session, query.running(measure, grain), snapshot)
    in_each, until = _by_period(flows, grain), _by_period(running, grain)
    periods = run(in_each.keys() | until.keys())
    decimals = decimals_of(query.currency)
    reached, rows = 0, []
    for period in periods:
        # Before its first period a running total is nothing, and behind its last one it stays what it was.
        reached = until.get(period, reached)
        rows.append(
            PeriodTotals(
                period=period,
                flow=to_decimal(in_each.get(period, 0), decimals),
                running=to_decimal(reached, decimals),
            )
        )
    [grand] = flows.by_currency.values()
    undated = to_decimal(grand.amount, decimals) - sum((row.flow for row in rows), Decimal(0))
    return SeriesTotals(grain=grain, periods=tuple(rows), undated=undated)


def _by_period(series: Totals, grain: Grain) -> dict[Period, int]:
    return {parse_label(grain, str(row.key[0])): row.figures.amount for row in series.rows}


def _counts(whole: Totals, currency: str) -> Counts:
    [grand] = whole.by_currency.values()
    return Counts(
        pledges=grand.pledges,
        donors=len(whole.rows),
        unvalued=grand.unvalued,
        undated=to_decimal(grand.undated, decimals_of(currency)),
        frames=None,
    )
