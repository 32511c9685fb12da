"""Gathers the figures of a report: totals, pledges, pending requests, and the stamp that says what they are."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.words import filter_words
from app.fx import service as fx
from app.fx.domain import RateBook
from app.journal.domain import Snapshot
from app.kernel.clock import Clock
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import UNDATED
from app.kernel.money import to_decimal
from app.kernel.periods import Grain, Period, period_of
from app.legislation import service as legislation
from app.pledges import service as pledges
from app.pledges.domain import (
    NO_DAY,
    Course,
    Instrument,
    Pledge,
    Stage,
    StoredPledge,
    book,
    decimals_of,
)
from app.pledges.domain.query import Filters, Order, SortKey
from app.totals import service as totals
from app.totals.domain import Dimension, ProvisionalRate, Totals, TotalsQuery
from reports import REPORTS
from reports.figures import (
    Counts,
    DonorMonths,
    DonorStages,
    MonthlyCommitments,
    PendingLine,
    PledgeLine,
    Stages,
    Stamp,
    SummaryFigures,
    TreeHead,
)
from reports.kit.workbook import to_bytes

LICENCE: Final = (
    "Figures are facts and free to use; name the source. The software is under Apache-2.0."
)
FX_RULE: Final = (
    "Policy effective: each amount is converted with the euro reference rate of the European Central Bank of its"
    " effective date, or of the last working day before it, and rounded to the cent; totals are sums of these. An"
    " undated amount takes the date of its pledge's announcement; without that it is in no converted figure. Where"
    " the bank publishes none, a rate that was loaded from another source, or set by law, takes its place."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryQuery:
    """What the summary is asked for.

    Attributes:
        currency: EUR or USD.
        filters: which pledges.
        on: the day whose pending requests are shown.
    """

    currency: str
    on: date
    filters: Filters = field(default_factory=Filters)


def gather_summary(
    session: ReadSession, query: SummaryQuery, snapshot: Snapshot, clock: Clock
) -> tuple[SummaryFigures, Stamp]:
    """All that the summary workbook shows, as of the snapshot.

    Raises:
        NoExchangeRateError: an amount cannot be converted; it names the currency and the day.
    """
    by_stage = {
        stage: _totals(session, query, snapshot, stage, (Dimension.DONOR,)) for stage in Stage
    }
    monthly = _totals(session, query, snapshot, Stage.COMMITTED, (Dimension.DONOR, Dimension.MONTH))
    stored = list(
        pledges.iter_pledges(
            session, query.filters, Order(SortKey.REFERENCE, descending=False), snapshot
        )
    )
    figures = SummaryFigures(
        donors=_donor_stages(by_stage),
        monthly=_monthly(monthly, by_stage[Stage.COMMITTED]),
        pledges=_pledge_lines(session, stored, query, snapshot),
        pending=_pending_lines(session, query, snapshot),
        pending_on=query.on,
    )
    stamp = _stamp(query, snapshot, clock, by_stage[Stage.PLEDGED], monthly.provisional, figures)
    return figures, stamp


def build_summary(
    session: ReadSession, query: SummaryQuery, snapshot: Snapshot, clock: Clock
) -> bytes:
    """The summary as the bytes of an Excel workbook.

    Raises:
        NoExchangeRateError: as ``gather_summary``.
        ReportTooLargeError: more rows, or a longer text, than a sheet can hold.
    """
    figures, stamp = gather_summary(session, query, snapshot, clock)
    return to_bytes(REPORTS["summary"].build(figures, stamp))


def _totals(
    session: ReadSession,
    query: SummaryQuery,
    snapshot: Snapshot,
    stage: Stage,
    by: tuple[Dimension, ...],
) -> Totals:
    asked = TotalsQuery(measure=stage, by=by, currency=query.currency, filters=query.filters)
    return totals.read_totals(session, asked, snapshot)


def _decimal(minor: int, currency: str) -> Decimal:
    return to_decimal(minor, decimals_of(currency))


def _donor_stages(by_stage: Mapping[Stage, Totals]) -> tuple[DonorStages, ...]:
    """Donors in the order of what they pledged, the largest first."""
    rows = {stage: {row.key[0]: row for row in answer.rows} for stage, answer in by_stage.items()}
    pledged = sorted(rows[Stage.PLEDGED].values(), key=lambda row: (-row.figures.amount, row.key))
    return tuple(
        DonorStages(
            donor=str(row.key[0]),
            name=get_donor(str(row.key[0])).name,
            stages=Stages(
                *(
                    _decimal(
                        rows[stage][row.key[0]].figures.amount if row.key[0] in rows[stage] else 0,
                        row.currency,
                    )
                    for stage in Stage
                )
            ),
            pledges=row.figures.pledges,
            unvalued=row.figures.unvalued,
            undated=_decimal(row.figures.undated, row.currency),
        )
        for row in pledged
    )


def _monthly(series: Totals, committed: Totals) -> MonthlyCommitments:
    """Every month from the first to the last, and per donor what is in no month."""
    months = _months([str(row.key[1]) for row in series.rows])
    amounts = {(row.key[0], row.key[1]): row.figures.amount for row in series.rows}
    return MonthlyCommitments(
        months=tuple(month.span.first for month in months),
        donors=tuple(
            _donor_months(str(row.key[0]), row.figures.amount, row.currency,
                          [amounts.get((row.key[0], month.label), 0) for month in months])
            for row in sorted(committed.rows, key=lambda row: (-row.figures.amount, row.key))
        ),
    )  # fmt: skip


def _donor_months(donor: str, total: int, currency: str, amounts: Sequence[int]) -> DonorMonths:
    return DonorMonths(
        donor=donor,
        name=get_donor(donor).name,
        amounts=tuple(_decimal(amount, currency) for amount in amounts),
        undated=_decimal(total - sum(amounts), currency),
    )


def _months(labels: Sequence[str]) -> list[Period]:
    if not labels:
        return []
    months = [period_of(Grain.MONTH, date.fromisoformat(f"{min(labels)}-01"))]
    while months[-1].label < max(labels):
        months.append(months[-1].next())
    return months


def _pledge_lines(
    session: ReadSession, stored: Sequence[StoredPledge], query: SummaryQuery, snapshot: Snapshot
) -> tuple[PledgeLine, ...]:
    read = [(one, one.pledge) for one in stored]
    rates = _load_rates(session, [pledge for _, pledge in read], query.currency, snapshot)
    return tuple(_pledge_line(one, pledge, rates, query) for one, pledge in read)


def _load_rates(
    session: ReadSession, read: Sequence[Pledge], currency: str, snapshot: Snapshot
) -> RateBook:
    cells = [cell for pledge in read for (cell, _), effect in book(pledge).items() if effect.amount]
    foreign = [cell for cell in cells if cell.currency != currency and cell.valued_on != NO_DAY]
    if not foreign:
        return RateBook({}, span=UNDATED, ends_on=None)
    days = [cell.valued_on for cell in foreign]
    currencies = {currency, *(cell.currency for cell in foreign)}
    return fx.load_book(session, currencies, min(days), max(days), snapshot)


def _pledge_line(
    stored: StoredPledge, pledge: Pledge, rates: RateBook, query: SummaryQuery
) -> PledgeLine:
    # A frame is in the totals only where a filter asks for frames by name.
    is_frame = pledge.instrument is Instrument.AUTHORITY
    stages, unconverted = _converted_stages(pledge, rates, query.currency)
    return PledgeLine(
        reference=pledge.reference,
        donor=pledge.donor,
        donor_name=get_donor(pledge.donor).name,
        title=pledge.title,
        aid_type=pledge.aid_type,
        instrument=pledge.instrument,
        status=Course(pledge).status,
        bound=pledge.bound,
        amount=None if pledge.amount is None else to_decimal(pledge.amount, pledge.decimals),
        currency=pledge.currency,
        stages=None if pledge.amount is None else stages,
        unconverted=unconverted,
        in_totals=not is_frame or Instrument.AUTHORITY in query.filters.instruments,
        announced=pledge.announced,
        verification=pledge.verification,
        notes=pledge.notes,
        overlaps=pledge.overlaps,
        sources=pledge.sources,
        revision=stored.revision,
        version=pledge.version,
    )


def _converted_stages(
    pledge: Pledge, rates: RateBook, currency: str
) -> tuple[Stages, frozenset[Stage]]:
    """What stands at each stage, each effect of the pledge converted as the totals convert it; and what cannot be."""
    sums = dict.fromkeys(Stage, 0)
    apart = dict.fromkeys(Stage, 0)
    target = CURRENCIES[currency]
    for (cell, _), effect in book(pledge).items():
        if cell.currency != currency and cell.valued_on == NO_DAY:
            apart[Stage(cell.stage)] += effect.amount
        elif effect.amount:
            source = CURRENCIES[cell.currency]
            sums[Stage(cell.stage)] += rates.convert(effect.amount, source, target, cell.valued_on)
    stages = Stages(*(_decimal(sums[stage], currency) for stage in Stage))
    return stages, frozenset(stage for stage in Stage if apart[stage] and not sums[stage])


def _pending_lines(
    session: ReadSession, query: SummaryQuery, snapshot: Snapshot
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
            amount=None
            if line.line.amount is None
            else _decimal(line.line.amount, line.request.currency),
            currency=line.request.currency,
            verification=line.line.verification.value,
            source_url=line.source_url,
        )
        for line in lines
    )


def _tree_head(snapshot: Snapshot) -> TreeHead | None:
    if snapshot.root is None:
        return None
    return TreeHead(size=snapshot.revision, root=b64encode(snapshot.root).decode())


def _apart_notes(pledged: Totals) -> Iterator[str]:
    """What was pledged and has no day to be converted at; of the later stages, no more is without one."""
    for code, minor in sorted(pledged.apart.items()):
        if minor:
            yield (
                f"{code} {_decimal(minor, code)} pledged without any date: no rate applies, so they are in no figure"
                f" in {pledged.query.currency}."
            )


def _stamp(
    query: SummaryQuery,
    snapshot: Snapshot,
    clock: Clock,
    pledged: Totals,
    provisional: Sequence[ProvisionalRate],
    figures: SummaryFigures,
) -> Stamp:
    [grand] = pledged.by_currency.values()
    as_of = (
        f"{snapshot.recorded_at:%Y-%m-%d %H:%M:%S} UTC"
        if snapshot.recorded_at
        else "an empty ledger"
    )
    return Stamp(
        title="Aid to Ukraine: summary of pledges",
        what="Who promised what, how far it has got, and what parliaments still have to decide.",
        filters=filter_words(query.filters),
        as_of=as_of,
        revision=snapshot.revision,
        recorded_at=snapshot.recorded_at,
        checkpoint=_tree_head(snapshot),
        currency=query.currency,
        fx_rule=FX_RULE,
        fx_notes=(
            *(
                f"{rate.currency} of {rate.on}: no rate is published yet, that of {rate.rate_on} stands in."
                for rate in provisional
            ),
            *_apart_notes(pledged),
        ),
        generated_at=None if snapshot.is_named else clock.now(),
        counts=Counts(
            pledges=grand.pledges,
            donors=len(figures.donors),
            unvalued=grand.unvalued,
            undated=_decimal(grand.undated, query.currency),
            frames=sum(1 for line in figures.pledges if not line.in_totals),
        ),
        licence=LICENCE,
        citation=f"Aid Ledger, revision {snapshot.revision}, as of {as_of}.",
    )
